//! The compare-and-swap register: one cell, empty at first, with read, write and cas.

use serde::{Deserialize, Serialize};

use super::cell::{self, Act, REGISTER};
use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Model, OperationOf, Plain};
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
    /// Let it hold nothing.
    Clear,
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

impl Input {
    #[inline]
    fn act(&self) -> Act<'_> {
        match self {
            Input::Read => Act::Read,
            Input::Write(value) => Act::Write(value),
            Input::Clear => Act::Clear,
            Input::Cas { old, new } => Act::Cas { old, new },
        }
    }
}

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
        cell::step(state, input.act(), output.map(Output::answer))
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        cell::describe(REGISTER, None, input.act(), output.map(Output::answer))
    }

    fn footprint(&self, input: &Input, output: Option<&Output>) -> Footprint<Self::State> {
        cell::footprint(input.act(), output.map(Output::answer))
    }

    #[inline]
    fn plain<'a>(&self, input: &'a Input, output: Option<&'a Output>) -> Option<Plain<'a>> {
        cell::plain(input.act(), output.map(Output::answer))
    }

    fn plain_state<'a>(&self, state: &'a Self::State) -> Option<Option<&'a str>> {
        Some(state.as_deref())
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        cell::bytes(state)
    }
}

impl AnyBeginning for CasRegister {
    type Anywhere = Self;

    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<Self::State> {
        let acts = operations.iter().map(|operation| {
            let answer = operation.output.as_ref().map(Output::answer);
            (operation.input.act(), answer)
        });
        Some(cell::another(acts))
    }
}
