//! The `[model]` table: what a search through every schedule may do, and how often.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Beginning, Does, Milestone};

/// What may happen in a schedule, and how often. What is bounded is bounded
/// over a whole schedule, in whatever order it comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelOptions {
    /// The clients and what each asks, one command after the other.
    pub clients: Vec<ModelClient>,
    /// How often a replica attempts to lead on its own accord.
    pub attempts: u8,
    /// The replicas that do; all of them where empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attempts_at: Vec<u64>,
    /// How often a timer of a replica fires at any moment, whatever the time; clocks stand
    /// still. Heartbeats are carried only if that, or `time`, is enough for an election timeout.
    pub ticks: u8,
    /// How often time passes for all replicas: each time until the next timer is due. What is due
    /// then fires whenever it likes, beside `ticks`.
    pub time: u8,
    /// How often a replica crashes; it may start again at any later time.
    pub crashes: u8,
    /// Crashes strike between two handlers only, not between two writes.
    pub crash_between_handlers: bool,
    /// How many writes crashes take away, the last ones first (unsynced disks).
    pub unsynced: u8,
    /// How often a session breaks (session links).
    pub breaks: u8,
    /// How often a link is cut; it may heal at any later time.
    pub cuts: u8,
    /// How many messages are lost: by breaks and cuts (session), or silently (lossy,
    /// datagram). What is sent over a cut link, or would arrive over one that has no
    /// session, is lost beside that.
    pub losses: u8,
    /// How many messages arrive twice (datagram).
    pub duplicates: u8,
    /// How many messages overtake others (datagram).
    pub reorders: u8,
    /// How often a client asks again, as `workload.retry` says.
    pub retries: u8,
    /// From every state at rest, once nothing fails any more, everything that is asked
    /// has to be answered and decided by all replicas.
    pub settles: bool,
    /// How states are recognised; after a run always by history.
    pub identity: Identity,
    /// The moment of a run with which every schedule begins, in place of the first start of
    /// all replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Beginning>,
    /// What must happen in some schedule, or the search proves nothing; by default a
    /// client is answered, an answered command changes the object and, where the system has a log, an
    /// entry is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require: Option<Vec<Milestone>>,
    /// The checks of which one must fail in some schedule, and no other may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub violates: Vec<String>,
}

/// A client of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelClient {
    /// The replica that it asks.
    pub at: u64,
    /// What it asks, each after the answer to the one before: "write", "read", or an
    /// operation that the system's workload lists.
    pub does: Vec<Does>,
}

/// How a search tells whether it has been in a state before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Identity {
    /// Replicas are the same if they look the same and answer the same to what
    /// would bring hidden differences to light.
    #[default]
    Behaviour,
    /// Replicas are the same if they went through the same: more states, and no
    /// trust in anything but determinism.
    History,
}

impl ModelOptions {
    /// Whether a check of this name is to fail on some schedule.
    pub fn expects(&self, check: &str) -> bool {
        self.violates.iter().any(|name| name == check)
    }

    /// How many commands all clients issue together.
    pub fn operations(&self) -> usize {
        self.clients.iter().map(|client| client.does.len()).sum()
    }

    /// Bounds for a search that goes on from a run whose scenario has none: a new client
    /// writes, another reads at another replica, and somebody attempts to lead.
    pub fn going_on(beginning: Beginning) -> Self {
        let client = |at, does| ModelClient {
            at,
            does: vec![does],
        };
        Self {
            clients: vec![client(1, Does::Write), client(2, Does::Read)],
            attempts: 1,
            ..Self::default()
        }
        .begun_with(beginning)
    }

    /// The same bounds, for a search that goes on from a run. What is expected of a search
    /// from the first start says nothing of it.
    #[must_use]
    pub fn begun_with(self, beginning: Beginning) -> Self {
        Self {
            identity: Identity::History,
            violates: Vec::new(),
            from: Some(beginning),
            ..self
        }
    }

    /// How states are recognised: nobody knows what led to where a run was halted, so
    /// that after it only what replicas went through tells them apart.
    pub fn recognised_by(&self) -> Identity {
        match self.from {
            Some(_) => Identity::History,
            None => self.identity,
        }
    }
}
