//! The key-value model: every key is a cell of its own, absent at first.
//!
//! `get` returns the value or nothing; `put` sets it; `delete` makes it absent; `append` adds
//! to its end, an absent key counting as the empty string; `cas` sets the new value if the
//! current one is the old (which may be "absent") and tells whether it was.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::cell::{self, Act, Answer, KEY};
use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Model, OperationOf, Plain};
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
    /// Of a cas: whether it found the old value.
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

impl Model for KeyValue {
    type Input = Input;
    type Output = Output;
    type State = Option<Text>;

    fn initial(&self) -> Self::State {
        None
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        cell::step(state, input.op.act(), output.map(Output::answer))
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let answer = output.map(Output::answer);
        cell::describe(KEY, Some(&input.key), input.op.act(), answer)
    }

    #[inline]
    fn partition<'input>(&self, input: &'input Input) -> Option<&'input str> {
        Some(&input.key)
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        cell::footprint(input.op.act(), output.map(Output::answer))
    }

    #[inline]
    fn plain<'a>(&self, input: &'a Input, output: Option<&'a Output>) -> Option<Plain<'a>> {
        cell::plain(input.op.act(), output.map(Output::answer))
    }

    fn can_become(&self, state: &Self::State, later: &Self::State) -> bool {
        cell::can_become(state, later)
    }

    fn plain_state<'a>(&self, state: &'a Self::State) -> Option<Option<&'a str>> {
        Some(state.as_deref())
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        cell::bytes(state)
    }
}

impl AnyBeginning for KeyValue {
    type Anywhere = Self;

    fn origins(&self, state: &Self::State, inputs: &[&Input]) -> Vec<Self::State> {
        let appended = inputs.iter().filter_map(|input| match &input.op {
            Op::Append(suffix) => Some(suffix),
            _ => None,
        });
        cell::origins(state, appended)
    }

    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<Self::State> {
        let acts = operations.iter().map(|operation| {
            let answer = operation.output.as_ref().map(Output::answer);
            (operation.input.op.act(), answer)
        });
        Some(cell::another(acts))
    }
}
