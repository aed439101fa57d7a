//! Reads files that people write, and says where in them a mistake is.
//!
//! What serde derives takes more than a file may say: a table from a list, `{ off = {} }` for
//! `"off"`, a number that is none. `values.rs` refuses what no key can hold, `strict.rs` and
//! `choice.rs` refuse what has another shape than it is documented with, and `words.rs` says all
//! of it in words of a file.

mod choice;
mod mistake;
mod strict;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod words;

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;

pub use mistake::Mistake;
pub(super) use strict::Strict;
use tables::Table;
use words::in_words;

/// What a text of JSON says: no list for a table.
///
/// # Errors
/// As [`serde_json::from_str`], in words of a file.
pub fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, Mistake> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Strict(&mut json));
    let value = value.and_then(|value| json.end().map(|()| value));
    value.map_err(|error| {
        let message = error.to_string();
        let place = message.rsplit_once(" at line ");
        Mistake {
            span: start_of_line(text, error.line()),
            message: in_words(place.map_or(&message, |(message, _)| message)),
        }
    })
}

/// Where a line begins, counted from 1 on.
fn start_of_line(text: &str, line: usize) -> Option<Range<usize>> {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start = before.map(str::len).sum();
    Some(start..text.len()).filter(|_| line > 0)
}

/// What a text says, read as it is documented: no list for a table, no date, no `nan`.
///
/// # Errors
/// When it is no TOML, or has a key or value that does not belong.
pub fn read_toml<T: DeserializeOwned>(text: &str) -> Result<T, Mistake> {
    let table = parsed(text)?;
    let read = T::deserialize(Strict(Table(&table)));
    read.map_err(|error| Mistake::of(text, &error.message, error.span))
}

/// The tables of a text, of which every value can be read.
fn parsed(text: &str) -> Result<Spanned<DeTable<'_>>, Mistake> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().or_else(|| words::too_deep(text, &error));
        Mistake::of(text, error.message(), span)
    })?;
    match values::refused(table.get_ref()) {
        Some(mistake) => Err(mistake),
        None => Ok(table),
    }
}
