//! What a client of a search asks, by name.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

/// One command of a client; the workload says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Does {
    /// A write: what the workload does when no read is asked for.
    Write,
    /// A read.
    Read,
    /// An operation that the workload lists by this name.
    Named(String),
}

impl Does {
    /// The names that every workload knows.
    pub const ALWAYS: [&'static str; 2] = ["write", "read"];
}

impl From<String> for Does {
    fn from(name: String) -> Self {
        match name.as_str() {
            "write" => Self::Write,
            "read" => Self::Read,
            _ => Self::Named(name),
        }
    }
}

impl From<Does> for String {
    fn from(does: Does) -> Self {
        does.to_string()
    }
}

impl fmt::Display for Does {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write => f.write_str("write"),
            Self::Read => f.write_str("read"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl JsonSchema for Does {
    fn schema_name() -> Cow<'static, str> {
        "Does".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "One command of a client: \"write\", \"read\", or an operation that the workload lists.",
            "type": "string",
        })
    }
}
