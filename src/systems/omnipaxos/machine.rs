//! The machine around a state machine: it also holds the sessions, and how far it has come.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;

use super::entry::{Command, Entry};
use super::planted::flaw::execute;
use super::sessions::Sessions;
use super::state_machine::StateMachine;
use crate::observation::{Chain, Position, RequestId, content_digest};

/// A state machine with its sessions and its place in the log: all that a
/// snapshot or a checkpoint has to hold.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
#[serde(bound = "")]
pub struct Machine<S: StateMachine> {
    /// The author's state.
    pub state: S,
    /// What makes a retry harmless.
    pub sessions: Sessions<S::Output>,
    /// How far the log is applied, and its digest.
    pub chain: Chain,
    /// Whether a planted bug made it another one, when it was folded, than its entries lead to.
    #[serde(skip)]
    pub(super) is_wrong: bool,
    /// What was executed, snapshots and checkpoints included, where a planted bug lets nobody look
    /// whether it was before.
    #[serde(skip)]
    pub(super) unseen: BTreeSet<RequestId>,
}

impl<S: StateMachine> Default for Machine<S> {
    fn default() -> Self {
        Self {
            state: S::default(),
            sessions: Sessions::default(),
            chain: Chain::default(),
            is_wrong: false,
            unseen: BTreeSet::new(),
        }
    }
}

/// What became of one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied<'a, O: Clone> {
    /// The result that the client is due; a session that keeps it lends it.
    pub output: Cow<'a, O>,
    /// Where the command took effect.
    pub position: Position,
    /// False when the session table already knew the command.
    pub executed: bool,
}

impl<S: StateMachine> Machine<S> {
    /// Applies the next entry of the log.
    ///
    /// A command that the session has forgotten, because the client said it is
    /// over, is not executed; nobody waits for its result, and it has none.
    pub fn apply(&mut self, entry: &Entry<S>) -> Option<Applied<'_, S::Output>> {
        self.apply_at(self.chain.with(entry.content()), entry)
    }

    /// Applies the next entry of the log, with which it is what `chain` says.
    #[inline]
    pub(super) fn apply_at(
        &mut self,
        chain: Chain,
        entry: &Entry<S>,
    ) -> Option<Applied<'_, S::Output>> {
        debug_assert_eq!(chain.index, self.chain.index + 1);
        self.chain = chain;
        let command = entry.command();
        match command.flaw {
            None => self.apply_command(command),
            Some(flaw) => self.apply_flawed(command, flaw),
        }
    }

    /// Applies a command, the chain of which is already this machine's.
    #[inline]
    pub(super) fn apply_command(
        &mut self,
        command: &Command<S::Command>,
    ) -> Option<Applied<'_, S::Output>> {
        if command.dedup {
            self.apply_once(command)
        } else {
            Some(Applied {
                output: Cow::Owned(execute(&mut self.state, &command.operation, command.flaw)),
                position: Position::At(self.chain.index),
                executed: true,
            })
        }
    }

    fn apply_once(&mut self, command: &Command<S::Command>) -> Option<Applied<'_, S::Output>> {
        let session = self.sessions.advance(command.client, command.low_water);
        let found = session.find(command.sequence);
        if let Err(place) = found {
            if session.is_forgotten(command.sequence) {
                return None;
            }
            let state = &mut self.state;
            session.execute(place, command.sequence, self.chain.index, || {
                execute(state, &command.operation, command.flaw)
            });
        }
        let (Ok(place) | Err(place)) = found;
        let (index, output) = session.result(place);
        Some(Applied {
            output: Cow::Borrowed(output),
            position: Position::At(index),
            executed: found.is_err(),
        })
    }

    /// The digest of state and sessions.
    pub fn digest(&self) -> u64 {
        crate::decision::hash::mix(self.state.digest(), content_digest(&self.sessions))
    }
}
