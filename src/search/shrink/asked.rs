//! What is to be shrunk, which violation has to stay, and why that cannot be.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::signature::Signature;
use crate::check::Violation;
use crate::decision::Plan;
use crate::repro::{ReproViolation, WriteError};
use crate::scenario::Scenario;
use crate::search::{ReplayError, Runner};

/// What is shrunk, and with what.
#[derive(Clone, Copy)]
pub struct Shrinking<'a> {
    /// The system under test.
    pub runner: &'static dyn Runner,
    /// The run that failed.
    pub scenario: &'a Scenario,
    /// Its seed.
    pub seed: u64,
    /// Its decisions.
    pub plan: &'a Plan,
    /// The violation that has to stay.
    pub wanted: Wanted<'a>,
    /// How many candidates run at the same time; at least 1. The result does not depend on it.
    pub threads: usize,
    /// Set by others to end it: what was reached until then is the result.
    pub stop: &'a Arc<AtomicBool>,
}

/// Which violation has to stay.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Wanted<'a> {
    /// The first that comes.
    First,
    /// This one.
    Signature(&'a Signature),
    /// The one that a repro tells of.
    Shown(&'a ReproViolation),
}

impl Wanted<'_> {
    /// The signature of the violation, which these have to contain.
    pub(super) fn of(self, violations: &[Violation], what: &str) -> Result<Signature, ShrinkError> {
        let (found, wanted) = match self {
            Self::First => (violations.first(), "any violation".to_owned()),
            Self::Signature(wanted) => {
                let mut all = violations.iter();
                (
                    all.find(|one| Signature::of(one) == *wanted),
                    wanted.to_string(),
                )
            }
            Self::Shown(shown) => {
                let wanted = format!("the violation of {} that its repro tells of", shown.check);
                (shown.find_in(violations), wanted)
            }
        };
        let missing = || ShrinkError::DoesNotFail(format!("the {what} does not show {wanted}"));
        found.map(Signature::of).ok_or_else(missing)
    }
}

impl<'a> From<Option<&'a ReproViolation>> for Wanted<'a> {
    fn from(shown: Option<&'a ReproViolation>) -> Self {
        shown.map_or(Self::First, Self::Shown)
    }
}

/// Why something cannot be shrunk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShrinkError {
    /// It cannot be taken even once.
    #[error("{0}")]
    Unmade(#[from] ReplayError),
    /// It violates nothing, or something else.
    #[error("{0}")]
    DoesNotFail(String),
    /// What is left cannot be written.
    #[error("{0}")]
    Unwritten(String),
    /// It was stopped before the run was made once.
    #[error("stopped before the first run was over")]
    Stopped,
}

impl From<WriteError> for ShrinkError {
    fn from(error: WriteError) -> Self {
        Self::Unwritten(error.to_string())
    }
}
