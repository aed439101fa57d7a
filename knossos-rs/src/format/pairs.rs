//! Events whose value is `[key value]`: told from others.
//!
//! Jepsen's independent tests keep many objects of one kind, and write each value as a pair of
//! key and value. A vector of two may as well be a value of one object. What no model answers
//! before it is asked tells which: a read, a dequeue or an acquire is invoked with `nil` on one
//! object, and with `[key nil]` on one of many.

use std::cell::Cell;
use std::io::BufRead;

use super::codec::{Codec, Line};
use super::datum::Datum;
use super::kind::Format;
use super::options::ReadOptions;
use super::whole_file::read_with;
use crate::model::Model;

/// Whether the values of a history of events are pairs of key and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// They are.
    Yes,
    /// They are not, or the format has keys of its own.
    No,
    /// All of them may be, and nothing tells.
    Unclear,
}

impl Pairs {
    /// Looks at a history, no further than to the first event that tells.
    ///
    /// ```
    /// use knossos::format::{Pairs, ReadOptions};
    ///
    /// let of = |text: &str| Pairs::of(text.as_bytes(), &ReadOptions::default());
    /// let write = "{:type :invoke, :f :write, :value [1 3], :process 0}\n";
    /// assert_eq!(of(write), Pairs::Unclear);
    /// let read = "{:type :invoke, :f :read, :value [1 nil], :process 1}\n";
    /// assert_eq!(of(&format!("{write}{read}")), Pairs::Yes);
    /// let read = "{:type :invoke, :f :read, :value nil, :process 1}\n";
    /// assert_eq!(of(&format!("{write}{read}")), Pairs::No);
    /// ```
    pub fn of(reader: impl BufRead, options: &ReadOptions) -> Pairs {
        let shape = Shape::default();
        let found = read_with(&shape, reader, options);
        match (shape.told.get(), found) {
            (Some(told), _) => told,
            (None, Ok(contents)) if contents.format == Format::JsonLines => Pairs::No,
            // Whoever reads the file says what is wrong with it.
            (None, Err(_)) => Pairs::No,
            (None, Ok(_)) if shape.has_pairs.get() => Pairs::Unclear,
            (None, Ok(_)) => Pairs::No,
        }
    }
}

/// Reads no operations, but what their values look like; and no more, once that is clear.
#[derive(Default)]
struct Shape {
    told: Cell<Option<Pairs>>,
    has_pairs: Cell<bool>,
}

/// Operations that are asked without a value.
const ASKED_WITHOUT: [&str; 7] = [
    "read", "get", "dequeue", "drain", "pop", "acquire", "release",
];

/// What an invocation tells; `None` if its value may be either.
fn told_by(line: &Line) -> Option<Pairs> {
    let is_pair = |datum: &Datum| matches!(datum, Datum::List(parts) if parts.len() == 2);
    let parts = match &line.input {
        _ if line.key.is_some() => return Some(Pairs::No),
        Datum::List(parts) => parts.as_slice(),
        _ => return Some(Pairs::No),
    };
    let op = &*line.op;
    let is_nothing = |datum: &Datum| match datum {
        Datum::List(parts) => parts.iter().all(Datum::is_null),
        other => other.is_null(),
    };
    match parts {
        // No key is nil; but a version that is not known is.
        [Datum::Null, _] => Some(Pairs::No),
        [_, value] if is_nothing(value) && ASKED_WITHOUT.contains(&op) => Some(Pairs::Yes),
        [_, Datum::Map(_)] if op == "transfer" => Some(Pairs::Yes),
        [_, value] if op == "cas" && !is_pair(value) => Some(Pairs::No),
        [_, _] => None,
        [_, _, _] if op == "cas" => Some(Pairs::Yes),
        _ => Some(Pairs::No),
    }
}

impl Model for Shape {
    type Input = ();
    type Output = ();
    type State = ();

    fn initial(&self) {}

    fn step(&self, _: &(), _: &(), _: Option<&()>) -> Option<()> {
        Some(())
    }

    fn describe(&self, _: &(), _: Option<&()>) -> String {
        String::new()
    }
}

impl Codec for Shape {
    fn parse(&self, line: &Line) -> Result<((), Option<()>), String> {
        if line.output.is_none() {
            self.told.set(self.told.get().or(told_by(line)));
            self.has_pairs.set(true);
        }
        match self.told.get() {
            Some(_) => Err("what was asked is clear".to_owned()),
            None => Ok(((), line.output.as_ref().map(|_| ()))),
        }
    }

    fn render(&self, (): &(), _: Option<&()>) -> Line {
        Line {
            op: "".into(),
            key: None,
            input: Datum::Null,
            output: None,
        }
    }

    fn is_keyed(&self) -> bool {
        true
    }

    fn has_pairs(&self) -> bool {
        false
    }

    fn parse_state(&self, _: &Datum) -> Result<(), String> {
        Ok(())
    }

    fn render_state(&self, (): &()) -> Option<Datum> {
        None
    }
}
