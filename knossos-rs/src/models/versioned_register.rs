//! The versioned register: a register that tells, with each answer, how often it was changed.
//!
//! Every write, and every compare-and-swap that matched, makes the version one greater; answers
//! may tell the version that the operation left or saw. This is how tests of etcd record it.

use serde::{Deserialize, Serialize};

use super::cell::{self, Act, Answer, REGISTER};
use crate::model::{Footprint, Leaves, Model};
use crate::text::Text;

/// A register with a version, of version 0 and empty at first.
///
/// ```
/// use knossos::models::versioned_register::{Input, Output, VersionedRegister};
/// use knossos::{Limits, Operation, Verdict, check};
///
/// let write = |value: &str, version, at| {
///     let output = Output { version: Some(version), value: None };
///     Operation::completed(1, Input::Write(Some(value.into())), output, at, at + 5)
/// };
/// let verdict = |history: &[_]| check(&VersionedRegister, history, None, &Limits::none()).verdict;
/// assert_eq!(verdict(&[write("a", 1, 0), write("b", 2, 10)]), Verdict::Consistent);
/// let lost = verdict(&[write("a", 1, 0), write("b", 3, 10)]);
/// assert!(matches!(lost, Verdict::Violation(_)), "nobody wrote version 2");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct VersionedRegister;

/// An operation on the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// What does it hold?
    Read,
    /// Let it hold this; `None`: nothing.
    Write(Option<Text>),
    /// Let it hold `new` if it holds `old`.
    Cas {
        /// The value to find; `None`: empty.
        old: Option<Text>,
        /// The value to set; `None`: empty.
        new: Option<Text>,
    },
}

/// What an operation answered. A cas that did not match is one that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The version seen by a read, or left by a change; `None` if it was not told.
    pub version: Option<u64>,
    /// Of a read: the value; `None` if it was not told, and for anything else.
    pub value: Option<Option<Text>>,
}

/// What the register holds, and how often it was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct State {
    /// How often it was changed.
    pub version: u64,
    /// What it holds.
    pub value: Option<Text>,
}

impl State {
    /// What it holds after a change; `None` if no version is so large.
    fn changed(&self, value: &Option<Text>) -> Option<State> {
        Some(State {
            version: self.version.checked_add(1)?,
            value: value.clone(),
        })
    }
}

impl Model for VersionedRegister {
    type Input = Input;
    type Output = Output;
    type State = State;

    fn initial(&self) -> State {
        State::default()
    }

    fn step(&self, state: &State, input: &Input, output: Option<&Output>) -> Option<State> {
        // What would need a version that there is not did not happen.
        let unchanged = || output.is_none().then(|| state.clone());
        let after = match input {
            Input::Read => state.clone(),
            Input::Write(value) => state.changed(value).or_else(unchanged)?,
            Input::Cas { old, new } if state.value == *old => {
                state.changed(new).or_else(unchanged)?
            }
            Input::Cas { .. } => unchanged()?,
        };
        let is_possible = output.is_none_or(|output| {
            let seen = output.value.as_ref().filter(|_| *input == Input::Read);
            output
                .version
                .is_none_or(|version| version == after.version)
                && seen.is_none_or(|seen| *seen == after.value)
        });
        is_possible.then_some(after)
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let act = match input {
            Input::Read => Act::Read,
            Input::Write(Some(value)) => Act::Write(value),
            Input::Write(None) => Act::Clear,
            Input::Cas { old, new } => Act::Cas { old, new },
        };
        let answer = output.map(|output| match (input, &output.value) {
            (Input::Read, Some(value)) => Answer::Value(value),
            (Input::Cas { .. }, _) => Answer::Swapped(true),
            _ => Answer::Done,
        });
        let version = output.and_then(|output| output.version);
        let version = version.map_or_else(String::new, |version| format!(" (version {version})"));
        cell::describe(REGISTER, None, act, answer) + &version
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<State> {
        let version = output.and_then(|output| output.version);
        let (needs, leaves) = match (input, output, version) {
            (
                Input::Read,
                Some(Output {
                    value: Some(value), ..
                }),
                Some(version),
            ) => {
                let value = value.clone();
                (Some(State { version, value }), Leaves::Same)
            }
            (Input::Read, ..) => (None, Leaves::Same),
            (Input::Cas { old, new }, Some(_), Some(version)) if version > 0 => {
                let before = State {
                    version: version - 1,
                    value: old.clone(),
                };
                let value = new.clone();
                (Some(before), Leaves::Always(State { version, value }))
            }
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }

    fn can_become(&self, state: &State, later: &State) -> bool {
        state.version < later.version || state == later
    }

    fn state_bytes(&self, state: &State) -> usize {
        size_of_val(state) + state.value.as_ref().map_or(0, Text::heap_bytes)
    }
}
