//! How plain data is written: one copy of each format's code for all types.
//!
//! Formats are generic over what is written, so that each type would be compiled once for every
//! format, and for TOML several times. Behind a pointer it is compiled once, and what is written is
//! the same to the byte.

use erased_serde::Serialize;
use serde_json::Value;

/// As TOML.
///
/// # Panics
/// If the data is not tables of numbers, texts and lists.
pub(crate) fn as_toml(data: &dyn Serialize) -> String {
    toml::to_string(data).expect("tables of plain data can be written")
}

/// As a table of TOML.
///
/// # Panics
/// As [`as_toml`].
pub(crate) fn as_toml_table(data: &dyn Serialize) -> toml::Table {
    toml::Table::try_from(data).expect("plain data can be written as a table")
}

/// As JSON, on one line.
///
/// # Panics
/// If the data cannot be written as JSON.
pub(crate) fn as_json(data: &dyn Serialize) -> String {
    serde_json::to_string(data).expect("plain data can be written")
}

#[cfg(feature = "explore")]
/// As JSON for people to read, too.
///
/// # Panics
/// As [`as_json`].
pub(crate) fn as_readable_json(data: &dyn Serialize) -> String {
    serde_json::to_string_pretty(data).expect("plain data can be written")
}

/// As a JSON value.
///
/// # Errors
/// When it cannot be one.
pub(crate) fn as_json_value(data: &dyn Serialize) -> serde_json::Result<Value> {
    serde_json::to_value(data)
}
