//! What ends a search from outside of its runs.

use crate::repro::WriteError;
use crate::scenario::ScenarioError;
use crate::units::KeyError;

/// A search that cannot be made, or whose result cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// What was asked for, or a file, is wrong.
    #[error("{0}")]
    Input(String),
    /// Something could not be written.
    #[error("{0}")]
    Output(String),
}

impl SearchError {
    /// A scenario of this name does not suit its system.
    pub fn unsuited(scenario: &str, error: &KeyError) -> Self {
        Self::Input(format!("{scenario}: {error}"))
    }
}

impl From<ScenarioError> for SearchError {
    fn from(error: ScenarioError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<WriteError> for SearchError {
    fn from(error: WriteError) -> Self {
        Self::Output(error.to_string())
    }
}
