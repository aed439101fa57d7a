//! What was broken, by number: known to the search even when the replicas answer no more.

use std::sync::{Arc, PoisonError, RwLock};

use super::automaton::Automaton;
use super::settle::Settled;
use super::state::Broken;
use crate::check::Violation;
use crate::replica::Caught;
use crate::replica::caught;
use crate::system::System;

/// Everything that was broken, shared by the replicas and the search.
#[derive(Clone, Debug, Default)]
pub(super) struct Violations(Arc<RwLock<Vec<Violation>>>);

impl Violations {
    /// Keeps a violation; gives its number.
    pub(super) fn add(&self, violation: Violation) -> u32 {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.push(violation);
        all.len() as u32 - 1
    }

    /// The violation with a number that was given.
    pub(super) fn get(&self, id: u32) -> Violation {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all[id as usize].clone()
    }
}

impl<S: System> Automaton<S> {
    /// Keeps what was broken; gives its number.
    pub(super) fn broke(&self, violation: Violation) -> u32 {
        self.violations.add(violation)
    }

    /// Does something with code under test; what is broken if that panics.
    pub(super) fn or_broken<T>(&self, what: impl FnOnce() -> T) -> Result<T, Broken> {
        caught(what).map_err(|caught| self.beside(&caught))
    }

    /// What is broken by a panic outside of any replica.
    pub(super) fn beside(&self, caught: &Caught) -> Broken {
        Broken::Beside(self.broke(Violation::panic_beside(self.setting.now(), caught)))
    }
}

impl Settled {
    /// Nothing but what is broken is known of it.
    pub(super) fn broken(broken: Broken) -> Self {
        Self {
            broken: Some(broken),
            ..Self::default()
        }
    }
}
