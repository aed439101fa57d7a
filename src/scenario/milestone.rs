//! What a search can be required to come by: one in which nothing happens proves nothing.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that happens in some schedule of a search.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Milestone {
    /// A replica is elected.
    Election,
    /// A leader synchronises a log.
    Synchronisation,
    /// An entry is decided.
    Decision,
    /// A log is truncated.
    Truncation,
    /// A restarted replica accepts again.
    Recovery,
    /// A snapshot is stored.
    Snapshot,
    /// A client is answered.
    Answer,
    /// Every command completes.
    Completion,
    /// An answered command changes the object.
    Change,
}

impl Milestone {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Election,
        Self::Synchronisation,
        Self::Decision,
        Self::Truncation,
        Self::Recovery,
        Self::Snapshot,
        Self::Answer,
        Self::Completion,
        Self::Change,
    ];

    /// The name in scenarios and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Election => "election",
            Self::Synchronisation => "synchronisation",
            Self::Decision => "decision",
            Self::Truncation => "truncation",
            Self::Recovery => "recovery",
            Self::Snapshot => "snapshot",
            Self::Answer => "answer",
            Self::Completion => "completion",
            Self::Change => "change",
        }
    }

    /// What happens, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Election => "a replica is elected",
            Self::Synchronisation => "a leader synchronises a log",
            Self::Decision => "an entry is decided",
            Self::Truncation => "a log is truncated",
            Self::Recovery => "a restarted replica accepts again",
            Self::Snapshot => "a snapshot is stored",
            Self::Answer => "a client is answered",
            Self::Completion => "every command completes",
            Self::Change => "an answered command changes the object",
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
