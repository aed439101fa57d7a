//! Data as history files hold it: what JSON and EDN have in common.
//!
//! Texts are shared: a reader hands out one [`Text`] for all equal strings of a file, so that
//! the keys and values of a long history are in memory once.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::texts::Texts;
use crate::text::Text;

/// One piece of data.
///
/// ```
/// use knossos::format::Datum;
/// use serde_json::json;
///
/// let answer = Datum::from(json!({ "value": [1, "a"] }));
/// assert_eq!(answer.to_string(), r#"{"value":[1,"a"]}"#);
/// assert_eq!(answer.get("value").map(Datum::to_json), Some(json!([1, "a"])));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Datum {
    /// Nothing: `null`, `nil`.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string. EDN keywords keep their colon.
    Text(Text),
    /// Some data in order.
    List(Vec<Datum>),
    /// Names and their data, in the order of the file. Where a name comes twice, the later
    /// counts.
    Map(Vec<(Text, Datum)>),
}

impl Datum {
    /// What a map has under `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Datum> {
        let Datum::Map(entries) = self else {
            return None;
        };
        let named = |(key, _): &&(Text, Datum)| &**key == name;
        entries.iter().rev().find(named).map(|(_, value)| value)
    }

    /// The same as JSON, for models that read their operations with serde.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Datum::Null => Value::Null,
            Datum::Bool(value) => Value::Bool(*value),
            Datum::Number(value) => Value::Number(value.clone()),
            Datum::Text(value) => Value::String(value.to_string()),
            Datum::List(values) => values.iter().map(Datum::to_json).collect(),
            Datum::Map(entries) => entries
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_json()))
                .collect(),
        }
    }

    /// Reads JSON.
    ///
    /// ```
    /// use knossos::format::Datum;
    ///
    /// assert_eq!(Datum::from_json("[1, null]").unwrap().to_string(), "[1,null]");
    /// assert!(Datum::from_json("[1").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn from_json(text: &str) -> Result<Datum, String> {
        let mut texts = Texts::default();
        let mut reader = serde_json::Deserializer::from_str(text);
        let datum = DatumSeed(&mut texts).deserialize(&mut reader);
        let datum = datum.and_then(|datum| reader.end().map(|()| datum));
        datum.map_err(|error| error.to_string())
    }

    /// A name that comes twice in a map, or in one inside.
    #[must_use]
    pub fn repeated_name(&self) -> Option<&str> {
        match self {
            Datum::List(values) => values.iter().find_map(Datum::repeated_name),
            Datum::Map(entries) => {
                let mut seen = BTreeSet::new();
                let repeated = entries.iter().map(|(name, _)| &**name);
                let mut repeated = repeated.filter(|name| !seen.insert(*name));
                let inside = || entries.iter().find_map(|(_, value)| value.repeated_name());
                repeated.next().or_else(inside)
            }
            _ => None,
        }
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_null(&self) -> bool {
        *self == Datum::Null
    }

    /// True or false, if it is one of them.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Datum::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A map of one name.
    pub(crate) fn entry(name: &str, value: impl Into<Datum>) -> Datum {
        Datum::Map(vec![(name.into(), value.into())])
    }
}

impl From<Value> for Datum {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Datum::Null,
            Value::Bool(value) => Datum::Bool(value),
            Value::Number(value) => Datum::Number(value),
            Value::String(value) => Datum::Text(value.into()),
            Value::Array(values) => Datum::List(values.into_iter().map(Datum::from).collect()),
            Value::Object(entries) => Datum::Map(
                entries
                    .into_iter()
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            ),
        }
    }
}

impl From<bool> for Datum {
    fn from(value: bool) -> Self {
        Datum::Bool(value)
    }
}

impl From<&Text> for Datum {
    fn from(value: &Text) -> Self {
        Datum::Text(value.clone())
    }
}

impl From<&Option<Text>> for Datum {
    fn from(value: &Option<Text>) -> Self {
        value.as_ref().map_or(Datum::Null, Datum::from)
    }
}

/// JSON in one line.
impl fmt::Display for Datum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&json)
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Datum::Null => serializer.serialize_unit(),
            Datum::Bool(value) => serializer.serialize_bool(*value),
            Datum::Number(value) => value.serialize(serializer),
            Datum::Text(value) => serializer.serialize_str(value),
            Datum::List(values) => serializer.collect_seq(values),
            Datum::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// Reads a datum; equal texts become one.
pub(super) struct DatumSeed<'texts>(pub(super) &'texts mut Texts);

impl<'de> DeserializeSeed<'de> for DatumSeed<'_> {
    type Value = Datum;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Datum, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DatumSeed<'_> {
    type Value = Datum;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any data")
    }

    fn visit_unit<E: Error>(self) -> Result<Datum, E> {
        Ok(Datum::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Datum, E> {
        Ok(Datum::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Datum, E> {
        Ok(Datum::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Datum, E> {
        Ok(Datum::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Datum, E> {
        let number = Number::from_f64(value);
        number
            .map(Datum::Number)
            .ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Datum, E> {
        Ok(Datum::Text(self.0.share(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Datum, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(DatumSeed(self.0))? {
            list.push(value);
        }
        Ok(Datum::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Datum, A::Error> {
        let mut map = Vec::new();
        while let Some(name) = entries.next_key_seed(TextSeed(self.0))? {
            let value = entries.next_value_seed(DatumSeed(self.0))?;
            map.push((name, value));
        }
        Ok(Datum::Map(map))
    }
}

/// Reads a name; equal names become one.
struct TextSeed<'texts>(&'texts mut Texts);

impl<'de> DeserializeSeed<'de> for TextSeed<'_> {
    type Value = Text;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for TextSeed<'_> {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Text, E> {
        Ok(self.0.share(value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Datum, serde_json::Error> {
        let mut texts = Texts::default();
        DatumSeed(&mut texts).deserialize(&mut serde_json::Deserializer::from_str(text))
    }

    #[test]
    fn data_are_read_as_serde_json_reads_them_and_written_back() {
        for json in [
            json!(null),
            json!([true, -1, u64::MAX, 1.5, "a\n\"é"]),
            json!({ "a": { "b": [] }, "c": {} }),
        ] {
            let text = json.to_string();
            let datum = read(&text).unwrap();
            assert_eq!(datum, Datum::from(json.clone()));
            assert_eq!(datum.to_json(), json);
            assert_eq!(read(&datum.to_string()).unwrap(), datum);
        }
    }

    #[test]
    fn of_a_name_that_comes_twice_the_later_counts() {
        let datum = read(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(datum.get("a"), Some(&Datum::Number(2.into())));
        assert_eq!(datum.to_json(), json!({ "a": 2 }));
        assert_eq!(datum.repeated_name(), Some("a"));
        let inside = Datum::from_json(r#"{"a":1,"b":[{"c":1,"c":2}]}"#).unwrap();
        assert_eq!(inside.repeated_name(), Some("c"));
        let once = Datum::from_json(r#"{"a":1,"b":[{"a":1,"c":2}]}"#).unwrap();
        assert_eq!(once.repeated_name(), None);
    }

    #[test]
    fn data_nested_too_deeply_are_refused() {
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
