//! Agreement: replicas that decided an index decided the same entries up to it,
//! over all lives and across snapshots.
//!
//! Source: the uniform agreement of consensus. Compared is
//! the chain digest D(i) of every newly decided index with that of the replica
//! that reported it first. An index whose digest a replica cannot tell, because
//! it lies inside an installed snapshot, is skipped.

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Replicated};

/// Replicas decide the same log.
#[derive(Clone, Debug, Hash)]
pub(super) struct Agreement {
    /// How far each replica's decided log is compared.
    compared: PerReplica<u64>,
    evaluated: Count,
}

impl Agreement {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            compared: PerReplica::new(replicas),
            evaluated: Count::ZERO,
        }
    }

    #[inline(always)]
    fn compare<E>(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        // A log that ends below its decided index breaks another invariant.
        let decided = seen.ledger.decided.min(seen.ledger.last());
        if decided > self.compared[seen.replica] {
            self.compare_up_to(decided, seen)
        } else {
            Ok(())
        }
    }

    #[inline(never)]
    fn compare_up_to<E>(&mut self, decided: u64, seen: &Seen<'_, E>) -> Result<(), Broken> {
        let compared = &mut self.compared[seen.replica];
        debug_assert!(decided > *compared);
        for index in (*compared + 1).max(seen.ledger.compacted())..=decided {
            if let Some(mine) = seen.ledger.digest_at(index)
                && let Some(agreed) = seen.facts.agreed(index)
            {
                self.evaluated += 1;
                if mine != agreed {
                    return Err(disagreement(seen, index));
                }
            }
        }
        *compared = decided;
        Ok(())
    }
}

#[cold]
fn disagreement<E>(seen: &Seen<'_, E>, index: u64) -> Broken {
    let (replica, first) = (seen.replica, seen.facts.reporter(index));
    let other = if first == replica {
        "than it had decided before".to_owned()
    } else {
        format!("than replica {first}")
    };
    Broken::between(
        Cause::DecidedDifferently,
        replica,
        first,
        format!("replica {replica} decided another log up to index {index} {other}"),
    )
    .shown_by(seen.requests.request_at(seen.log, index))
}

impl<E: Replicated> Invariant<E> for Agreement {
    const NAME: &'static str = "agreement";
    const SEES: Kinds = Kinds::of(&[Kind::Written, Kind::Lost]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Written => self.compare(seen),
            // What survived on the disk is compared once more.
            Observation::Lost { .. } => {
                self.compared[seen.replica] = 0;
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
    use crate::check::testing::{Bench, WRITTEN, append, decide, digest};
    use super::*;
    use crate::observation::EMPTY_LOG;

    fn bench() -> Bench<Agreement> {
        Bench::new(Agreement::new(3))
    }

    #[test]
    fn replicas_that_decide_the_same_log_in_other_steps_agree() {
        let mut bench = bench();
        bench.fine(1, decide(&[1, 2, 3], 3));
        bench.fine(2, decide(&[1], 1));
        bench.fine(2, decide(&[2, 3], 2));
        assert_eq!(
            bench.evaluated(),
            2,
            "the first to report has nobody to agree with"
        );
    }

    #[test]
    fn two_values_at_one_index_are_a_disagreement_between_their_replicas() {
        let mut bench = bench();
        bench.fine(1, decide(&[1, 2], 2));
        bench.red(
            3,
            decide(&[1, 9], 2),
            "replica 3 decided another log up to index 2 than replica 1",
        );
    }

    #[test]
    fn undecided_entries_may_differ() {
        let mut bench = bench();
        bench.fine(1, decide(&[1, 2], 2));
        bench.fine(2, decide(&[1, 9], 1));
        assert_eq!(bench.evaluated(), 1);
    }

    #[test]
    fn a_replica_that_forgot_and_decides_anew_is_caught() {
        let mut bench = bench();
        bench.fine(1, decide(&[1], 1));
        let lost = Observation::Lost {
            compacted: 0,
            chain: Some(EMPTY_LOG),
        };
        bench.fine(1, [lost, Observation::Decided { to: 0 }, WRITTEN]);
        bench.red(1, decide(&[7], 1), "than it had decided before");
    }

    #[test]
    fn a_log_goes_on_from_an_installed_snapshot_over_stale_entries() {
        let mut bench = bench();
        bench.fine(1, decide(&[1, 2, 3], 3));
        let install = |next| {
            [
                Observation::Decided { to: 3 },
                Observation::Trimmed { to: 2 },
                Observation::SnapshotStored {
                    count: 2,
                    chain: digest(&[1, 2]),
                    state: None,
                },
                Observation::Truncated { to: 2 },
                append(next),
                WRITTEN,
            ]
        };
        let stale = || [append(8), append(8), append(8), WRITTEN];
        bench.fine(2, stale());
        bench.fine(2, install(3));
        assert_eq!(
            bench.evaluated(),
            2,
            "the index of the snapshot and the next"
        );
        bench.fine(3, stale());
        bench.red(3, install(9), "replica 3 decided another log up to index 3");
    }
}
