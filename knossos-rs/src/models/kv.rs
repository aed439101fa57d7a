//! The key-value model: every key is a cell of its own, absent at first.
//!
//! `get` returns the value or nothing; `put` sets it; `delete` makes it absent; `append` adds
//! to its end, an absent key counting as the empty string; `cas` sets the new value if the
//! current one is the old (which may be "absent") and tells whether it was.

use serde::{Deserialize, Serialize};

use crate::model::{Footprint, Leaves, Model};
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

/// An operation on one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The key.
    pub key: Text,
    /// What to do with it.
    pub op: Op,
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
    /// Of a put, delete or append.
    Done,
    /// Of a cas: whether it found the old value.
    Swapped(bool),
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
        match (&input.op, output) {
            (Op::Get, None) => Some(state.clone()),
            (Op::Get, Some(Output::Value(value))) => (value == state).then(|| state.clone()),
            (Op::Put(value), None | Some(Output::Done)) => Some(Some(value.clone())),
            (Op::Delete, None | Some(Output::Done)) => Some(None),
            (Op::Append(suffix), None | Some(Output::Done)) => Some(Some(match state {
                Some(value) => value.followed_by(suffix),
                None => suffix.clone(),
            })),
            (Op::Cas { old, new }, None | Some(Output::Swapped(_))) => {
                let matches = state == old;
                let possible = output.is_none_or(|seen| *seen == Output::Swapped(matches));
                possible.then(|| if matches { new.clone() } else { state.clone() })
            }
            // An answer of the wrong kind is possible in no state.
            (_, Some(_)) => None,
        }
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let key = &input.key;
        let question = match &input.op {
            Op::Get => format!("get {key:?}"),
            Op::Put(value) => format!("put {key:?} {value:?}"),
            Op::Delete => format!("delete {key:?}"),
            Op::Append(suffix) => format!("append {key:?} {suffix:?}"),
            Op::Cas { old, new } => {
                format!(
                    "cas {key:?} {} to {}",
                    describe_value(old),
                    describe_value(new)
                )
            }
        };
        format!("{question}{}", describe_output(output))
    }

    fn partition<'input>(&self, input: &'input Input) -> Option<&'input str> {
        Some(&input.key)
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        let (needs, leaves) = match (&input.op, output) {
            (Op::Get, Some(Output::Value(value))) => (Some(value.clone()), Leaves::Same),
            (Op::Get, None) => (None, Leaves::Same),
            (Op::Put(value), None | Some(Output::Done)) => {
                (None, Leaves::Always(Some(value.clone())))
            }
            (Op::Delete, None | Some(Output::Done)) => (None, Leaves::Always(None)),
            (Op::Cas { old, new }, Some(Output::Swapped(true))) => {
                (Some(old.clone()), Leaves::Always(new.clone()))
            }
            (Op::Cas { .. }, Some(Output::Swapped(false))) => (None, Leaves::Same),
            (Op::Cas { new, .. }, None) => (None, Leaves::Sometimes(new.clone())),
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }

    fn can_become(&self, state: &Self::State, later: &Self::State) -> bool {
        match (state, later) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(state), Some(later)) => later.starts_with(&**state),
        }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.as_ref().map_or(0, |value| value.len() + 16)
    }
}

/// A value in words.
pub(super) fn describe_value(value: &Option<Text>) -> String {
    value
        .as_ref()
        .map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"))
}

/// An answer in words, with what joins it to the question.
pub(super) fn describe_output(output: Option<&Output>) -> String {
    match output {
        None => " (outcome unknown)".to_owned(),
        Some(Output::Done) => String::new(),
        Some(Output::Value(value)) => format!(" = {}", describe_value(value)),
        Some(Output::Swapped(true)) => " = swapped".to_owned(),
        Some(Output::Swapped(false)) => " = did not match".to_owned(),
    }
}
