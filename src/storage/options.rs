//! What a scenario says of disks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Time;

/// What survives a crash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Durability {
    /// Every write that returned.
    #[default]
    Durable,
    /// All but the last writes, lost in order: a disk that is never synced.
    Unsynced,
    /// Nothing: a restart finds an empty disk.
    Amnesia,
}

/// The `[disk]` table of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DiskOptions {
    /// What survives a crash.
    pub contract: Durability,
    /// How long one write keeps its replica busy.
    pub write_latency: Time,
    /// The most writes that an unsynced disk can lose in one crash.
    pub unsynced_writes: u32,
}

impl Default for DiskOptions {
    fn default() -> Self {
        Self {
            contract: Durability::Durable,
            write_latency: Time::default(),
            unsynced_writes: 16,
        }
    }
}
