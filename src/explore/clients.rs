//! What the clients of a search ask, when they may, and which replica.

use super::planned::Planned;
use super::setting::asks;
use super::state::State;
use crate::client::Retry;

/// The clients of a search.
pub(super) struct Clients {
    planned: Vec<Planned>,
    retry: Retry,
    /// Whether they ask until they are answered, once nothing fails any more.
    asks_on: bool,
}

impl Clients {
    /// Clients that ask what is planned.
    pub(super) fn new(planned: Vec<Planned>, retry: Retry, retries_are_safe: bool) -> Self {
        Self {
            planned,
            retry,
            asks_on: retry != Retry::None && retries_are_safe,
        }
    }

    /// All commands, client by client.
    pub(super) fn planned(&self) -> &[Planned] {
        &self.planned
    }

    /// Which command a client's number for it means, if there is one.
    pub(super) fn operation(&self, client: u64, sequence: u64) -> Option<usize> {
        self.planned
            .iter()
            .position(|planned| (planned.client, planned.sequence) == (client, sequence))
    }

    /// The replica that a command asks when it was asked this often before.
    pub(super) fn asks(&self, operation: usize, before: u8, replicas: usize) -> usize {
        let planned = &self.planned[operation];
        asks(planned, self.retry, before.into(), replicas)
    }

    /// Whether a command that has no answer may be asked: the one before it has one, or there are
    /// retries left.
    pub(super) fn may_ask(&self, state: &State, operation: usize) -> bool {
        match state.commands[operation].asked {
            0 => self.planned[operation]
                .follows
                .is_none_or(|before| state.commands[usize::from(before)].output.is_some()),
            _ => state.left.retries > 0,
        }
    }

    /// The commands whose clients go on asking once nothing fails any more: which, and how often
    /// it was asked.
    pub(super) fn asking_on(&self, state: &State) -> Vec<(u8, u8)> {
        let asked = state.commands.iter().enumerate();
        let open = asked.filter(|(_, command)| command.asked > 0 && command.output.is_none());
        open.filter(|_| self.asks_on)
            .map(|(operation, command)| (operation as u8, command.asked))
            .collect()
    }
}
