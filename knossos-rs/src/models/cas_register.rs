//! The compare-and-swap register: one cell, empty at first, with read, write and cas.

use serde::{Deserialize, Serialize};

use super::cell::{Act, Answer, OnCells, REGISTER, Verbs};
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

impl OnCells for CasRegister {
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
