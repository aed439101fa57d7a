//! The key-value model: every key is a cell of its own, absent at first.
//!
//! `get` returns the value or nothing; `put` sets it; `delete` makes it absent, and may tell
//! whether it was there; `append` adds
//! to its end, an absent key counting as the empty string; `cas` sets the new value if the
//! current one is the old (which may be "absent") and tells whether it was.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::cell::{self, Act, Answer, KEY, OnCells, Verbs};
use crate::text::Text;

/// The key-value model.
///
/// ```
/// use knossos::models::kv::{Input, KeyValue, Op, Output};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let append = Input { key: "a".into(), op: Op::Append("x".into()) };
/// let get = Input { key: "a".into(), op: Op::Get };
/// let history = [
///     Operation::unknown(1, append, 0),
///     Operation::completed(2, get, Output::Value(Some("x".into())), 10, 20),
/// ];
/// assert_eq!(check(&KeyValue, &history, None, &Limits::none()).verdict, Verdict::Consistent);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyValue;

/// An operation on one key. Its `Debug` is what people read: `put "a" "1"`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The key.
    pub key: Text,
    /// What to do with it.
    pub op: Op,
}

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&cell::question(KEY, Some(&self.key), self.op.act()))
    }
}

/// What to do with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Read it.
    Get,
    /// Set it.
    Put(Text),
    /// Make it absent.
    Delete,
    /// Add to its end.
    Append(Text),
    /// Set it to `new` if it is `old`.
    Cas {
        /// The value to find; `None`: absent.
        old: Option<Text>,
        /// The value to set; `None`: make it absent.
        new: Option<Text>,
    },
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of a get: the value, `None` if absent.
    Value(Option<Text>),
    /// Of a put, delete or append; or of a get of which nobody knows what it saw.
    Done,
    /// Of a cas: whether it found the old value. Of a delete that tells: whether the key was
    /// there.
    Swapped(bool),
}

impl Op {
    #[inline]
    fn act(&self) -> Act<'_> {
        match self {
            Op::Get => Act::Read,
            Op::Put(value) => Act::Write(value),
            Op::Delete => Act::Delete,
            Op::Append(suffix) => Act::Append(suffix),
            Op::Cas { old, new } => Act::Cas { old, new },
        }
    }
}

impl Output {
    #[inline]
    pub(super) fn answer(&self) -> Answer<'_> {
        match self {
            Output::Value(value) => Answer::Value(value),
            Output::Done => Answer::Done,
            Output::Swapped(swapped) => Answer::Swapped(*swapped),
        }
    }
}

impl OnCells for KeyValue {
    type Input = Input;
    type Output = Output;
    const VERBS: Verbs = KEY;

    #[inline]
    fn act(input: &Input) -> Act<'_> {
        input.op.act()
    }

    #[inline]
    fn answer(output: &Output) -> Answer<'_> {
        output.answer()
    }

    #[inline]
    fn key(input: &Input) -> Option<&Text> {
        Some(&input.key)
    }
}
