//! Where a replica stands before its first tick.

use super::tuning::{ReplicaOptions, StartSignal};
use crate::observation::ReplicaId;

/// Where a replica stands before its first tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StartPhase {
    /// It attempts to lead, then signals.
    InitialLeader,
    /// It waits for the signal.
    Waiting,
    /// It knows when to begin, or has begun.
    Begun,
}

impl StartPhase {
    /// Where a life begins.
    pub(super) fn first(options: &ReplicaOptions, me: ReplicaId) -> Self {
        match options.tuning.start_signal {
            StartSignal::None => Self::Begun,
            StartSignal::Upstream if options.tuning.initial_leader == Some(me) => {
                Self::InitialLeader
            }
            StartSignal::Upstream => Self::Waiting,
        }
    }
}
