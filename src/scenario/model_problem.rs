//! What is wrong with a `[model]` table: too much to search, or nothing that its scenario has.

use super::{Beginning, ModelOptions, Scenario};
use crate::network::LinkContract;
use crate::storage::Durability;
use crate::units::KeyError;

const MOST_REPLICAS: u64 = 5;
const MOST_OPERATIONS: usize = 12;
const MOST_TICKS: u8 = 32;

impl ModelOptions {
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
