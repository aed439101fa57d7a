//! What swarms take from the systems under test.

use serde::{Deserialize, Serialize};

/// What a swarm may take from the systems under test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// What the library is written for: links that keep order within a session,
    /// disks that keep what they were told.
    #[default]
    Promised,
    /// Links that lose, repeat and reorder; disks that forget. Acknowledged
    /// writes may be lost and replicas disagree, and a violation says so.
    Unlimited,
}
