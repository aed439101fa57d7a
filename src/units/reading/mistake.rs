//! What is wrong with a text that people write, and where.

use std::ops::Range;

use super::words::{UNKNOWN_KEY, in_words, table_for_list};
use crate::units::key_at;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where in the text it is, in bytes.
    pub span: Option<Range<usize>>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Mistake {
    pub(super) fn of(text: &str, message: &str, span: Option<Range<usize>>) -> Self {
        let message = in_words(message);
        Self {
            message: table_for_list(text, span.as_ref(), message),
            span,
        }
    }

    /// The key that it is about, with its tables; empty where there is none.
    pub fn key(&self, text: &str) -> String {
        let start = self.span.as_ref().map(|span| span.start);
        start.map_or_else(String::new, |start| key_at(text, start))
    }

    /// Whether it is that a table has no such key.
    pub fn is_of_unknown_key(&self) -> bool {
        self.message.starts_with(UNKNOWN_KEY)
    }

    /// Its line in the text, from 1 on.
    pub fn line(&self, text: &str) -> Option<usize> {
        let span = self.span.as_ref()?;
        Some(1 + text[..span.start].matches('\n').count())
    }
}
