//! The reference: one fold of the agreed log, beside all replicas.
//!
//! It applies each entry when the first replica does, and so knows every reply,
//! and the state after the last entry. An entry that was folded into a snapshot
//! before any replica reported it leaves a gap: the reference waits before it,
//! and what comes later can only be compared between replicas.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::facts::{AppliedEntry, Facts};
use crate::observation::Observation;

/// A deterministic fold of a log, as replicas fold it.
pub trait Fold<E>: Clone + Default {
    /// Whether there is a log at all.
    const HAS_LOG: bool = true;

    /// Applies the next entry and gives the digest of the reply as a replica
    /// computes it; 0 when there is none.
    fn apply(&mut self, entry: &E) -> u64;

    /// The digest of the state, as a replica computes it.
    fn state_digest(&self) -> u64;

    /// Whether the state is one that the author of the service allows; `None` where nothing is
    /// demanded of it.
    ///
    /// # Errors
    /// Why it is not.
    fn judge(&self) -> Option<Result<(), String>> {
        None
    }
}

/// The fold of systems without a log.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFold;

impl Fold<()> for NoFold {
    const HAS_LOG: bool = false;

    fn apply(&mut self, (): &()) -> u64 {
        0
    }

    fn state_digest(&self) -> u64 {
        0
    }
}

/// The fold and how far it has come.
#[derive(Clone, Default)]
pub(super) struct Reference<F> {
    fold: F,
    index: u64,
    skipped: u64,
}

impl<F> fmt::Debug for Reference<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reference")
            .field("index", &self.index)
            .field("skipped", &self.skipped)
            .finish_non_exhaustive()
    }
}

/// The state of the fold follows from how far it has come in the agreed log.
impl<F> Hash for Reference<F> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.index, self.skipped).hash(hasher);
    }
}

impl<F> Reference<F> {
    /// The last entry that it folded.
    pub(super) fn index(&self) -> u64 {
        self.index
    }

    /// How many observations it could say nothing about, because of a gap.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Follows one observation, and says what it computes as facts.
    #[inline(always)]
    pub(super) fn observe<E>(&mut self, facts: &mut Facts, observation: &Observation<E>)
    where
        F: Fold<E>,
    {
        match observation {
            Observation::Applied {
                index,
                entry,
                chain,
                ..
            } => {
                if *index == self.index + 1 {
                    let reply = self.fold.apply(entry);
                    let chain = *chain;
                    facts.set_applied(*index, AppliedEntry { chain, reply });
                    facts.set_judged(*index, self.fold.judge());
                    self.index = *index;
                } else if *index > self.index {
                    self.skipped += 1;
                }
            }
            Observation::State { index, .. }
            | Observation::Restored { index, .. }
            | Observation::SnapshotStored {
                count: index,
                state: Some(_),
                ..
            } if *index == self.index && facts.state(*index).is_none() => {
                facts.set_state(*index, self.fold.state_digest());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Add, Sum, applied, state};
    use super::*;

    #[test]
    fn it_folds_each_entry_once_and_knows_every_reply() {
        let (mut facts, mut reference) = (Facts::new(2), Reference::<Sum>::default());
        let log = [Add::new(1, 1, 5), Add::new(1, 2, 2)];
        for index in [1, 1, 2, 2] {
            reference.observe(&mut facts, &applied(&log, index));
        }
        assert_eq!(reference.index(), 2);
        assert_eq!(facts.applied(1).map(|entry| entry.reply), Some(5));
        assert_eq!(facts.applied(2).map(|entry| entry.reply), Some(7));
        reference.observe(&mut facts, &state(&log, 2, 999));
        assert_eq!(facts.state(2), Some(7), "computed, not believed");
    }

    #[test]
    fn it_waits_before_a_gap_and_counts_what_it_cannot_judge() {
        let (mut facts, mut reference) = (Facts::new(2), Reference::<Sum>::default());
        let log = [Add::new(1, 1, 5), Add::new(1, 2, 2), Add::new(1, 3, 3)];
        reference.observe(&mut facts, &applied(&log, 3));
        assert_eq!((reference.index(), reference.skipped()), (0, 1));
        for index in [1, 2, 3] {
            reference.observe(&mut facts, &applied(&log, index));
        }
        assert_eq!(reference.index(), 3, "a slow replica closed the gap");
    }
}
