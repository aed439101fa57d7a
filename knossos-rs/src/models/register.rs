//! The register model: one cell, read and written, empty at first.

use serde::{Deserialize, Serialize};

use crate::model::{Footprint, Leaves, Model};
use crate::text::Text;

/// A register.
///
/// ```
/// use knossos::Model;
/// use knossos::models::register::{Input, Output, Register};
///
/// let written = Register.step(&None, &Input::Write("a".into()), Some(&Output::Done)).unwrap();
/// let stale = Output::Value(None);
/// assert_eq!(Register.step(&written, &Input::Read, Some(&stale)), None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Register;

/// An operation on the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// What does it hold?
    Read,
    /// Let it hold this.
    Write(Text),
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of a read: the value, `None` before the first write.
    Value(Option<Text>),
    /// Of a write.
    Done,
}

impl Model for Register {
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
        match (input, output) {
            (Input::Read, None) => Some(state.clone()),
            (Input::Read, Some(Output::Value(value))) => (value == state).then(|| state.clone()),
            (Input::Write(value), None | Some(Output::Done)) => Some(Some(value.clone())),
            (_, Some(_)) => None,
        }
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        match (input, output) {
            (Input::Read, Some(Output::Value(Some(value)))) => format!("read = {value:?}"),
            (Input::Read, Some(_)) => "read = nothing".to_owned(),
            (Input::Read, None) => "read (outcome unknown)".to_owned(),
            (Input::Write(value), Some(_)) => format!("write {value:?}"),
            (Input::Write(value), None) => format!("write {value:?} (outcome unknown)"),
        }
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        let (needs, leaves) = match (input, output) {
            (Input::Read, Some(Output::Value(value))) => (Some(value.clone()), Leaves::Same),
            (Input::Read, None) => (None, Leaves::Same),
            (Input::Write(value), None | Some(Output::Done)) => {
                (None, Leaves::Always(Some(value.clone())))
            }
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.as_ref().map_or(0, |value| value.len() + 16)
    }
}
