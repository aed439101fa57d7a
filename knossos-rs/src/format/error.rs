//! Why a file is not a history.

use std::io;

/// Why a file is not a history.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error("cannot read: {0}")]
    Io(#[from] io::Error),
    /// A line is not an operation, or does not fit those before it.
    #[error("line {line}: {problem}")]
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
}

impl ReadError {
    /// A problem at a line.
    pub(super) fn at(line: usize, problem: impl Into<String>) -> Self {
        ReadError::Line {
            line,
            problem: problem.into(),
        }
    }
}
