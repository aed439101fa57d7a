//! Where disks and replicas leave their observations for the world to collect.

use std::cell::RefCell;

use super::Observation;

/// The observations of one replica since the world last looked. Shared between
/// the replica's disk, which writes deep inside a library call, and its context.
#[derive(Debug)]
pub struct Tape<E> {
    observations: RefCell<Vec<Observation<E>>>,
}

impl<E> Default for Tape<E> {
    fn default() -> Self {
        Self {
            observations: RefCell::new(Vec::new()),
        }
    }
}

impl<E> Tape<E> {
    /// Leaves an observation. It is made where it stays, once there is room for it:
    /// one that was made before would be copied before it had left for memory, and
    /// the copy waits for that.
    #[inline]
    pub fn record(&self, observation: impl FnOnce() -> Observation<E>) {
        let mut observations = self.observations.borrow_mut();
        observations.extend(std::iter::once_with(observation));
    }

    /// Shows what was left, in order, and forgets it.
    #[inline]
    pub fn show(&self, to: impl FnOnce(&[Observation<E>])) {
        let mut observations = self.observations.borrow_mut();
        to(&observations);
        observations.clear();
    }

    /// Whether nothing was left.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.observations.borrow().is_empty()
    }
}
