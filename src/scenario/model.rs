//! The `[model]` table: what a search through every schedule may do, and how often.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Beginning, Does, Milestone, Scenario};

use crate::network::LinkContract;
use crate::storage::Durability;
use crate::units::KeyError;

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

const MOST_REPLICAS: u64 = 5;
const MOST_OPERATIONS: usize = 12;
const MOST_TICKS: u8 = 32;

impl ModelOptions {
    /// Whether a check of this name is to fail on some schedule.
    pub fn expects(&self, check: &str) -> bool {
        self.violates.iter().any(|name| name == check)
    }

    /// How many commands all clients issue together.
    pub fn operations(&self) -> usize {
        self.clients.iter().map(|client| client.does.len()).sum()
    }

    /// The key that is wrong in its scenario, if one is, and what would be right.
    pub fn problem(&self, scenario: &Scenario) -> Option<KeyError> {
        self.own_problem(scenario.cluster.replicas)
            .or_else(|| self.network_problem(scenario.network.contract))
            .or_else(|| self.elsewhere(scenario))
    }

    fn own_problem(&self, replicas: u64) -> Option<KeyError> {
        if replicas > MOST_REPLICAS {
            let message =
                format!("{replicas} replicas are too many to search: at most {MOST_REPLICAS}");
            return Some(KeyError::new("clients", message));
        }
        if self.operations() > MOST_OPERATIONS {
            let message = format!("at most {MOST_OPERATIONS} commands in all can be searched");
            return Some(KeyError::new("clients", message));
        }
        if self.clients.iter().any(|client| client.does.is_empty()) {
            return Some(KeyError::new(
                "clients",
                "a client does something: does = [\"write\"]".to_owned(),
            ));
        }
        let there = |replica: &u64| (1..=replicas).contains(replica);
        let asked = self.clients.iter().map(|client| &client.at);
        for (key, replica) in asked
            .map(|at| ("clients", at))
            .chain(self.attempts_at.iter().map(|at| ("attempts_at", at)))
        {
            if !there(replica) {
                let message = format!("there is no replica {replica}: they are 1 to {replicas}");
                return Some(KeyError::new(key, message));
            }
        }
        if let Some((key, _)) = [("ticks", self.ticks), ("time", self.time)]
            .into_iter()
            .find(|(_, often)| *often > MOST_TICKS)
        {
            return Some(KeyError::new(
                key,
                format!("at most {MOST_TICKS} can be searched"),
            ));
        }
        None
    }

    fn network_problem(&self, contract: LinkContract) -> Option<KeyError> {
        let session = contract == LinkContract::Session;
        if session && self.losses > 0 && self.breaks == 0 && self.cuts == 0 {
            let message =
                "session links lose messages only when they break: set breaks or cuts, too";
            return Some(KeyError::new("losses", message.to_owned()));
        }
        if !session && self.breaks > 0 {
            let message = "only links with contract = \"session\" have sessions to break";
            return Some(KeyError::new("breaks", message.to_owned()));
        }
        let datagram = contract == LinkContract::Datagram;
        [("duplicates", self.duplicates), ("reorders", self.reorders)]
            .into_iter()
            .find(|(_, bound)| *bound > 0 && !datagram)
            .map(|(key, _)| {
                let message = "only links with contract = \"datagram\" do that";
                KeyError::new(key, message)
            })
    }

    fn elsewhere(&self, scenario: &Scenario) -> Option<KeyError> {
        if let Some(message) = self.from.as_ref().and_then(Beginning::problem) {
            return Some(KeyError::new("from", message));
        }
        if self.time > 0 && self.from.is_some() {
            let message = "when the timers of a run are due is not known: leave time out, and \
                           set ticks, at which any timer fires";
            return Some(KeyError::new("time", message.to_owned()));
        }
        let is_unsynced = scenario.disk.contract == Durability::Unsynced;
        if is_unsynced && self.unsynced == 0 && self.crashes > 0 {
            let message = "an unsynced disk that loses nothing is a durable one: set unsynced \
                           to how many writes crashes take away, or \
                           set disk.contract to \"durable\"";
            return Some(KeyError::new("unsynced", message.to_owned()));
        }
        if self.unsynced > 0 && !is_unsynced {
            let message = "only a disk with contract = \"unsynced\" loses its last writes";
            return Some(KeyError::new("unsynced", message.to_owned()));
        }
        None
    }
}
