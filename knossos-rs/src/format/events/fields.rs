//! The fields of an event as they come, and what they say.

use super::evaluated::Evaluated;
use super::key_and_value::split;
use super::process::Process;
use super::{Event, Kind};
use crate::format::codec::{Codec, text};
use crate::format::datum::Datum;
use crate::text::Text;

/// The names of the fields that are used; all others are skipped.
pub(in crate::format) const FIELDS: [&str; 9] = [
    "type", "process", "f", "value", "time", "error", "key", "client", "out",
];

/// The fields of an event, in the order of [`FIELDS`]; `None` where one is missing.
#[derive(Debug, Default, PartialEq)]
pub(in crate::format) struct Fields(pub(in crate::format) [Option<Datum>; FIELDS.len()]);

impl Fields {
    /// The place of the field of this name, if it is used.
    pub(in crate::format) fn place(name: &str) -> Option<usize> {
        // By far the most fields of a file are told by their first letters.
        Some(match name {
            "type" => 0,
            "process" => 1,
            "f" => 2,
            "value" => 3,
            "time" => 4,
            "error" => 5,
            "key" => 6,
            "client" => 7,
            "out" => 8,
            _ => return None,
        })
    }

    /// The fields of an event that is written as a list: process, type, name, value, error.
    pub(in crate::format) fn of_list(values: impl IntoIterator<Item = Datum>) -> Fields {
        let mut values = values.into_iter();
        let mut next = || values.next();
        let (process, kind, op) = (next(), next(), next());
        let (value, error) = (next(), next());
        Fields([kind, process, op, value, None, error, None, None, None])
    }

    /// Whether this looks like an event at all.
    pub(in crate::format) fn is_event(&self) -> bool {
        let [kind, process, op, ..] = &self.0;
        let is_kind =
            |kind: &Datum| matches!(kind, Datum::Text(name) if Kind::named(name).is_some());
        kind.as_ref().is_some_and(is_kind) && (process.is_some() || op.is_some())
    }

    /// Whether this is the event of a client.
    pub(in crate::format) fn is_of_client(&self) -> bool {
        let process = Process::of(self.0[1].clone());
        self.is_event() && !matches!(process, Process::Nemesis(_))
    }

    /// Whether the key is a field of its own.
    pub(in crate::format) fn has_key(&self) -> bool {
        self.0[6].is_some()
    }

    /// Whether the event says that nobody knows how something ended.
    pub(super) fn is_info(&self) -> bool {
        let kind = self.0[0].as_ref();
        matches!(kind, Some(Datum::Text(name)) if Kind::named(name) == Some(Kind::Info))
    }

    pub(super) fn take_process(&mut self) -> Option<Datum> {
        self.0[1].take()
    }

    /// The event on line `line`.
    pub(super) fn event<C: Codec>(self, line: usize, codec: &C) -> Result<Event, String> {
        let [kind, _, op, value, time, error, key, client, output] = self.0;
        let named = match &kind {
            Some(Datum::Text(name)) => Kind::named(name),
            _ => None,
        };
        let kind = named.ok_or_else(|| {
            let found = in_words(kind.as_ref());
            format!("`:type` is {found}; it must be :invoke, :ok, :fail or :info")
        })?;
        let op = operation(op)?;
        let value = value.unwrap_or_default();
        let error = error.unwrap_or_default();
        let (evaluated, is_bare) = match kind {
            Kind::Fail => (
                Evaluated::by_error(&error).or_else(|| Evaluated::by_value(&value)),
                error.is_null() && matches!(value, Datum::List(_)),
            ),
            _ => (None, false),
        };
        let (key, value) = match (kind, key) {
            // Nothing more is asked of an operation that did not happen, or perhaps.
            (Kind::Fail | Kind::Info, _) => (None, Datum::Null),
            (_, Some(key)) => (Some(text(&key, ":key")?), value),
            (_, None) => split(codec, &op, value)?,
        };
        Ok(Event {
            line,
            kind,
            client: natural(client, "client")?,
            op,
            key,
            value,
            output,
            time: natural(time.filter(|time| !is_no_time(time)), "time")?,
            evaluated,
            is_bare,
        })
    }

    /// Name, value and time of an event of somebody else, which is not worth an error.
    pub(super) fn deed(self) -> Option<(String, Datum, Option<u64>)> {
        let [_, _, op, value, time, ..] = self.0;
        let time = natural(time.filter(|time| !is_no_time(time)), "time");
        let op = operation(op).ok()?.to_string();
        Some((op, value.unwrap_or_default(), time.ok().flatten()))
    }
}

/// `-1` says that the time is not known.
fn is_no_time(time: &Datum) -> bool {
    matches!(time, Datum::Number(number) if number.as_i64() == Some(-1))
}

/// The name of an operation, as a keyword or as a string.
fn operation(op: Option<Datum>) -> Result<Text, String> {
    match op {
        Some(Datum::Text(name)) if !matches!(&*name, "" | ":") => Ok(name
            .strip_prefix(':')
            .map_or_else(|| name.clone(), Text::from)),
        other => Err(format!(
            "`:f` is {}; it must be the name of the operation, as :read",
            in_words(other.as_ref())
        )),
    }
}

/// An integer from 0 on, where there is one.
fn natural(found: Option<Datum>, field: &str) -> Result<Option<u64>, String> {
    match found {
        None | Some(Datum::Null) => Ok(None),
        Some(Datum::Number(number)) if number.is_u64() => Ok(number.as_u64()),
        Some(other) => Err(format!(
            "`:{field}` is {other}; it must be an integer from 0 to {}",
            u64::MAX
        )),
    }
}

fn in_words(found: Option<&Datum>) -> String {
    match found {
        None => "missing".to_owned(),
        Some(Datum::Text(name)) if name.starts_with(':') => name.to_string(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_its_place() {
        for (place, name) in FIELDS.iter().enumerate() {
            assert_eq!(Fields::place(name), Some(place));
        }
        assert_eq!(Fields::place("index"), None);
    }
}
