//! What a handler asks of the world, in the order it asked.

use simulated_clock::Duration;

use super::{Replica, Reply, TimerId};
use crate::observation::ReplicaId;

/// One thing that a handler asked for.
#[derive(Clone, Debug)]
pub enum Effect<R: Replica> {
    /// Send a message to a peer.
    Send {
        /// The receiver.
        to: ReplicaId,
        /// The message.
        message: R::Message,
    },
    /// Answer a client. Boxed: most effects are small.
    Reply(Box<Reply<R::Output>>),
    /// Let a timer fire once, in place of one of the same name that is pending.
    SetTimer {
        /// Its name.
        timer: TimerId,
        /// After how long, by the node's own oscillator.
        after: Duration,
    },
    /// Let a pending timer not fire.
    CancelTimer(TimerId),
}

/// An effect, and how far the handler had come when it asked for it.
#[derive(Clone, Debug)]
pub struct Timed<R: Replica> {
    /// The latency of the writes before it: it leaves that much later.
    pub after: Duration,
    /// How many writes were done before it.
    pub writes: u64,
    /// What was asked.
    pub effect: Effect<R>,
}
