//! How a history file is read, where its content alone does not tell.

use super::contents::Format;

/// How a history file is read. The default takes every file for what it looks like.
///
/// ```
/// use knossos::format::{Format, ReadOptions, read_with};
/// use knossos::models::register::Register;
///
/// let options = ReadOptions { format: Some(Format::JsonLines), ..ReadOptions::default() };
/// let file = r#"{"client":1,"op":"put","in":"7","out":{"ok":true},"call":0,"ret":9}"#;
/// assert_eq!(read_with(&Register, file.as_bytes(), &options).unwrap().operations.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format; `None`: what the beginning of the file looks like.
    pub format: Option<Format>,
}
