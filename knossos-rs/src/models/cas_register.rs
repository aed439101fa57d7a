//! The compare-and-swap register: one cell, empty at first, with read, write and cas.

use serde::{Deserialize, Serialize};

use super::kv::describe_value;
use crate::model::{Footprint, Leaves, Model};
use crate::text::Text;

/// A register with compare-and-swap.
///
/// ```
/// use knossos::Model;
/// use knossos::models::cas_register::{CasRegister, Input, Output};
///
/// let take = Input::Cas { old: None, new: Some("mine".into()) };
/// let held = CasRegister.step(&None, &take, Some(&Output::Swapped(true))).unwrap();
/// assert_eq!(CasRegister.step(&held, &take, Some(&Output::Swapped(true))), None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct CasRegister;

/// An operation on the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// What does it hold?
    Read,
    /// Let it hold this.
    Write(Text),
    /// Let it hold `new` if it holds `old`.
    Cas {
        /// The value to find; `None`: empty.
        old: Option<Text>,
        /// The value to set; `None`: empty.
        new: Option<Text>,
    },
}

/// What an operation answered; the same answers as those of a key.
pub type Output = super::kv::Output;

impl Model for CasRegister {
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
            (Input::Cas { old, new }, None | Some(Output::Swapped(_))) => {
                let matches = state == old;
                let possible = output.is_none_or(|seen| *seen == Output::Swapped(matches));
                possible.then(|| if matches { new.clone() } else { state.clone() })
            }
            (_, Some(_)) => None,
        }
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        let question = match input {
            Input::Read => "read".to_owned(),
            Input::Write(value) => format!("write {value:?}"),
            Input::Cas { old, new } => {
                format!("cas {} to {}", describe_value(old), describe_value(new))
            }
        };
        format!("{question}{}", super::kv::describe_output(output))
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        let (needs, leaves) = match (input, output) {
            (Input::Read, Some(Output::Value(value))) => (Some(value.clone()), Leaves::Same),
            (Input::Read, None) => (None, Leaves::Same),
            (Input::Write(value), None | Some(Output::Done)) => {
                (None, Leaves::Always(Some(value.clone())))
            }
            (Input::Cas { old, new }, Some(Output::Swapped(true))) => {
                (Some(old.clone()), Leaves::Always(new.clone()))
            }
            (Input::Cas { .. }, Some(Output::Swapped(false))) => (None, Leaves::Same),
            (Input::Cas { new, .. }, None) => (None, Leaves::Sometimes(new.clone())),
            _ => (None, Leaves::Anything),
        };
        Footprint { needs, leaves }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of_val(state) + state.as_ref().map_or(0, |value| value.len() + 16)
    }
}
