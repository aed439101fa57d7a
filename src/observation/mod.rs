//! What is observed of a run, and nothing else is: the tape between those who
//! act (disks, replicas, clients, the nemesis) and those who judge (the checks).
//!
//! Disks report every write, adaptors what they send, apply and believe, the
//! world who invoked and completed what, who crashed, and which faults held.
//! Checks read these observations and never the world, so the same checks work
//! on a saved run. A [`Ledger`] rebuilds from the writes alone what a replica's
//! disk holds.

mod chain;
mod content;
mod kind;
mod ledger;
mod log_id;
mod run_digest;
mod tape;

pub use chain::{Chain, EMPTY_LOG};
pub use content::{content_digest, fold_content};
pub use kind::{Kind, Kinds};
pub use ledger::Ledger;
pub use log_id::LogId;
pub use run_digest::{RunDigest, Step};
pub use tape::{LogTape, Tape};

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number of a replica, from 1 on.
pub type ReplicaId = u64;
/// The global number of a client, from 1 on.
pub type ClientId = u64;

/// A ballot (round) of a consensus protocol, ordered by number, priority, replica.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Ballot {
    /// The number; the most significant part.
    pub number: u32,
    /// The priority that its owner was given.
    pub priority: u32,
    /// The owner.
    pub replica: ReplicaId,
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}", self.number)?;
        if self.priority != 0 {
            write!(f, " priority {}", self.priority)?;
        }
        write!(f, " of {})", self.replica)
    }
}

/// Where a completion stands in the replicated log: its linearization point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Position {
    /// It is the entry at this index (from 1 on).
    At(u64),
    /// It was read from the state after the entry at this index.
    After(u64),
}

impl Position {
    /// The index of the last entry whose effect it includes.
    pub const fn index(self) -> u64 {
        match self {
            Self::At(index) | Self::After(index) => index,
        }
    }
}

/// One command of one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId {
    /// The global number of the client.
    pub client: ClientId,
    /// The number that the client gave the command, from 1 on.
    pub sequence: u64,
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {} of client {}", self.sequence, self.client)
    }
}

/// What kind of message a replica handed to the network, as far as the
/// invariants of a consensus protocol speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Voice {
    /// A leader asks for promises.
    Prepare,
    /// A follower promises.
    Promise,
    /// A leader brings a follower's log in line.
    AcceptSync,
    /// A leader proposes entries.
    AcceptDecide,
    /// A follower accepted everything up to the index.
    Accepted {
        /// The accepted index.
        index: u64,
    },
    /// A leader says what is decided.
    Decide,
}

impl Voice {
    /// Whether only the leader of the ballot may say this.
    pub const fn is_leaders(self) -> bool {
        !matches!(self, Self::Promise | Self::Accepted { .. })
    }
}

/// One observation of one replica.
///
/// `E` is the log entry of the system under test, which only the reference fold
/// looks into.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub enum Observation<E> {
    /// Disk: the promise was set.
    Promise(Ballot),
    /// Disk: the accepted round was set.
    AcceptedRound(Ballot),
    /// Disk: the log was cut back to this index.
    Truncated {
        /// The index of the last entry that stays.
        to: u64,
    },
    /// Disk: an entry was appended.
    Appended {
        /// The digest of its content.
        digest: u64,
    },
    /// Disk: the decided index was set.
    Decided {
        /// The decided index.
        to: u64,
    },
    /// Disk: everything up to this index was removed from the log.
    Trimmed {
        /// The last removed index.
        to: u64,
    },
    /// Disk: a snapshot was stored.
    SnapshotStored {
        /// How many entries it folds.
        count: u64,
        /// The chain digest of what it folds.
        chain: u64,
        /// The digest of its state, where it is a state.
        state: Option<u64>,
    },
    /// Disk: a whole write (atomic or plain) returned, and had something to write.
    Written,
    /// Disk: it came back from a crash without its last writes. What it holds
    /// is reported anew, up to the next [`Self::Written`].
    Lost {
        /// How many entries at the front of the log are compacted.
        compacted: u64,
        /// Their chain digest, where something on the disk tells it.
        chain: Option<u64>,
    },
    /// A new life began.
    Started {
        /// Lives are counted from 1 on.
        incarnation: u32,
    },
    /// A life ended.
    Crashed,
    /// A message was taken from the replica to be sent.
    Said {
        /// What it says.
        voice: Voice,
        /// In which ballot.
        ballot: Ballot,
    },
    /// The replica's view of who leads changed.
    Leads {
        /// The leader, if any is known.
        leader: Option<ReplicaId>,
        /// Whether the replica itself is in the accept phase.
        accepting: bool,
    },
    /// The replica came to have a role of the system's own: to be the head of a chain, say.
    Role(&'static str),
    /// At the end of settle, and when the replica comes to lead: how a peer
    /// answered its last heartbeat.
    Heartbeat {
        /// The peer.
        of: ReplicaId,
        /// The ballot in which it would lead.
        ballot: Ballot,
        /// The ballot that it takes for the leader's.
        follows: Ballot,
        /// Whether it is content with that leader.
        happy: bool,
    },
    /// The service applied a log entry.
    Applied {
        /// Its index, from 1 on.
        index: u64,
        /// The entry.
        entry: E,
        /// The chain digest of everything applied so far.
        chain: u64,
        /// The digest of the result.
        reply: u64,
        /// False when the session table already knew the command.
        executed: bool,
    },
    /// The service started from a snapshot or a checkpoint.
    Restored {
        /// How many entries it folds.
        index: u64,
        /// Their chain digest.
        chain: u64,
        /// The digest of the restored state, sessions included.
        state: u64,
    },
    /// The digest of the service's state, sessions included.
    State {
        /// After the entry at this index.
        index: u64,
        /// The chain digest of everything applied so far.
        chain: u64,
        /// The digest of the state.
        state: u64,
    },
    /// A reply left for a client.
    Replied {
        /// The command that it answers.
        request: RequestId,
        /// Which attempt of the client it answers.
        attempt: u32,
        /// The linearization point, where the system gives one.
        position: Option<Position>,
        /// The digest of the result.
        reply: u64,
    },
    /// A bug that is planted in the replica made it do what the correct code would not have
    /// done.
    Deviated,
}

/// A log entry that carries a client's command, as the checks see it.
pub trait Replicated {
    /// Whose command it is.
    fn request(&self) -> RequestId;

    /// The digest of the command alone: equal to that of what the client invoked.
    fn command_digest(&self) -> u64;
}

impl Replicated for () {
    fn request(&self) -> RequestId {
        unreachable!("a system without a log applies no entries")
    }

    fn command_digest(&self) -> u64 {
        unreachable!("a system without a log applies no entries")
    }
}
