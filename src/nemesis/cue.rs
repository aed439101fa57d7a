//! Moments of a protocol at which a fault matters most, told by what replicas say.
//!
//! Between two steps of a consensus protocol there is a gap in which something is
//! promised, accepted or decided by some and not known to others. A fault that
//! comes by the clock rarely falls into it; a cue is that gap.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::observation::{Kind, Kinds, Observation, ReplicaId, Voice};

/// A message of the protocol was just handed to the network.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Cue {
    /// A replica that wants to lead asks for promises: an election.
    Prepare,
    /// A follower promised: between promise and accept.
    Promise,
    /// A leader brings a log in line: synchronisation.
    AcceptSync,
    /// A leader proposes entries: a batch is flushed.
    AcceptDecide,
    /// A follower accepted: between accept and decide.
    Accepted,
    /// A leader says what is decided, and followers do not know it yet.
    Decide,
    /// A client was answered.
    Reply,
}

impl Cue {
    /// All of them, in the order of the protocol.
    pub const ALL: [Self; 7] = [
        Self::Prepare,
        Self::Promise,
        Self::AcceptSync,
        Self::AcceptDecide,
        Self::Accepted,
        Self::Decide,
        Self::Reply,
    ];

    /// The observations that can be one.
    pub const KINDS: Kinds = Kinds::of(&[Kind::Said, Kind::Replied]);

    /// The name in scenarios, reports and decision sites.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Promise => "promise",
            Self::AcceptSync => "accept_sync",
            Self::AcceptDecide => "accept_decide",
            Self::Accepted => "accepted",
            Self::Decide => "decide",
            Self::Reply => "reply",
        }
    }

    /// Which cue an observation is, and who leads in the ballot that it speaks
    /// of; nobody does where it speaks of none.
    pub const fn of<E>(observation: &Observation<E>) -> Option<(Self, Option<ReplicaId>)> {
        match observation {
            Observation::Said { voice, ballot } => {
                let cue = match voice {
                    Voice::Prepare => Self::Prepare,
                    Voice::Promise => Self::Promise,
                    Voice::AcceptSync => Self::AcceptSync,
                    Voice::AcceptDecide => Self::AcceptDecide,
                    Voice::Accepted { .. } => Self::Accepted,
                    Voice::Decide => Self::Decide,
                };
                Some((cue, Some(ballot.replica)))
            }
            Observation::Replied { .. } => Some((Self::Reply, None)),
            _ => None,
        }
    }
}

impl fmt::Display for Cue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
