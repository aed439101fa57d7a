//! Where disks and replicas leave their observations for the world to collect.

use std::cell::RefCell;
use std::rc::Rc;

use super::{LogId, Observation};

/// The observations of one replica since the world last looked, each with the log that it is of.
/// Shared between the replica's disk, which writes deep inside a library call, and its context.
#[derive(Debug)]
pub struct Tape<E> {
    observations: RefCell<Vec<(LogId, Observation<E>)>>,
}

impl<E> Default for Tape<E> {
    fn default() -> Self {
        Self {
            observations: RefCell::new(Vec::new()),
        }
    }
}

impl<E> Tape<E> {
    /// Leaves an observation of a log, or of the replica as a whole, which is told of the first.
    /// It is made where it stays, once there is room for it: one that was made before would be
    /// copied before it had left for memory, and the copy waits for that.
    #[inline]
    pub fn record(&self, log: LogId, observation: impl FnOnce() -> Observation<E>) {
        let mut observations = self.observations.borrow_mut();
        observations.extend(std::iter::once_with(|| (log, observation())));
    }

    /// Shows what was left, in order, and forgets it.
    #[inline]
    pub fn show(&self, to: impl FnOnce(&[(LogId, Observation<E>)])) {
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

/// A tape as one log writes on it.
#[derive(Debug)]
pub struct LogTape<E> {
    tape: Rc<Tape<E>>,
    log: LogId,
}

impl<E> LogTape<E> {
    /// What is left by it is of this log.
    pub const fn new(tape: Rc<Tape<E>>, log: LogId) -> Self {
        Self { tape, log }
    }

    /// Leaves an observation of the log.
    #[inline]
    pub fn record(&self, observation: impl FnOnce() -> Observation<E>) {
        self.tape.record(self.log, observation);
    }
}

impl<E> Clone for LogTape<E> {
    fn clone(&self) -> Self {
        Self {
            tape: Rc::clone(&self.tape),
            log: self.log,
        }
    }
}
