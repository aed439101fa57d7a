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
    /// Leaves an observation.
    #[inline]
    pub fn record(&self, observation: Observation<E>) {
        self.observations.borrow_mut().push(observation);
    }

    /// Exchanges what was left for the (emptied) `buffer`, so that neither
    /// allocates in the long run.
    #[inline]
    pub fn collect(&self, buffer: &mut Vec<Observation<E>>) {
        buffer.clear();
        std::mem::swap(buffer, &mut *self.observations.borrow_mut());
    }

    /// Whether there is nothing to collect.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.observations.borrow().is_empty()
    }
}
