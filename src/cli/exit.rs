//! How the program ends.

use std::process::ExitCode;

use crate::repro::WriteError;
use crate::scenario::ScenarioError;
use crate::search::SearchError;

/// An exit code, and what is said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    code: u8,
    /// Said on standard error; nothing if empty.
    pub message: String,
}

impl Exit {
    /// Everything is as expected.
    pub const OK: Self = Self::plain(0);
    /// A violation that is not expected, or an expected one that did not come.
    pub const VIOLATION: Self = Self::plain(1);
    /// Unknown, or incomplete.
    pub const INCOMPLETE: Self = Self::plain(3);
    /// Not deterministic, or a repro that does not reproduce.
    pub const NOT_REPRODUCED: Self = Self::plain(5);

    /// Omnisim itself panicked in a run: a bug of omnisim (`EX_SOFTWARE`).
    pub const OWN_PANIC: Self = Self::plain(70);

    const fn plain(code: u8) -> Self {
        Self {
            code,
            message: String::new(),
        }
    }

    /// Usage or bad input.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            code: 2,
            message: message.into(),
        }
    }

    /// Input or output failed on an open file.
    pub fn io(message: impl Into<String>) -> Self {
        Self {
            code: 74,
            message: message.into(),
        }
    }

    /// Stopped by a signal.
    pub fn signal(signal: i32) -> Self {
        Self::plain(128 + signal as u8)
    }

    /// The same said of a file that nobody named: bad input is then worth a note and no more.
    #[must_use]
    pub fn unless_usage(self) -> Self {
        let code = if self.code == 2 { 0 } else { self.code };
        Self { code, ..self }
    }

    /// The process's exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }

    /// The same end, its message already said.
    #[must_use]
    pub fn silent(self) -> Self {
        Self::plain(self.code)
    }

    /// The more serious of two ends.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |exit: &Self| match exit.code {
            0 => 0,
            3 => 1,
            1 => 2,
            5 => 3,
            2 => 4,
            70 => 5,
            74 => 6,
            _ => 7,
        };
        if rank(&other) > rank(&self) {
            other
        } else {
            self
        }
    }
}

impl From<ScenarioError> for Exit {
    fn from(error: ScenarioError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<SearchError> for Exit {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Input(message) => Self::usage(message),
            SearchError::Output(message) => Self::io(message),
        }
    }
}

impl From<WriteError> for Exit {
    fn from(error: WriteError) -> Self {
        Self::io(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_serious_end_wins_in_either_order() {
        let order = [
            Exit::OK,
            Exit::INCOMPLETE,
            Exit::VIOLATION,
            Exit::NOT_REPRODUCED,
            Exit::usage(""),
            Exit::OWN_PANIC,
            Exit::io(""),
        ];
        for (place, mild) in order.iter().enumerate() {
            for serious in &order[place..] {
                assert_eq!(mild.clone().worse(serious.clone()), *serious);
                assert_eq!(serious.clone().worse(mild.clone()), *serious);
            }
        }
    }
}
