//! What can be required to have happened, so that a green run is not an empty one.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a run counts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Occurrence {
    /// Another replica came to lead.
    LeaderChange,
    /// A replica came back after a crash.
    Restart,
    /// A crash struck inside a handler, around a write.
    CrashInHandler,
    /// An injected error stopped a replica.
    FailStop,
    /// Entries that were appended but not decided were overwritten.
    LogTruncated,
    /// A replica stored a snapshot.
    SnapshotTaken,
    /// A service went on from a snapshot that others had made.
    SnapshotInstalled,
    /// A log was trimmed without a snapshot.
    LogTrimmed,
    /// A session was lost and made again.
    SessionRemade,
    /// A client asked again.
    Retry,
    /// A command was decided again and not executed again.
    Deduplicated,
    /// An operation was abandoned: its outcome is unknown.
    UnknownOutcome,
}

impl Occurrence {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::LeaderChange,
        Self::Restart,
        Self::CrashInHandler,
        Self::FailStop,
        Self::LogTruncated,
        Self::SnapshotTaken,
        Self::SnapshotInstalled,
        Self::LogTrimmed,
        Self::SessionRemade,
        Self::Retry,
        Self::Deduplicated,
        Self::UnknownOutcome,
    ];

    /// The name in scenarios and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeaderChange => "leader_change",
            Self::Restart => "restart",
            Self::CrashInHandler => "crash_in_handler",
            Self::FailStop => "fail_stop",
            Self::LogTruncated => "log_truncated",
            Self::SnapshotTaken => "snapshot_taken",
            Self::SnapshotInstalled => "snapshot_installed",
            Self::LogTrimmed => "log_trimmed",
            Self::SessionRemade => "session_remade",
            Self::Retry => "retry",
            Self::Deduplicated => "deduplicated",
            Self::UnknownOutcome => "unknown_outcome",
        }
    }
}

impl fmt::Display for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
