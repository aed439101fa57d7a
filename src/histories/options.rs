//! What is asked of histories.

use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use knossos::format::{Datum, ReadOptions};

use crate::check::Level;

/// How histories are read, what is assumed of them, and what they have to be.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// What an object, or every key, holds before the first operation.
    pub(crate) initial: Option<Initial>,
    /// The same of single keys.
    pub(crate) initial_of: Vec<(String, Initial)>,
    /// Whether values are `[key value]`, if that was said.
    pub(crate) independent: Option<bool>,
    /// The levels, each a verdict of its own.
    pub(crate) consistency: Vec<Level>,
    /// For guarantees of a session, what is taken for granted of the order of writes.
    pub(crate) write_order: Option<WriteOrder>,
    /// The longest that the check of one history at one level may take.
    pub(crate) time_limit: Option<Duration>,
    /// How files are read.
    pub(crate) reading: ReadOptions,
}

/// What an object holds before its first operation, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Initial {
    /// This.
    Value(Datum),
    /// Nobody knows.
    Unknown,
}

impl FromStr for Initial {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_data = text.starts_with(['{', '[', '"', '(']) || text.starts_with("#{");
        Ok(match text {
            "unknown" => Initial::Unknown,
            "nil" => Initial::Value(Datum::Null),
            _ => match Datum::from_json(text) {
                Ok(value) => Initial::Value(unambiguous(value)?),
                Err(error) if is_data => {
                    Initial::Value(Datum::from_edn(text).map_err(|problem| {
                        format!("is neither JSON ({error}) nor EDN ({problem}) nor a plain text")
                    })?)
                }
                Err(_) => Initial::Value(Datum::Text(text.into())),
            },
        })
    }
}

/// The value, if no map in it says of one name two things.
fn unambiguous(value: Datum) -> Result<Datum, String> {
    match value.repeated_name() {
        Some(name) => Err(format!(
            "{value} has {name:?} twice; say once what it holds"
        )),
        None => Ok(value),
    }
}

/// The models that histories are checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Model {
    /// Keys with get, put, delete, append and cas.
    Kv,
    /// A cell with read and write.
    Register,
    /// A cell with read, write and cas.
    CasRegister,
    /// A cell with read, write and cas, each with a version, as tests of etcd record it.
    VersionedRegister,
    /// A mutex with acquire and release.
    Mutex,
    /// A queue with enqueue and dequeue, first in first out.
    #[value(alias = "fifo-queue")]
    Queue,
    /// A stack with push and pop.
    Stack,
    /// A set with add, remove, contains, and read of all elements.
    Set,
    /// A counter with add and read.
    Counter,
    /// Accounts with transfer, and read of all balances.
    Bank,
}

/// What is taken for granted of the order of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WriteOrder {
    /// Writes of one client are in the order in which it issued them.
    Program,
    /// Writes take effect between their call and their return; only reads are weak.
    RealTime,
}

impl From<WriteOrder> for knossos::WriteOrder {
    fn from(order: WriteOrder) -> Self {
        match order {
            WriteOrder::Program => Self::Program,
            WriteOrder::RealTime => Self::RealTime,
        }
    }
}

/// The name of a model or an order, as it is asked for.
pub(crate) fn name_of(choice: impl ValueEnum) -> String {
    let value = choice.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}
