//! Histories in EDN: those of Jepsen, and the text logs of key-value stores.
//!
//! ```text
//! {:type :invoke, :f :write, :value 3, :process 0, :time 10, :index 0}
//! {:type :ok, :f :write, :value 3, :process 0, :time 25, :index 1}
//! ```
//!
//! The events of a Jepsen history, as in its `history.edn`: one map per line, or all maps within
//! one vector, tagged or not; or vectors of process, type, name and value. `:ok` happened; `:fail`
//! did not, and is left out; after `:info`, or without an end, the outcome is unknown. A failure
//! counts as evaluated only if it says so: a `cas` with `:error :did-not-match` (as
//! [`write`](fn@write) says it) or `:precondition-failed` found another value, a `read` with
//! `:key-does-not-exist` read nothing.
//!
//! A process is a client, whether it is a number or a name, unless it is the nemesis: `:nemesis`,
//! or who has events of `:info` alone. From an event of the nemesis that starts something to one
//! that stops it is a [fault](super::Contents::faults). Events without a `:process` are paired
//! where only one operation of their name is open. Where the first event has no `:time` (or -1),
//! an event's time is its number times ten.
//!
//! `:ok :read nil` says that nothing was read: the register or the key is empty. Knossos takes it
//! for a read of which nobody knows what it saw.
//!
//! With a model of many keys, `:value` is `[key value]`, as in Jepsen's independent histories,
//! unless the event has a `:key`. Key-value logs are told by that `:key`:
//!
//! ```text
//! {:process 1, :type :invoke, :f :append, :key "5", :value "x 1 0 y"}
//! ```
//!
//! In them no key is ever absent: each begins with `""`.

mod escapes;
mod event;
mod notation;
mod number;
mod write;

#[cfg(test)]
mod tests;

use std::io::BufRead;

use super::ReadError;
use super::codec::Codec;
use super::contents::Contents;
use super::datum::Datum;
use super::events::Pairing;
use super::kind::Format;
use super::options::ReadOptions;
use super::source::{Forms, Notation};
use super::texts::Texts;

pub(super) use event::fields;
pub(super) use notation::Cursor;
pub use write::write;

use event::EXAMPLE;

impl Datum {
    /// Reads one value in EDN, as histories have it: a set is a list, and of a keyword that
    /// names an entry of a map, the name counts.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    ///
    /// ```
    /// use knossos::format::Datum;
    ///
    /// let read = |text| Datum::from_edn(text).map(|value| value.to_string());
    /// assert_eq!(read("#{1 2}"), Ok("[1,2]".to_owned()));
    /// assert_eq!(read("{:a nil}"), Ok(r#"{"a":null}"#.to_owned()));
    /// assert_eq!(read("[1 2"), Err("something is not closed".to_owned()));
    /// assert_eq!(read("[1] 2"), Err("\"2\" follows the value".to_owned()));
    /// ```
    pub fn from_edn(text: &str) -> Result<Datum, String> {
        let mut cursor = Cursor::new(text);
        let value = cursor.value(&mut Texts::default());
        let rest = value.and_then(|value| {
            cursor.next_byte()?;
            Ok((value, cursor.rest()))
        });
        match rest {
            Ok((value, "")) => Ok(value),
            Ok((_, rest)) => Err(format!("{rest:?} follows the value")),
            Err(problem) => Err(problem
                .trim_start_matches("not EDN: ")
                .replace("something in the event", "something")),
        }
    }
}

/// Reads a history of events in EDN.
pub(super) fn read<C: Codec>(
    codec: &C,
    reader: impl BufRead,
    options: &ReadOptions,
    format: Format,
) -> Result<Contents<C>, ReadError> {
    let mut forms = Forms::new(reader, Notation::Edn, EXAMPLE);
    let mut pairing = Pairing::new(codec, options, format);
    let mut texts = Texts::default();
    while let Some((begin, form)) = forms.next()? {
        if form.starts_with("#_") {
            continue;
        }
        let taken = match fields(form, &mut texts) {
            Ok(fields) => pairing.take(fields, begin),
            Err((rest, problem)) => {
                let read = &form.as_bytes()[..form.len() - rest];
                let line = begin + memchr::memchr_iter(b'\n', read).count();
                return Err(ReadError::at(line, problem));
            }
        };
        taken.map_err(|problem| ReadError::at(begin, problem))?;
    }
    Ok(pairing.finish())
}
