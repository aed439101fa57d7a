//! The systems under test: what each is made of, promises, and is written for.
//!
//! A [`System`] names its replica, its workload, its sequential model and its
//! contract. Most are a [`Service`]: a state machine over OmniPaxos, of which
//! the adaptor makes a system, once with and once without snapshots.

mod contract;
pub mod kv;
mod service;

pub use contract::Contract;
pub use service::{OverOmniPaxos, Service};

use knossos::Model;
use serde_json::Value;

use crate::check::Fold;
use crate::client::{Record, Workload};
use crate::replica::Replica;
use crate::replica::omnipaxos::ClusterOptions;

/// The commands of a system.
pub type CommandOf<S> = <<S as System>::Replica as Replica>::Command;
/// The results of a system.
pub type OutputOf<S> = <<S as System>::Replica as Replica>::Output;
/// The log entries of a system.
pub type EntryOf<S> = <<S as System>::Replica as Replica>::Entry;

/// A system under test.
pub trait System: 'static {
    /// One of its replicas.
    type Replica: Replica;
    /// What its clients do.
    type Workload: Workload<Command = CommandOf<Self>, Output = OutputOf<Self>>;
    /// What it promises: the object that it behaves like.
    type Model: Model<Input = CommandOf<Self>, Output = OutputOf<Self>>;
    /// Folds its log, to judge replies and states; [`NoFold`](crate::check::NoFold) without a log.
    type Fold: Fold<EntryOf<Self>>;

    /// The options of its replicas, from the `[cluster]` table.
    ///
    /// # Errors
    /// The key that is wrong, and a sentence that says what would be right.
    fn options(
        cluster: &ClusterOptions,
    ) -> Result<<Self::Replica as Replica>::Options, (String, String)>;

    /// The sequential model.
    fn model() -> Self::Model;

    /// The environment that it is written for.
    fn written_for() -> Contract;

    /// One operation of a history, in the format of JSON lines.
    fn history_line(record: &Record<CommandOf<Self>, OutputOf<Self>>) -> Value {
        generic_line(record)
    }
}

/// A history line of any system: `op` is "command", `in` and `out` as serialized.
pub fn generic_line<C: serde::Serialize, O: serde::Serialize>(record: &Record<C, O>) -> Value {
    let completion = record.completion.as_ref();
    serde_json::json!({
        "client": record.client,
        "op": "command",
        "in": record.command,
        "out": completion.map(|completed| &completed.output),
        "call": record.call.as_nanos(),
        "ret": completion.map(|completed| completed.at.as_nanos()),
    })
}
