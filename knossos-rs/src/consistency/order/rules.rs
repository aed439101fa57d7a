//! What has to come before what: the clauses of which a level is made.

use std::time::Duration;

use crate::consistency::level::{Consistency, Guarantee, WriteOrder};

/// Which operations a clause speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    All,
    /// Those that leave the state as they find it, whatever it is.
    Reads,
    /// All others.
    Updates,
}

impl Kind {
    /// Whether the clause speaks of a read (or of an update).
    pub(crate) fn includes(self, is_read: bool) -> bool {
        match self {
            Kind::All => true,
            Kind::Reads => is_read,
            Kind::Updates => !is_read,
        }
    }
}

/// If `earlier` returned more than `delay` before `later` was called, it comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// Only operations of one client.
    pub(crate) per_client: bool,
    pub(crate) earlier: Kind,
    pub(crate) later: Kind,
    /// In nanoseconds.
    pub(crate) delay: u64,
}

/// The most clauses that a level has.
pub(crate) const CLAUSES_MAX: usize = 2;

/// The clauses of a level. Of monotonic writes and writes follow reads, only those that order
/// writes: the others speak of who wrote what was read.
pub(crate) fn clauses(level: Consistency) -> Vec<Clause> {
    let clause = |per_client, earlier, later| Clause {
        per_client,
        earlier,
        later,
        delay: 0,
    };
    let writes = |order| match order {
        WriteOrder::Program => clause(true, Kind::Updates, Kind::Updates),
        WriteOrder::RealTime => clause(false, Kind::All, Kind::Updates),
    };
    match level {
        Consistency::Linearizable => vec![clause(false, Kind::All, Kind::All)],
        Consistency::Sequential => vec![clause(true, Kind::All, Kind::All)],
        Consistency::Session(Guarantee::MonotonicReads, order) => {
            vec![writes(order), clause(true, Kind::Reads, Kind::Reads)]
        }
        Consistency::Session(Guarantee::ReadYourWrites, order) => {
            vec![writes(order), clause(true, Kind::Updates, Kind::Reads)]
        }
        Consistency::Session(Guarantee::MonotonicWrites, order) => vec![writes(order)],
        Consistency::Session(Guarantee::WritesFollowReads, order) => {
            vec![writes(order), clause(true, Kind::Reads, Kind::Updates)]
        }
        Consistency::BoundedStaleness(bound) => vec![
            writes(WriteOrder::RealTime),
            Clause {
                delay: nanoseconds(bound),
                ..clause(false, Kind::Updates, Kind::Reads)
            },
        ],
    }
}

/// A duration in whole nanoseconds; what is too long for them never ends.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
