//! Histories as events: what a process invokes, and later how that ended.
//!
//! A process invokes one operation at a time. `ok`: it happened; `fail`: it did not; `info`, or
//! no end at all: nobody knows. An `info` ends whatever its process has open, or nothing.
//!
//! Every format of events comes to the same [`Fields`], and what they mean is said here once:
//! one run has one history, however it was written.

mod ends;
mod evaluated;
mod fields;
mod key_and_value;
mod nemesis;
mod open;
mod pairing;
mod process;

pub(super) use fields::{FIELDS, Fields};
pub(super) use pairing::Pairing;

use super::datum::Datum;
use crate::text::Text;
use evaluated::Evaluated;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An operation begins.
    Invoke,
    /// It took effect.
    Ok,
    /// It did not take effect.
    Fail,
    /// Nobody knows.
    Info,
}

impl Kind {
    /// The kind of this name, which may be a keyword.
    pub(super) fn named(name: &str) -> Option<Kind> {
        match name.strip_prefix(':').unwrap_or(name) {
            "invoke" => Some(Kind::Invoke),
            "ok" => Some(Kind::Ok),
            "fail" => Some(Kind::Fail),
            "info" => Some(Kind::Info),
            _ => None,
        }
    }
}

/// One event of a client's process.
#[derive(Clone, Debug)]
struct Event {
    line: usize,
    kind: Kind,
    /// Who called, where that is more than the process.
    client: Option<u64>,
    /// The name of the operation.
    op: Text,
    key: Option<Text>,
    /// Of an invocation, what is asked; of an end, what is answered.
    value: Datum,
    /// What is answered, word for word, where the value does not tell.
    output: Option<Datum>,
    /// In nanoseconds; `None` if the event has none.
    time: Option<u64>,
    /// How an operation that failed was evaluated all the same.
    evaluated: Option<Evaluated>,
    /// Whether a failure says no more than what was asked.
    is_bare: bool,
}
