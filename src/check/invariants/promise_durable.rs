//! Promise durable: a ballot that a replica promises, or leads with, is on its
//! disk before the message leaves, and the promise on the disk never decreases.
//!
//! A disk that lost writes resets the
//! expectation; a promise that is forgotten that way is the disk's doing.

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Ballot, Kind, Kinds, Observation, Replicated, Voice};

/// Promises are kept.
#[derive(Clone, Debug, Hash)]
pub(super) struct PromiseDurable {
    promise: PerReplica<Ballot>,
    evaluated: Count,
}

impl PromiseDurable {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            promise: PerReplica::new(replicas),
            evaluated: Count::ZERO,
        }
    }
}

#[cold]
fn not_durable<E>(seen: &Seen<'_, E>, voice: Voice, ballot: Ballot) -> Broken {
    let (replica, promise) = (seen.replica, seen.ledger.promise);
    Broken::by(
        Cause::PromisedTooEarly,
        replica,
        format!(
            "replica {replica} said {voice:?} in ballot {ballot}, but its disk promises {promise}"
        ),
    )
}

#[cold]
fn decreased<E>(seen: &Seen<'_, E>, before: Ballot, now: Ballot) -> Broken {
    let replica = seen.replica;
    Broken::by(
        Cause::PromiseFell,
        replica,
        format!("the promise on the disk of replica {replica} fell from ballot {before} to {now}"),
    )
}

impl<E: Replicated> Invariant<E> for PromiseDurable {
    const NAME: &'static str = "promise_durable";
    const SEES: Kinds = Kinds::of(&[Kind::Said, Kind::Promise, Kind::Lost]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Said {
                voice: voice @ (Voice::Promise | Voice::Prepare),
                ballot,
            } => {
                self.evaluated += 1;
                if seen.ledger.promise < *ballot {
                    return Err(not_durable(seen, *voice, *ballot));
                }
            }
            Observation::Promise(ballot) => {
                self.evaluated += 1;
                let before = std::mem::replace(&mut self.promise[seen.replica], *ballot);
                if *ballot < before {
                    return Err(decreased(seen, before, *ballot));
                }
            }
            Observation::Lost { .. } => self.promise[seen.replica] = Ballot::default(),
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
    use crate::check::testing::{Bench, ballot, said};
    use super::*;

    fn bench() -> Bench<PromiseDurable> {
        let mut bench = Bench::new(PromiseDurable::new(3));
        bench.fine(2, [Observation::Promise(ballot(2, 1))]);
        bench
    }

    #[test]
    fn a_promise_may_leave_late_when_a_higher_one_is_on_the_disk() {
        let mut bench = bench();
        bench.fine(
            2,
            [
                Observation::Promise(ballot(3, 2)),
                said(Voice::Promise, ballot(2, 1)),
                said(Voice::Prepare, ballot(3, 2)),
            ],
        );
        assert_eq!(bench.evaluated(), 4);
    }

    #[test]
    fn a_promise_that_leaves_before_it_is_on_the_disk_is_caught() {
        bench().red(
            2,
            [said(Voice::Promise, ballot(3, 1))],
            "replica 2 said Promise in ballot (3 of 1), but its disk promises (2 of 1)",
        );
    }

    #[test]
    fn leading_with_a_ballot_that_is_not_on_the_disk_is_caught() {
        bench().red(
            2,
            [said(Voice::Prepare, ballot(4, 2))],
            "said Prepare in ballot (4 of 2)",
        );
    }

    #[test]
    fn a_promise_that_decreases_is_caught() {
        bench().red(
            2,
            [Observation::Promise(ballot(1, 3))],
            "fell from ballot (2 of 1) to (1 of 3)",
        );
    }

    #[test]
    fn a_disk_that_lost_its_promise_is_held_to_what_survived() {
        let mut bench = bench();
        let lost = Observation::Lost {
            compacted: 0,
            chain: None,
        };
        bench.fine(2, [lost, Observation::Promise(ballot(1, 1))]);
        bench.red(
            2,
            [said(Voice::Promise, ballot(2, 1))],
            "its disk promises (1 of 1)",
        );
    }
}
