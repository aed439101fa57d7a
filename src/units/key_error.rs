//! A key of a scenario that has a wrong value, and what would be right.

use std::fmt;

/// A key of a scenario whose value is wrong, as where the system that is to run it cannot take it.
///
/// ```
/// use omnisim::units::KeyError;
///
/// let error = KeyError::new("replicas", "a pair has 2 replicas").within("cluster");
/// assert_eq!(error.to_string(), "cluster.replicas: a pair has 2 replicas");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyError {
    /// The key, with its tables: `fault[0].message`.
    pub key: String,
    /// What is wrong with its value, and what would be right.
    pub message: String,
}

impl KeyError {
    /// A key and what would be right.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            message: message.into(),
        }
    }

    /// The same key, within this table.
    #[must_use]
    pub fn within(self, table: impl fmt::Display) -> Self {
        Self {
            key: format!("{table}.{}", self.key),
            ..self
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl std::error::Error for KeyError {}
