//! Snapshots of a log of commands.
//!
//! The library makes a snapshot from a slice of entries alone, without the
//! state before them. With commands whose result depends on that state, such a
//! delta cannot be a map: it stays a list of commands until it is merged into a
//! snapshot that began at the first entry, which is a state, sessions included.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::disk::{Folded, Logged};
use super::entry::Entry;
use super::machine::Machine;
use super::state_machine::StateMachine;
use super::tuning::Snapshots;
use crate::observation::Chain;

thread_local! {
    /// Whether the replica whose handler runs has snapshots: the library asks that of the type,
    /// and a second type of entries would have the whole simulator compiled again for it.
    static HAVE_SNAPSHOTS: Cell<bool> = const { Cell::new(false) };
}

/// Whether logs are synchronised by snapshots, until another handler says otherwise: each says it
/// anew before it calls the library, so that nothing is left over from another replica.
#[inline]
pub(super) fn synchronise_by(snapshots: Snapshots) {
    HAVE_SNAPSHOTS.set(snapshots != Snapshots::Off);
}

/// A list of commands, or the state that they lead to.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub enum LogSnapshot<S: StateMachine> {
    /// Some consecutive entries.
    Commands(Vec<Entry<S>>),
    /// Everything from the first entry on, folded.
    State(Rc<Machine<S>>),
}

impl<S: StateMachine> LogSnapshot<S> {
    /// The state that this snapshot of a whole prefix leads to.
    pub fn into_machine(self) -> Rc<Machine<S>> {
        match self {
            Self::State(machine) => machine,
            Self::Commands(entries) => {
                let mut machine = Machine::default();
                for entry in &entries {
                    machine.fold(entry);
                }
                Rc::new(machine)
            }
        }
    }

    /// Whether a planted bug made it another state than its entries lead to.
    pub(super) fn is_wrong(&self) -> bool {
        matches!(self, Self::State(machine) if machine.is_wrong)
    }

    /// How many entries it folds, and their digest if they begin at the first.
    pub fn folded(&self) -> Folded {
        match self {
            Self::State(machine) => Folded {
                chain: machine.chain,
                state: Some(machine.digest()),
            },
            Self::Commands(entries) => Folded {
                chain: entries
                    .iter()
                    .fold(Chain::default(), |chain, entry| chain.with(entry.content())),
                state: None,
            },
        }
    }
}

impl<S: StateMachine> fmt::Debug for LogSnapshot<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commands(entries) => write!(f, "{} commands", entries.len()),
            Self::State(machine) => write!(f, "state after {}", machine.chain.index),
        }
    }
}

impl<S: StateMachine> omnipaxos::storage::Snapshot<Entry<S>> for LogSnapshot<S> {
    fn create(entries: &[Entry<S>]) -> Self {
        Self::Commands(entries.to_vec())
    }

    fn merge(&mut self, delta: Self) {
        // Only a snapshot of a whole prefix is ever merged into.
        let mut machine = std::mem::replace(self, Self::Commands(Vec::new())).into_machine();
        match delta {
            Self::State(whole) => machine = whole,
            Self::Commands(entries) => {
                let folded = Rc::make_mut(&mut machine);
                for entry in &entries {
                    folded.fold(entry);
                }
            }
        }
        *self = Self::State(machine);
    }

    fn use_snapshots() -> bool {
        HAVE_SNAPSHOTS.get()
    }
}

impl<S: StateMachine> omnipaxos::storage::Entry for Entry<S> {
    type Snapshot = LogSnapshot<S>;
}

impl<S: StateMachine> Logged for Entry<S> {
    fn digest(&self) -> u64 {
        self.content()
    }

    fn folded(snapshot: &LogSnapshot<S>) -> Folded {
        snapshot.folded()
    }
}
