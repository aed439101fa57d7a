//! The register model: one cell, read and written, empty at first.

use serde::{Deserialize, Serialize};

use super::cell::{Act, Answer, OnCells, REGISTER, Verbs};
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

impl OnCells for Register {
    type Input = Input;
    type Output = Output;
    const VERBS: Verbs = REGISTER;

    #[inline]
    fn act(input: &Input) -> Act<'_> {
        input.act()
    }

    #[inline]
    fn answer(output: &Output) -> Answer<'_> {
        output.answer()
    }
}
