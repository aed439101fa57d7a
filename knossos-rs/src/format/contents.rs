//! What a history file holds.

use std::collections::BTreeMap;

use super::kind::Format;
use crate::model::{Model, OperationOf};
use crate::picture::Band;
use crate::text::Text;

/// An operation that is known not to have happened. It is no part of the history; but a value
/// that it alone would have written, and that was read, tells that it happened after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedOperation<I> {
    /// Who called.
    pub client: u64,
    /// What was asked.
    pub input: I,
    /// When it was called, in nanoseconds on the clock of the history.
    pub call: u64,
    /// The line of its invocation, counted from 1.
    pub invoked_line: usize,
    /// The line that says that it failed, counted from 1.
    pub failed_line: usize,
}

/// What a file holds beside the operations of clients, and what was left out of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Events of the nemesis, and of others that are no clients.
    pub nemesis_events: usize,
    /// Ends of nothing: an `info` of a process that has nothing open.
    pub unmatched_events: usize,
    /// Lines of a log that are no operations.
    pub lines: usize,
    /// Operations of etcd that no model has: ranges of many keys or of an old revision, leases.
    pub operations: usize,
    /// Transactions of etcd, and leases revoked, of which only what happened to single keys is in
    /// the history: it says less than the file. A violation is one all the same; without one,
    /// nobody knows whether the rest was right.
    pub transactions: usize,
    /// Answers of etcd that tell an earlier revision than an answer that had returned before
    /// they were asked for. No order of the run explains them; but models know values and no
    /// revisions, so that without a violation nothing is known.
    pub revisions: usize,
}

/// What a history file holds.
pub struct Contents<M: Model> {
    /// Its format.
    pub format: Format,
    /// The operations, in the order of the file; those known to have failed are left out.
    pub operations: Vec<OperationOf<M>>,
    /// The operations that are known to have failed, in the order of their ends.
    pub failed: Vec<FailedOperation<M::Input>>,
    /// What else was left out.
    pub left_out: LeftOut,
    /// The names of those clients that have no number of their own.
    pub client_names: BTreeMap<u64, Text>,
    /// Whether the file says when things happened. If it does not, an event's time is its
    /// number times ten: the order holds, and nothing can be said of durations.
    pub has_times: bool,
    /// By how many nanoseconds an event is later here, at most, than the file says. Of events,
    /// the order in the file counts: none is earlier than one before it, and what is invoked
    /// after an end is later than that.
    pub late_by: u64,
    /// Spans of time in which a fault held, where the file tells of any: an EDN history by the
    /// events of its nemesis, from `:start` to `:stop` and the like.
    pub faults: Vec<Band>,
    /// What each object holds at first, where the format says so: `""` in a key-value log, which
    /// knows no absent key. `None`: nothing, or whatever the model begins with.
    pub begins_with: Option<Text>,
}

impl<M: Model> Contents<M> {
    /// Whether the file holds no operation at all, not even one that failed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.failed.is_empty()
    }
}
