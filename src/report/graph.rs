//! What is said of a cluster of which only some links work.

use serde::{Deserialize, Serialize};

use super::ViolationReport;
use crate::observation::ReplicaId;

/// A graph and what a cluster did in it: the object that `graphs --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphReport {
    /// How many replicas there are.
    pub replicas: u64,
    /// The links that work.
    pub links: String,
    /// The replicas that reach a majority.
    pub quorum_connected: Vec<ReplicaId>,
    /// The longest time in which nothing completed although it could.
    pub unavailability_ns: u64,
    /// One election timeout, to measure it in.
    pub election_timeout_ns: u64,
    /// The most leader changes of one seed.
    pub leader_changes: u64,
    /// Whether anything is claimed here.
    pub judged: bool,
    /// Whether the claim holds, and nothing else is violated.
    pub holds: bool,
    /// What was violated besides.
    pub violation: Option<ViolationReport>,
    /// The first seed in which it was.
    pub seed: Option<u64>,
}

impl GraphReport {
    /// The longest wait in hundredths of an election timeout, rounded up.
    pub fn waited_hundredths(&self) -> u64 {
        let waited = u128::from(self.unavailability_ns) * 100;
        let timeouts = waited.div_ceil(u128::from(self.election_timeout_ns.max(1)));
        u64::try_from(timeouts).unwrap_or(u64::MAX)
    }
}
