//! Codecs: the parts of one written operation, and the types of a model.
//!
//! A written operation is a name, perhaps a key, and data for what was asked and answered. Each
//! model has a file here; what they share is apart: the names of operations ([`names`]), values
//! ([`value`]), and what is answered ([`answer`]).

mod answer;
mod any;
mod bank;
mod cas_register;
mod counter;
mod keyed;
mod kv;
mod mutex;
mod names;
mod one_key;
mod queue;
mod register;
mod set;
mod stack;
mod value;
mod versioned;
mod words;

#[cfg(test)]
mod tests;

pub(super) use names::is_read;
pub(super) use one_key::OneKey;
pub(super) use value::text;

use super::datum::Datum;
use crate::consistency::Consistency;
use crate::model::{Model, OperationOf};
use crate::text::Text;

/// One operation as written, without client and times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The name of the operation.
    pub op: Text,
    /// The key, if one was written.
    pub key: Option<Text>,
    /// What was asked; null if nothing was written.
    pub input: Datum,
    /// What was answered; `None` if the outcome is unknown. Formats that tell no more than
    /// that an operation succeeded, and with what value, answer `{"value":...}` for a `get` or
    /// `read`, and `{"ok":true,"value":...}` for everything else. A read of which nobody knows
    /// what it saw is `{"unseen":true}`, with the `value` beside it of which only part is known.
    pub output: Option<Datum>,
}

/// A model whose operations can be written and read.
///
/// ```
/// use knossos::format::{Codec, Line};
/// use knossos::models::kv::{Input, KeyValue, Op};
/// use serde_json::json;
///
/// let line =
///     Line { op: "put".into(), key: Some("a".into()), input: json!(7).into(), output: None };
/// let (input, output) = KeyValue.parse(&line).unwrap();
/// assert_eq!(input, Input { key: "a".into(), op: Op::Put("7".into()) });
/// assert_eq!(output, None);
/// ```
pub trait Codec: Model {
    /// Reads an operation. The same `line` with and without `output` has the same input.
    ///
    /// # Errors
    ///
    /// What is wrong with it and what would be right, as the rest of a sentence that began
    /// with the line number.
    fn parse(&self, line: &Line) -> Result<(Self::Input, Option<Self::Output>), String>;

    /// Writes an operation.
    fn render(&self, input: &Self::Input, output: Option<&Self::Output>) -> Line;

    /// Whether operations with different keys may occur in one history. If not, the reader
    /// refuses such a history: its keys would be taken for one object.
    fn is_keyed(&self) -> bool;

    /// Whether the value of an event that has no key of its own is `[key value]`.
    fn has_pairs(&self) -> bool {
        self.is_keyed()
    }

    /// Whether a `get` or `read` that answers this answers nil, with whatever else it tells: a
    /// versioned register answers `[version nil]`.
    fn is_nil(&self, seen: &Datum) -> bool {
        seen.is_null()
    }

    /// Whether the model has an operation of this name, whatever else is written.
    ///
    /// # Errors
    ///
    /// That it has not, and which model has. The default refuses nothing.
    fn knows(&self, op: &str) -> Result<(), String> {
        let _ = op;
        Ok(())
    }

    /// Reads what the object holds at first.
    ///
    /// # Errors
    ///
    /// What is wrong with it and what would be right.
    fn parse_state(&self, state: &Datum) -> Result<Self::State, String>;

    /// Writes what the object holds at first; `None` if that has no words.
    fn render_state(&self, state: &Self::State) -> Option<Datum>;

    /// Takes note of the history that is told of: where all operations have one key, it need not
    /// be told.
    fn describe_history(&mut self, history: &[OperationOf<Self>])
    where
        Self: Sized,
    {
        let _ = history;
    }

    /// Whether the operation stands for several, which [`Codec::expand`] takes apart: a `drain`
    /// of a queue.
    fn is_compound(&self, input: &Self::Input) -> bool {
        let _ = input;
        false
    }

    /// A history of one object, with each compound operation taken apart as far as a check of this
    /// level needs it.
    fn expand(&self, history: Vec<OperationOf<Self>>, level: Consistency) -> Vec<OperationOf<Self>>
    where
        Self: Sized,
    {
        let _ = level;
        history
    }
}
