//! Why a file is not a history.

use std::io;

/// Why a file is not a history.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file could not be read.
    #[error("cannot read: {0}")]
    Io(#[from] io::Error),
    /// A line is not an operation, or does not fit those before it.
    #[error("line {line}: {problem}")]
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it, and what would be right: one line, and not a long one.
        problem: String,
    },
}

/// The longest beginning and end of a problem that are told, in characters: what was found comes
/// first, and what would be right last.
const TOLD_MAX: usize = 240;

impl ReadError {
    /// A problem at a line.
    pub(super) fn at(line: usize, problem: impl Into<String>) -> Self {
        let problem = shortened(problem.into()).replace(char::is_control, " ");
        ReadError::Line { line, problem }
    }
}

/// The text without its middle, if that is long.
fn shortened(text: String) -> String {
    if text.len() <= 2 * TOLD_MAX || text.chars().count() <= 2 * TOLD_MAX {
        return text;
    }
    let place = |found: Option<(usize, char)>| found.map_or(0, |(place, _)| place);
    let head = place(text.char_indices().nth(TOLD_MAX));
    let tail = place(text.char_indices().nth_back(TOLD_MAX - 1));
    format!("{} [...] {}", &text[..head], &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line_of_bounded_length_that_keeps_both_ends() {
        let long = format!("`in` is {}\n; it must be é", "é".repeat(100_000));
        let said = ReadError::at(7, long).to_string();
        assert!(said.starts_with("line 7: `in` is éé") && said.ends_with("é ; it must be é"));
        assert_eq!((said.chars().count(), said.lines().count()), (495, 1));
        assert_eq!(ReadError::at(7, "short").to_string(), "line 7: short");
    }
}
