//! The formats of history files.

use std::fmt;

/// The formats of history files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Operations as JSON: see [`json_lines`](super::json_lines).
    JsonLines,
    /// The events of a Jepsen history as JSON.
    JsonEvents,
    /// A Jepsen history in EDN: see [`edn`](super::edn).
    Edn,
    /// A key-value log in EDN: see [`edn`](super::edn).
    KvLog,
    /// The log of a Jepsen run, or its `history.txt`.
    JepsenLog,
    /// The operations that etcd's robustness tests leave, in JSON.
    EtcdOperations,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 6] = [
        Format::JsonLines,
        Format::JsonEvents,
        Format::Edn,
        Format::KvLog,
        Format::JepsenLog,
        Format::EtcdOperations,
    ];

    /// How much of the beginning of a file tells its format, in bytes.
    pub const HEAD_BYTES: usize = 1 << 20;

    /// The name of the format, in small letters and hyphens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::JsonLines => "json-lines",
            Format::JsonEvents => "json-events",
            Format::Edn => "edn",
            Format::KvLog => "kv-log",
            Format::JepsenLog => "jepsen-log",
            Format::EtcdOperations => "etcd-operations",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Format::JsonLines => "JSON lines",
            Format::JsonEvents => "Jepsen events in JSON",
            Format::Edn => "a Jepsen history in EDN",
            Format::KvLog => "a key-value log",
            Format::JepsenLog => "a Jepsen log",
            Format::EtcdOperations => "operations of an etcd robustness test",
        })
    }
}
