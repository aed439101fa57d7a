//! What replicas of an OmniPaxos service send each other.

use omnipaxos::messages::Message as LibraryMessage;
use omnipaxos::messages::ballot_leader_election::HeartbeatMsg;
use omnipaxos::messages::sequence_paxos::PaxosMsg;
use serde::Serialize;
use simulated_clock::Instant;

use super::carried::Carried;
use super::entry::Entry;
use super::state_machine::StateMachine;
use super::telling;
use super::voice::voice;
use crate::observation::ReplicaId;
use crate::replica::Message;

/// A message of the library, or of the service around it.
#[derive(Clone, Debug, Serialize)]
#[serde(bound = "")]
#[non_exhaustive]
pub enum PaxosPacket<S: StateMachine> {
    /// The library's own. Boxed, because it is large and travels far.
    Library(Box<Carried<Entry<S>>>),
    /// The service's.
    Service(ServiceMessage),
}

/// What services say to each other beside the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum ServiceMessage {
    /// The initial leader leads: begin at this time.
    LeaderStartSignal {
        /// In nanoseconds, by the sender's clock.
        at_ns: u64,
    },
    /// The leader wants to trim up to this index: write a checkpoint.
    WriteCheckpoint {
        /// The index.
        index: u64,
    },
    /// A checkpoint is durable.
    CheckpointWritten {
        /// How far it reaches.
        index: u64,
    },
}

impl ServiceMessage {
    /// A start signal for the given time.
    pub fn start_at(at: Instant) -> Self {
        Self::LeaderStartSignal {
            at_ns: at.as_nanos(),
        }
    }
}

const KINDS: &[&str] = &[
    "HeartbeatRequest",
    "HeartbeatReply",
    "PrepareReq",
    "Prepare",
    "Promise",
    "AcceptSync",
    "AcceptDecide",
    "Accepted",
    "NotAccepted",
    "Decide",
    "ProposalForward",
    "Compaction",
    "AcceptStopSign",
    "ForwardStopSign",
    "LeaderStartSignal",
    "WriteCheckpoint",
    "CheckpointWritten",
];

/// Those of [`KINDS`] that are the library's own.
pub(super) const LIBRARY_KINDS: &[&str] = KINDS.split_at(14).0;

impl<S: StateMachine> Message for PaxosPacket<S> {
    const KINDS: &'static [&'static str] = KINDS;

    fn kind(&self) -> usize {
        match self {
            Self::Library(message) => message.kind(),
            Self::Service(ServiceMessage::LeaderStartSignal { .. }) => 14,
            Self::Service(ServiceMessage::WriteCheckpoint { .. }) => 15,
            Self::Service(ServiceMessage::CheckpointWritten { .. }) => 16,
        }
    }

    fn tell(&self) -> String {
        match self {
            Self::Library(message) => telling::tell(message),
            Self::Service(ServiceMessage::LeaderStartSignal { at_ns }) => {
                format!("at {}", Instant::from_nanos(*at_ns))
            }
            Self::Service(
                ServiceMessage::WriteCheckpoint { index }
                | ServiceMessage::CheckpointWritten { index },
            ) => format!("up to {index}"),
        }
    }

    fn leader(&self) -> Option<ReplicaId> {
        let Self::Library(message) = self else {
            return None;
        };
        voice(message).map(|(_, ballot)| ballot.replica)
    }

    fn is_routine(&self) -> bool {
        matches!(self, Self::Library(message) if matches!(***message, LibraryMessage::BLE(_)))
    }
}

/// Which of [`KINDS`] a message of the library is.
#[inline]
pub(super) const fn library_kind<T: omnipaxos::storage::Entry>(message: &LibraryMessage<T>) -> u8 {
    if let LibraryMessage::BLE(message) = message {
        return match message.msg {
            HeartbeatMsg::Request(_) => 0,
            HeartbeatMsg::Reply(_) => 1,
        };
    }
    let LibraryMessage::SequencePaxos(message) = message else {
        panic!("only the library's asynchronous runtime sends this, and nobody runs that here");
    };
    match message.msg {
        PaxosMsg::PrepareReq(_) => 2,
        PaxosMsg::Prepare(_) => 3,
        PaxosMsg::Promise(_) => 4,
        PaxosMsg::AcceptSync(_) => 5,
        PaxosMsg::AcceptDecide(_) => 6,
        PaxosMsg::Accepted(_) => 7,
        PaxosMsg::NotAccepted(_) => 8,
        PaxosMsg::Decide(_) => 9,
        PaxosMsg::ProposalForward(_) => 10,
        PaxosMsg::Compaction(_) => 11,
        PaxosMsg::AcceptStopSign(_) => 12,
        PaxosMsg::ForwardStopSign(_) => 13,
    }
}
