//! What code under test breaks beside what replicas show.

use super::automaton::Automaton;
use super::broken::Broken;
use crate::check::Violation;
use crate::replica::{Caught, caught};
use crate::system::System;

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
