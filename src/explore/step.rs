//! One step of one replica: what it takes, how far it comes, what follows.

use std::sync::Arc;

use simulated_clock::Instant;

use super::broken::Broken;
use super::decided::Decided;
use crate::observation::ReplicaId;
use crate::scenario::Milestone;

/// A state that one replica can be in.
pub(super) type LocalId = u32;
/// A message between two replicas.
pub(super) type MessageId = u32;
/// An answer to a client.
pub(super) type OutputId = u32;

/// Messages and to whom, in order.
pub(super) type Sends = Vec<(u8, MessageId)>;
/// Answers: the client, its number for the command, and the answer.
pub(super) type Replies = Vec<(u64, u64, OutputId)>;

/// A step of a replica, counted from 0 on, in a schedule.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) replica: usize,
    pub(super) input: Input,
    pub(super) fate: Fate,
    /// What the search took it to lead to.
    pub(super) step: Arc<Step>,
}

/// What a replica takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Input {
    /// A life begins on what the disk holds, but for its last writes.
    Start {
        /// How many the crash before took away.
        lost: u8,
    },
    /// A message arrives.
    Message(MessageId),
    /// A client asks.
    Request {
        /// Which command.
        operation: u8,
        /// For the how manieth time, from 1 on.
        attempt: u8,
    },
    /// A timer fires.
    Timer(u8),
    /// Time has passed until now.
    Time(Instant),
    /// A new session with a peer was made.
    SessionUp(u8),
    /// It attempts to lead.
    Attempt,
    /// It goes down between two handlers.
    Crash,
}

impl Input {
    /// A life begins on all that the disk holds.
    pub(super) const START: Self = Self::Start { lost: 0 };
}

/// How far a handler comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Fate {
    /// To its end.
    Whole,
    /// It crashes before this write, from 1 on.
    Before(u8),
    /// It crashes after this write, its last, before any effect after it leaves.
    After(u8),
}

/// What a step led to.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The replica's next state.
    pub(super) next: LocalId,
    /// What it sent, in order.
    pub(super) sends: Sends,
    /// What it answered.
    pub(super) replies: Replies,
    /// How often it wrote.
    pub(super) writes: u8,
    /// What it broke.
    pub(super) broken: Option<Broken>,
    /// What it showed for the first time, perhaps.
    pub(super) reached: Reached,
}

impl Step {
    /// A step of which nothing is known but what it breaks.
    pub(super) fn that_breaks(from: LocalId, broken: Broken) -> Self {
        Self {
            broken: Some(broken),
            ..Self::nothing(from)
        }
    }

    /// A step that leads nowhere.
    pub(super) fn nothing(from: LocalId) -> Self {
        Self {
            next: from,
            sends: Vec::new(),
            replies: Vec::new(),
            writes: 0,
            broken: None,
            reached: Reached::default(),
        }
    }
}

/// What is known of a replica's state.
#[derive(Clone, Debug, Default)]
pub(super) struct Local {
    /// Whether it runs.
    pub(super) up: bool,
    /// Its timers that are set, by their numbers.
    pub(super) timers: u32,
    /// Those that are due, where time passes.
    pub(super) due: u32,
    /// When the next is due.
    pub(super) next_due: Option<Instant>,
    /// What it has decided.
    pub(super) decided: Decided,
    /// How many of its last writes a crash takes away at most, where it is down.
    pub(super) unsynced: u8,
    /// Which replica it is of.
    pub(super) replica: ReplicaId,
}

/// What a search came by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached(pub(super) u32);

impl Reached {
    pub(super) const ELECTION: Self = Self::of(Milestone::Election);
    pub(super) const SYNCHRONISATION: Self = Self::of(Milestone::Synchronisation);
    pub(super) const DECISION: Self = Self::of(Milestone::Decision);
    pub(super) const TRUNCATION: Self = Self::of(Milestone::Truncation);
    pub(super) const RECOVERY: Self = Self::of(Milestone::Recovery);
    pub(super) const SNAPSHOT: Self = Self::of(Milestone::Snapshot);
    pub(super) const ANSWER: Self = Self::of(Milestone::Answer);
    pub(super) const COMPLETION: Self = Self::of(Milestone::Completion);
    pub(super) const CHANGE: Self = Self::of(Milestone::Change);

    const fn of(milestone: Milestone) -> Self {
        Self(1 << milestone as u32)
    }

    /// Whether it has everything of `other`.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this was come by.
    pub fn contains(self, milestone: Milestone) -> bool {
        self.has(Self::of(milestone))
    }

    /// Each thing in words, and whether it was come by.
    pub fn all(self) -> impl Iterator<Item = (&'static str, bool)> {
        let all = Milestone::ALL.into_iter();
        all.map(move |milestone| (milestone.words(), self.contains(milestone)))
    }
}
