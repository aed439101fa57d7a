//! Decided stays decided: no write changes what a replica's log was up to its
//! decided index, and that index never decreases, across restarts too.
//!
//! A disk that lost writes resets
//! the expectation to what survived; whether that may happen is a matter of the
//! disk's contract, not of this check.

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Ledger, Observation, Replicated};

/// What is decided on a disk stays.
#[derive(Clone, Debug, Hash)]
pub(super) struct DecidedStays {
    decided: PerReplica<Decided>,
    evaluated: Count,
}

#[derive(Clone, Copy, Debug, Default, Hash)]
struct Decided {
    index: u64,
    digest: Option<u64>,
}

impl DecidedStays {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            decided: PerReplica::new(replicas),
            evaluated: Count::ZERO,
        }
    }
}

impl Decided {
    #[inline]
    fn stays_in(self, ledger: &Ledger) -> bool {
        let same = match (self.digest, ledger.digest_at(self.index)) {
            (Some(before), Some(now)) => before == now,
            _ => true,
        };
        ledger.last() >= self.index && same
    }
}

#[cold]
fn broken<E>(seen: &Seen<'_, E>, index: u64) -> Broken {
    let (replica, last) = (seen.replica, seen.ledger.last());
    if last < index {
        let cut = format!(
            "replica {replica} cut its log back to index {last}, but had decided up to {index}"
        );
        return Broken::by(Cause::Truncated, replica, cut);
    }
    Broken::by(
        Cause::Overwritten,
        replica,
        format!("replica {replica} overwrote its log below index {index}, which it had decided"),
    )
}

impl<E: Replicated> Invariant<E> for DecidedStays {
    const NAME: &'static str = "decided_stays";
    const SEES: Kinds = Kinds::of(&[Kind::Decided, Kind::Written, Kind::Lost]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Decided { to } => {
                let before = self.decided[seen.replica].index;
                self.evaluated += 1;
                if *to < before {
                    let replica = seen.replica;
                    return Err(Broken::by(
                        Cause::DecidedIndexFell,
                        replica,
                        format!(
                            "the decided index of replica {replica} fell from {before} to {to}"
                        ),
                    ));
                }
            }
            Observation::Written => {
                let decided = &mut self.decided[seen.replica];
                if decided.index > 0 {
                    self.evaluated += 1;
                    if !decided.stays_in(seen.ledger) {
                        return Err(broken(seen, decided.index));
                    }
                }
                if seen.ledger.decided > decided.index {
                    *decided = Decided {
                        index: seen.ledger.decided,
                        digest: seen.ledger.digest_at(seen.ledger.decided),
                    };
                }
            }
            Observation::Lost { .. } => self.decided[seen.replica] = Decided::default(),
            _ => {}
        }
        Ok(())
    }

    fn evaluated(&self) -> u64 {
        self.evaluated.get()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{Bench, WRITTEN, append, decide};
    use super::*;
    use crate::observation::EMPTY_LOG;

    fn bench() -> Bench<DecidedStays> {
        let mut bench = Bench::new(DecidedStays::new(3));
        bench.fine(1, decide(&[1, 2, 3], 2));
        bench
    }

    #[test]
    fn what_is_not_decided_may_be_overwritten() {
        let mut bench = bench();
        bench.fine(1, [Observation::Truncated { to: 2 }, append(9), WRITTEN]);
        bench.fine(1, [Observation::Decided { to: 3 }, WRITTEN]);
        assert_eq!(bench.evaluated(), 4);
    }

    #[test]
    fn the_same_entry_may_be_written_again_within_one_write() {
        let mut bench = bench();
        bench.fine(
            1,
            [
                Observation::Truncated { to: 1 },
                append(2),
                append(3),
                WRITTEN,
            ],
        );
        assert_eq!(bench.evaluated(), 2);
    }

    #[test]
    fn a_decided_entry_that_is_overwritten_is_caught() {
        let rewrite = [
            Observation::Truncated { to: 1 },
            append(7),
            append(3),
            WRITTEN,
        ];
        bench().red(1, rewrite, "replica 1 overwrote its log below index 2");
    }

    #[test]
    fn a_decided_entry_that_is_cut_off_is_caught() {
        let cut = [Observation::Truncated { to: 1 }, WRITTEN];
        bench().red(
            1,
            cut,
            "cut its log back to index 1, but had decided up to 2",
        );
    }

    #[test]
    fn a_decided_index_that_falls_over_a_restart_is_caught() {
        let restart = [
            Observation::Crashed,
            Observation::Started { incarnation: 2 },
            Observation::Decided { to: 1 },
        ];
        bench().red(
            1,
            restart,
            "the decided index of replica 1 fell from 2 to 1",
        );
    }

    #[test]
    fn a_disk_that_lost_writes_is_held_to_what_survived() {
        let mut bench = bench();
        let lost = Observation::Lost {
            compacted: 0,
            chain: Some(EMPTY_LOG),
        };
        let kept = [lost, append(1), Observation::Decided { to: 1 }, WRITTEN];
        bench.fine(1, kept);
        bench.red(1, [Observation::Decided { to: 0 }], "fell from 1 to 0");
    }
}
