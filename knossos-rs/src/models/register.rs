//! The register model: one cell, read and written, empty at first.

use serde::{Deserialize, Serialize};

use super::cell::{self, Act, Answer, REGISTER};
use crate::beginning::AnyBeginning;
use crate::model::{Footprint, Model, OperationOf, Plain};
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
    /// Let it hold nothing.
    Clear,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Of a read: the value, `None` before the first write.
    Value(Option<Text>),
    /// Of a write; or of a read of which nobody knows what it saw.
    Done,
}

impl Input {
    #[inline]
    fn act(&self) -> Act<'_> {
        match self {
            Input::Read => Act::Read,
            Input::Write(value) => Act::Write(value),
            Input::Clear => Act::Clear,
        }
    }
}

impl Output {
    #[inline]
    fn answer(&self) -> Answer<'_> {
        match self {
            Output::Value(value) => Answer::Value(value),
            Output::Done => Answer::Done,
        }
    }
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

impl AnyBeginning for Register {
    type Anywhere = Self;

    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<Self::State> {
        let acts = operations.iter().map(|operation| {
            let answer = operation.output.as_ref().map(Output::answer);
            (operation.input.act(), answer)
        });
        Some(cell::another(acts))
    }
}
