//! What is wrong with a file, where, and what would be right.

use std::fmt;

use serde::de::DeserializeOwned;

use super::moved;
use crate::units::{KeyError, Mistake, Place, key_of, line_of, places_of, read_toml};

/// A file that is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The file.
    pub file: String,
    /// The line, from 1 on.
    pub line: Option<usize>,
    /// The key, with its tables, as the file has them.
    pub key: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// The line itself.
    pub excerpt: String,
}

impl std::error::Error for ScenarioError {}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        if let Some(line) = self.line {
            write!(f, "\n  {line} | {}", self.excerpt)?;
        }
        Ok(())
    }
}

impl ScenarioError {
    /// The file could not be read.
    pub fn unreadable(file: &str, error: &std::io::Error) -> Self {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::InvalidData => "is not UTF-8 text".to_owned(),
            _ => error.to_string(),
        };
        Self {
            file: file.to_owned(),
            line: None,
            key: String::new(),
            message,
            excerpt: String::new(),
        }
    }
}

/// The text that errors point into.
#[derive(Clone, Copy, Debug)]
pub struct ErrorSource<'a> {
    /// The file's name.
    pub file: &'a str,
    /// Its content.
    pub text: &'a str,
    /// The tables that hold the scenario, in a file that holds more.
    pub prefix: &'a [Place<'a>],
}

impl ErrorSource<'_> {
    /// What the text says.
    ///
    /// # Errors
    /// When it is no TOML, or has a key or value that does not belong, or one that has moved.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ScenarioError> {
        read_toml(self.text).map_err(|mistake| {
            let is_unknown = mistake.is_of_unknown_key();
            let moved = is_unknown.then(|| self.moved()).flatten();
            moved.unwrap_or_else(|| self.unreadable(mistake))
        })
    }

    /// The first key of the text that has moved, and its new place.
    fn moved(&self) -> Option<ScenarioError> {
        let moved = moved::found(self.text, self.prefix, |name| self.table(name));
        let moved = moved.into_iter().map(|(key, message)| {
            let place = [Place::Key("cluster"), Place::Key(&key)];
            self.wrong(&place, message)
        });
        moved.min_by_key(|error| error.line)
    }

    /// The text is no TOML, or has a key or value that does not belong.
    fn unreadable(&self, mistake: Mistake) -> ScenarioError {
        let (line, key) = (mistake.line(self.text), mistake.key(self.text));
        self.error(line, key, mistake.message)
    }

    /// A table of the scenario, as its header is in the file: `[scenario.system]` in a repro.
    fn table(&self, name: &str) -> String {
        let whole: Vec<_> = self
            .prefix
            .iter()
            .chain(&[Place::Key(name)])
            .copied()
            .collect();
        format!("[{}]", key_of(&whole))
    }

    /// A value is wrong.
    pub fn wrong(&self, place: &[Place<'_>], message: impl Into<String>) -> ScenarioError {
        let whole: Vec<_> = self.prefix.iter().chain(place).copied().collect();
        self.error(line_of(self.text, &whole), key_of(&whole), message.into())
    }

    /// A key has a wrong value.
    pub fn wrong_key(&self, error: KeyError) -> ScenarioError {
        self.wrong(&places_of(&error.key), error.message)
    }

    /// A scenario is called as its file is.
    pub(super) fn refuse_name(&self) -> Result<(), ScenarioError> {
        let table = toml::de::DeTable::parse(self.text);
        if !table.is_ok_and(|table| table.get_ref().contains_key("name")) {
            return Ok(());
        }
        let message = "is no key of a scenario, which is called as its file is: remove it, and \
                       name the file so; about = \"...\" says more";
        Err(self.wrong(&[Place::Key("name")], message))
    }

    fn error(&self, line: Option<usize>, key: String, message: String) -> ScenarioError {
        let excerpt = line
            .and_then(|line| self.text.lines().nth(line - 1))
            .unwrap_or_default();
        ScenarioError {
            file: self.file.to_owned(),
            line,
            key,
            message,
            excerpt: excerpt.trim_end().to_owned(),
        }
    }
}
