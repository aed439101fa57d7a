//! Snapshot fold: a stored snapshot folds exactly the entries that the log was
//! compacted by, as they were agreed, and leads to their state.
//!
//! The snapshot says what it folds; the library
//! says how far it compacted. They are compared when the whole write is done.

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Replicated};

/// A snapshot is the fold of what it replaces.
#[derive(Clone, Debug, Hash)]
pub(super) struct SnapshotFold {
    /// What each replica stored in the write that is not yet done.
    stored: PerReplica<Option<Stored>>,
    /// Whether that write brings the log in line with another replica's: only
    /// such a write sets the accepted round.
    synchronises: PerReplica<bool>,
    evaluated: Count,
}

#[derive(Clone, Copy, Debug, Hash)]
struct Stored {
    count: u64,
    chain: u64,
    state: Option<u64>,
}

impl SnapshotFold {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            stored: PerReplica::new(replicas),
            synchronises: PerReplica::new(replicas),
            evaluated: Count::ZERO,
        }
    }

    fn compare<E>(&mut self, seen: &Seen<'_, E>, stored: Stored) -> Result<(), Broken> {
        self.evaluated += 1;
        let Stored {
            count,
            chain,
            state,
        } = stored;
        let (replica, compacted) = (seen.replica, seen.ledger.compacted());
        if count != compacted {
            let (cause, when) = if self.synchronises[replica] {
                (
                    Cause::SnapshotOfOtherLengthWhileSynchronising,
                    ", while synchronising it",
                )
            } else {
                (Cause::SnapshotOfOtherLength, "")
            };
            return Err(Broken::by(
                cause,
                replica,
                format!(
                    "replica {replica} compacted its log up to index {compacted} into a snapshot of {count} entries{when}"
                ),
            ));
        }
        if seen
            .facts
            .agreed(count)
            .is_some_and(|agreed| agreed != chain)
        {
            return Err(Broken::by(
                Cause::SnapshotOfAnotherLog,
                replica,
                format!(
                    "replica {replica} stored a snapshot that does not fold the decided log up to index {count}"
                ),
            ));
        }
        let known = seen.facts.state(count);
        if known.is_some() && state.is_some() && known != state {
            return Err(Broken::by(
                Cause::StateDiffers,
                replica,
                format!(
                    "replica {replica} stored a snapshot whose state is not what the log leads to at index {count}"
                ),
            ));
        }
        Ok(())
    }
}

impl<E: Replicated> Invariant<E> for SnapshotFold {
    const NAME: &'static str = "snapshot_fold";
    const SEES: Kinds = Kinds::of(&[
        Kind::AcceptedRound,
        Kind::SnapshotStored,
        Kind::Written,
        Kind::Lost,
    ]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::SnapshotStored {
                count,
                chain,
                state,
            } => {
                self.stored[seen.replica] = Some(Stored {
                    count: *count,
                    chain: *chain,
                    state: *state,
                });
                Ok(())
            }
            Observation::AcceptedRound(_) => {
                self.synchronises[seen.replica] = true;
                Ok(())
            }
            Observation::Written => {
                let compared = match self.stored[seen.replica].take() {
                    Some(stored) => self.compare(seen, stored),
                    None => Ok(()),
                };
                self.synchronises[seen.replica] = false;
                compared
            }
            Observation::Lost { .. } => {
                self.stored[seen.replica] = None;
                self.synchronises[seen.replica] = false;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn evaluated(&self) -> u64 {
        self.evaluated.get()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{Add, Bench, WRITTEN, applied, ballot, decide, digest, state};
    use super::*;

    fn log() -> [Add; 2] {
        [Add::new(1, 1, 5), Add::new(1, 2, 2)]
    }

    fn contents() -> [u64; 2] {
        log().map(|entry| entry.content())
    }

    /// Replica 1 has decided, applied and reported the whole log.
    fn bench() -> Bench<SnapshotFold> {
        let mut bench = Bench::new(SnapshotFold::new(3));
        bench.fine(1, decide(&contents(), 2));
        bench.fine(
            1,
            [applied(&log(), 1), applied(&log(), 2), state(&log(), 2, 7)],
        );
        bench
    }

    fn compact(to: u64, count: u64, chain: u64, state: Option<u64>) -> [Observation<Add>; 3] {
        let stored = Observation::SnapshotStored {
            count,
            chain,
            state,
        };
        [Observation::Trimmed { to }, stored, WRITTEN]
    }

    #[test]
    fn a_snapshot_of_what_was_compacted_is_fine() {
        let mut bench = bench();
        bench.fine(1, compact(1, 1, digest(&contents()[..1]), Some(5)));
        bench.fine(1, compact(2, 2, digest(&contents()), None));
        assert_eq!(bench.evaluated(), 2);
    }

    #[test]
    fn a_snapshot_of_more_or_fewer_entries_is_caught() {
        bench().red(
            1,
            compact(1, 2, digest(&contents()), None),
            "replica 1 compacted its log up to index 1 into a snapshot of 2 entries",
        );
    }

    #[test]
    fn a_snapshot_that_synchronises_the_log_says_so() {
        let mut bench = bench();
        bench.fine(1, [Observation::AcceptedRound(ballot(2, 3))]);
        bench.red(
            1,
            compact(2, 1, digest(&contents()), None),
            "into a snapshot of 1 entries, while synchronising it",
        );
    }

    #[test]
    fn a_snapshot_of_another_log_is_caught() {
        bench().red(
            1,
            compact(2, 2, 99, None),
            "does not fold the decided log up to index 2",
        );
    }

    #[test]
    fn a_snapshot_with_another_state_is_caught() {
        bench().red(1, compact(2, 2, digest(&contents()), Some(8)), "at index 2");
    }
}
