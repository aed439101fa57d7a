//! The bugs that can be planted: switches that the replica asks, and what each is about.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! planted_bugs {
    ($($(#[doc = $doc:literal])* $bug:ident = $name:literal,)*) => {
        /// A bug that can be planted; exactly one in a run.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
        )]
        pub enum Bug {
            $($(#[doc = $doc])* #[serde(rename = $name)] $bug,)*
        }

        impl Bug {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$bug,)*];

            /// The bug of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|bug| bug.name() == name)
            }

            /// The name in scenarios and reports.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$bug => $name,)*
                }
            }
        }
    };
}

planted_bugs! {
    /// A leader answers when it has appended a command, before it is decided.
    ReplyBeforeDecide = "reply-before-decide",
    /// Reads are answered from the state of whoever is asked.
    LocalGet = "local-get",
    /// Entries are applied once they are accepted.
    ApplyUndecided = "apply-undecided",
    /// After a restart, applying begins one entry late.
    AppliedOffByOne = "applied-off-by-one",
    /// Entries that are decided together are applied last first.
    BatchAppliedBackwards = "batch-applied-backwards",
    /// What was applied before a restart is executed twice when it is replayed.
    ReplayExecutesTwice = "replay-executes-twice",
    /// A snapshot in the log is passed over.
    SnapshotIgnored = "snapshot-ignored",
    /// Every replica that applies a command answers it.
    ReplyFromEveryReplica = "reply-from-every-replica",
    /// Pending requests are told apart by their number only, not by their client.
    PendingBySequenceOnly = "pending-by-sequence-only",
    /// One pending request is kept per client: an answer goes to the newest.
    OnePendingRequestPerClient = "one-pending-request-per-client",
    /// An answer leaves on the connection of whoever asked last.
    ReplyToLastAsker = "reply-to-last-asker",
    /// Only the first attempt of a request is taken.
    RetryIgnored = "retry-ignored",
    /// A retried request is proposed from a buffer that another has used since.
    RequestBufferReused = "request-buffer-reused",
    /// The library is not told that a session was made again.
    SessionNewsIgnored = "session-news-ignored",
    /// A restarted replica waits for a start signal that nobody repeats.
    NeverTicks = "never-ticks",
    /// A replica reports a checkpoint that it did not write.
    CheckpointNotWritten = "checkpoint-not-written",
    /// No command is checked for having been executed already.
    DedupMissing = "dedup-missing",
    /// Clients are numbered by the replica that they belong to.
    DedupKeyPerCoordinator = "dedup-key-per-coordinator",
    /// Requests are numbered by the coordinator, from 1 on in each of its lives.
    IdsReusedAfterRestart = "ids-reused-after-restart",
    /// A session remembers its last command only.
    SessionKeepsLastOnly = "session-keeps-last-only",
    /// A session forgets the command at its low-water mark.
    LowWaterOffByOne = "low-water-off-by-one",
    /// A compare-and-swap succeeds whatever the value is.
    CasAlwaysYes = "cas-always-yes",
    /// Snapshots hold the state, but not the sessions.
    SessionsNotInSnapshot = "sessions-not-in-snapshot",
    /// Folding a snapshot passes over deletions.
    DeleteLostInSnapshot = "delete-lost-in-snapshot",
    /// The promise is not written.
    PromiseNotPersisted = "promise-not-persisted",
    /// A restart does not read the promise.
    PromiseForgottenAtRestart = "promise-forgotten-at-restart",
    /// The accepted round is not written.
    AcceptedRoundNotPersisted = "accepted-round-not-persisted",
    /// A restart begins without the entries that were accepted and not decided.
    LogTailLostAtRestart = "log-tail-lost-at-restart",
    /// A synchronisation appends where it should cut the log back first.
    SyncAppends = "sync-appends",
    /// A trim removes all that is accepted.
    TrimBeyondDecided = "trim-beyond-decided",
    /// The log is compacted one entry short of its snapshot.
    SnapshotIndexOffByOne = "snapshot-index-off-by-one",
    /// The decided index is not written.
    DecidedIndexNotPersisted = "decided-index-not-persisted",
    /// A restart begins with what was compacted as the decided index.
    DecidedIndexReset = "decided-index-reset",
    /// Entries of a leader that was left for another are accepted, too.
    OlderBallotAccepted = "older-ballot-accepted",
    /// Entries are accepted although others before them were lost.
    GapIgnored = "gap-ignored",
    /// The first entries after a synchronisation are appended twice.
    AcceptAppliedTwice = "accept-applied-twice",
    /// A leader counts one acceptance that nobody gave.
    QuorumOffByOne = "quorum-off-by-one",
    /// A leader counts one promise that nobody gave.
    PromiseQuorumOffByOne = "promise-quorum-off-by-one",
    /// A leader asks as few for promises as are enough to accept.
    QuorumsConfused = "quorums-confused",
    /// A leader that restarted goes on in the ballot in which it led.
    BallotReusedAfterRestart = "ballot-reused-after-restart",
    /// A leader tells its followers that what it sends them is decided.
    DecidedTooHigh = "decided-too-high",
    /// A promise comes without the entries that the leader lacks.
    PromiseWithoutSuffix = "promise-without-suffix",
    /// A synchronisation leaves out its last entry.
    SyncCutShort = "sync-cut-short",
    /// A follower acknowledges one entry more than it has.
    AcknowledgesOneTooMany = "acknowledges-one-too-many",
    /// Nobody is told what is decided but with the next entries.
    DecideNotSent = "decide-not-sent",
    /// Every heartbeat says that its sender is content with the leader.
    AlwaysContent = "always-content",
    /// Every heartbeat that is heard is passed on to all replicas.
    HeartbeatsPassedOn = "heartbeats-passed-on",
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Bug {
    /// Whether it is a mistake of the machine.
    pub(super) const fn is_of_machine(self) -> bool {
        matches!(
            self,
            Self::DedupKeyPerCoordinator
                | Self::IdsReusedAfterRestart
                | Self::SessionKeepsLastOnly
                | Self::LowWaterOffByOne
                | Self::CasAlwaysYes
                | Self::SessionsNotInSnapshot
                | Self::DeleteLostInSnapshot
        )
    }

    /// Whether it is a mistake in what is stored, or shows in it.
    pub(super) const fn is_of_storage(self) -> bool {
        matches!(
            self,
            Self::PromiseNotPersisted
                | Self::PromiseForgottenAtRestart
                | Self::AcceptedRoundNotPersisted
                | Self::LogTailLostAtRestart
                | Self::SyncAppends
                | Self::TrimBeyondDecided
                | Self::SnapshotIndexOffByOne
                | Self::DecidedIndexNotPersisted
                | Self::DecidedIndexReset
                | Self::SessionsNotInSnapshot
                | Self::DeleteLostInSnapshot
        )
    }
}
