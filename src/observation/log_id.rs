//! Which of a replica's logs something is observed of.

use std::fmt;

use serde::Serialize;

/// One of the logs that a replica may have: one for each configuration, say, or each shard. Replicas
/// that name the same number replicate the same log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct LogId(pub u32);

impl LogId {
    /// The only log of most systems.
    pub const FIRST: Self = Self(0);
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "log {}", self.0)
    }
}
