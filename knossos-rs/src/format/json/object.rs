//! The fields of one object of JSON.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::format::datum::{Datum, DatumSeed};
use crate::format::kind::Format;
use crate::format::texts::Texts;

/// The fields of an object that have these names, in their order; or how many lines further the
/// mistake is, and the mistake.
pub(in crate::format) fn known_fields<const N: usize>(
    object: &str,
    names: &'static [&'static str; N],
    expected: &'static str,
    texts: &mut Texts,
) -> Result<[Option<Datum>; N], (usize, String)> {
    let mut json = serde_json::Deserializer::from_str(object);
    let fields = FieldsSeed {
        names,
        expected,
        texts,
    };
    let fields = fields.deserialize(&mut json);
    fields
        .and_then(|fields| json.end().map(|()| fields))
        .map_err(|error| mistake(&error, expected))
}

/// How many lines further a mistake is, and what is said of it.
pub(in crate::format) fn mistake(error: &serde_json::Error, expected: &str) -> (usize, String) {
    if error.is_eof() {
        let problem =
            "the line ends in the middle of an operation; the file seems to be cut off".to_owned();
        return (0, problem);
    }
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or(&words);
    let problem = format!(
        "not an operation: {words} in column {}; one is a JSON object such as {expected}",
        error.column()
    );
    (error.line().saturating_sub(1), problem)
}

/// Which format an object belongs to, if its fields tell.
pub(in crate::format) fn format_of(object: &str) -> Option<Format> {
    let mut json = serde_json::Deserializer::from_str(object);
    // What was found before a mistake counts: the object may be cut off.
    let mut names = Names::default();
    let _ = NamesSeed(&mut names).deserialize(&mut json);
    if names.is_list || (names.has_type && names.has_f) {
        return Some(Format::JsonEvents);
    }
    if names.has_client_id && names.has_input {
        return Some(Format::EtcdOperations);
    }
    if names.is_operation {
        return Some(Format::JsonLines);
    }
    None
}

/// Which names an object has.
#[derive(Default)]
struct Names {
    is_list: bool,
    has_type: bool,
    has_f: bool,
    has_client_id: bool,
    has_input: bool,
    is_operation: bool,
}

struct NamesSeed<'names>(&'names mut Names);

impl<'de> DeserializeSeed<'de> for NamesSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NamesSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an operation")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        self.0.is_list = true;
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(name) = entries.next_key::<String>()? {
            match &*name {
                "type" => self.0.has_type = true,
                "f" | "process" => self.0.has_f = true,
                "ClientId" => self.0.has_client_id = true,
                "Input" => self.0.has_input = true,
                "op" | "call" | "ret" | "client" => self.0.is_operation = true,
                _ => {}
            }
            entries.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Reads the fields of an object.
struct FieldsSeed<'texts, const N: usize> {
    names: &'static [&'static str; N],
    expected: &'static str,
    texts: &'texts mut Texts,
}

impl<'de, const N: usize> DeserializeSeed<'de> for FieldsSeed<'_, N> {
    type Value = [Option<Datum>; N];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for FieldsSeed<'_, N> {
    type Value = [Option<Datum>; N];

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an operation, which is {}", self.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut fields = [const { None }; N];
        while let Some(place) = entries.next_key_seed(PlaceSeed(self.names))? {
            let Some(place) = place else {
                entries.next_value::<IgnoredAny>()?;
                continue;
            };
            if fields[place].is_some() {
                return Err(A::Error::duplicate_field(self.names[place]));
            }
            fields[place] = Some(entries.next_value_seed(DatumSeed(self.texts))?);
        }
        Ok(fields)
    }
}

/// Reads the place of a name among those known; none for another name.
struct PlaceSeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for PlaceSeed {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for PlaceSeed {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == name))
    }
}
