//! The levels of consistency that a history can be checked for.

use std::time::Duration;

/// What a history can be checked for; see the [module](super) for what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Consistency {
    /// One order of all operations that keeps real time: [`check`](fn@crate::check).
    Linearizable,
    /// One order of all operations that keeps the program order of each client.
    Sequential,
    /// What a client sees of its own reads and writes.
    Session(Guarantee, WriteOrder),
    /// A read reflects every write that returned longer ago than this.
    BoundedStaleness(Duration),
}

/// A guarantee of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// A client's reads do not go back.
    MonotonicReads,
    /// A client's writes are seen in the order in which it issued them.
    MonotonicWrites,
    /// A client sees its own writes.
    ReadYourWrites,
    /// A client's write comes after what the client had read.
    WritesFollowReads,
}

/// What is taken for granted of the order of writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WriteOrder {
    /// Writes of one client are in its program order. Nothing is promised between clients: a
    /// system that lets the later of two writes lose is fine, as long as it does so for all.
    #[default]
    Program,
    /// Writes take effect between their call and their return, as where they go through one log
    /// and only reads are weak: what had returned, or been seen by a read that had returned,
    /// before a write was called comes before it.
    RealTime,
}
