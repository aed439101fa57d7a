//! Where disks and replicas leave their observations for the world to collect.

use std::cell::RefCell;

use super::Observation;

/// The observations since the world last looked, in order. Shared between the
/// replicas' disks, which write deep inside a library call, and their contexts.
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
    /// Leaves an observation.
    #[inline]
    pub fn record(&self, observation: Observation<E>) {
        self.observations.borrow_mut().push(observation);
    }

    /// Shows what was left, in order, and forgets it.
    #[inline]
    pub fn show(&self, to: impl FnOnce(&[Observation<E>])) {
        let mut observations = self.observations.borrow_mut();
        if !observations.is_empty() {
            to(&observations);
            observations.clear();
        }
    }

    /// How many were left.
    #[inline]
    pub fn len(&self) -> usize {
        self.observations.borrow().len()
    }

    /// Whether nothing was left.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
