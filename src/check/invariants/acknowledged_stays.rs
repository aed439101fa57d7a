//! Acknowledged stays: once a replica said Accepted(n, i), then as long as it
//! accepts in ballot n its log reaches at least i, and is the same up to i,
//! after each whole write. The leader of n owes this for all that it appends,
//! because it counts itself among those who accepted.
//!
//! A ballot that is acknowledged before
//! the disk accepts in it breaks this too. A snapshot that compacts beyond i
//! keeps the promise; a disk that lost writes resets the expectation.

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Ballot, Kind, Kinds, Ledger, Observation, Replicated, Voice};

/// What is acknowledged in a ballot stays in it.
#[derive(Clone, Debug, Hash)]
pub(super) struct AcknowledgedStays {
    acknowledged: PerReplica<Acknowledged>,
    evaluated: Count,
}

/// The highest index acknowledged in a ballot; 0 when there is none.
#[derive(Clone, Copy, Debug, Default, Hash)]
struct Acknowledged {
    round: Ballot,
    index: u64,
    digest: Option<u64>,
}

impl Acknowledged {
    #[inline]
    fn stays_in(self, ledger: &Ledger) -> bool {
        let same = match (self.digest, ledger.digest_at(self.index)) {
            (Some(before), Some(now)) => before == now,
            _ => true,
        };
        ledger.last() >= self.index && same
    }

    #[inline]
    fn raise(&mut self, index: u64, ledger: &Ledger) {
        if index > self.index || ledger.accepted_round != self.round {
            *self = Self {
                round: ledger.accepted_round,
                index,
                digest: ledger.digest_at(index),
            };
        }
    }
}

impl AcknowledgedStays {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            acknowledged: PerReplica::new(replicas),
            evaluated: Count::ZERO,
        }
    }

    #[inline]
    fn accepted<E>(&mut self, seen: &Seen<'_, E>, round: Ballot, index: u64) -> Result<(), Broken> {
        let ledger = seen.ledger;
        if round < ledger.accepted_round {
            // It waited to be taken while the replica went on to another ballot.
            return Ok(());
        }
        self.evaluated += 1;
        if round > ledger.accepted_round || index > ledger.last() {
            return Err(not_durable(seen, round, index));
        }
        self.acknowledged[seen.replica].raise(index, ledger);
        Ok(())
    }

    #[inline]
    fn written<E>(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        let ledger = seen.ledger;
        let acknowledged = &mut self.acknowledged[seen.replica];
        if acknowledged.round != ledger.accepted_round {
            *acknowledged = Acknowledged::default();
        } else if acknowledged.index > 0 {
            self.evaluated += 1;
            if !acknowledged.stays_in(ledger) {
                return Err(taken_back(seen, *acknowledged));
            }
        }
        if ledger.accepted_round.replica == seen.replica {
            acknowledged.raise(ledger.last(), ledger);
        }
        Ok(())
    }
}

#[cold]
fn not_durable<E>(seen: &Seen<'_, E>, round: Ballot, index: u64) -> Broken {
    let (replica, ledger) = (seen.replica, seen.ledger);
    let (last, accepted) = (ledger.last(), ledger.accepted_round);
    Broken::by(
        Cause::AcknowledgedTooEarly,
        replica,
        format!(
            "replica {replica} acknowledged index {index} in ballot {round}, but its disk holds a log up to {last}, accepted in {accepted}"
        ),
    )
    .shown_by(seen.requests.request_at(seen.log, index))
}

#[cold]
fn taken_back<E>(seen: &Seen<'_, E>, acknowledged: Acknowledged) -> Broken {
    let (replica, last) = (seen.replica, seen.ledger.last());
    let Acknowledged { round, index, .. } = acknowledged;
    let (cause, what) = if last < index {
        let what = format!("cut its log back to index {last}");
        (Cause::Truncated, what)
    } else {
        let what = format!("overwrote its log below index {index}");
        (Cause::Overwritten, what)
    };
    Broken::by(
        cause,
        replica,
        format!("replica {replica} {what}, but had acknowledged up to {index} in ballot {round}"),
    )
    .shown_by(seen.requests.request_at(seen.log, index))
}

impl<E: Replicated> Invariant<E> for AcknowledgedStays {
    const NAME: &'static str = "acknowledged_stays";
    const SEES: Kinds = Kinds::of(&[Kind::Said, Kind::Written, Kind::Lost]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Said {
                voice: Voice::Accepted { index },
                ballot,
            } => self.accepted(seen, *ballot, *index),
            Observation::Written => self.written(seen),
            Observation::Lost { .. } => {
                self.acknowledged[seen.replica] = Acknowledged::default();
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
    use crate::check::testing::{Bench, WRITTEN, append, ballot, digest, said};
    use super::*;

    /// Replica 2 accepted two entries in ballot 1 of replica 1.
    fn bench() -> Bench<AcknowledgedStays> {
        let mut bench = Bench::new(AcknowledgedStays::new(3));
        let round = Observation::AcceptedRound(ballot(1, 1));
        bench.fine(2, [round, append(1), append(2), WRITTEN]);
        bench.fine(2, [said(Voice::Accepted { index: 2 }, ballot(1, 1))]);
        bench
    }

    #[test]
    fn the_log_may_grow_and_be_synchronised_again_in_the_same_ballot() {
        let mut bench = bench();
        bench.fine(2, [append(3), WRITTEN]);
        bench.fine(2, [Observation::Truncated { to: 1 }, append(2), WRITTEN]);
        assert_eq!(bench.evaluated(), 3);
    }

    #[test]
    fn a_new_ballot_may_overwrite_what_was_acknowledged() {
        let mut bench = bench();
        let round = Observation::AcceptedRound(ballot(2, 3));
        bench.fine(
            2,
            [round, Observation::Truncated { to: 0 }, append(9), WRITTEN],
        );
        bench.fine(2, [said(Voice::Accepted { index: 2 }, ballot(1, 1))]);
        assert_eq!(
            bench.evaluated(),
            1,
            "a late message of an old ballot owes nothing"
        );
    }

    #[test]
    fn cutting_off_an_acknowledged_entry_is_caught() {
        bench().red(
            2,
            [Observation::Truncated { to: 1 }, WRITTEN],
            "cut its log back to index 1, but had acknowledged up to 2 in ballot (1 of 1)",
        );
    }

    #[test]
    fn overwriting_an_acknowledged_entry_is_caught() {
        let overwrite = [
            Observation::Truncated { to: 0 },
            append(9),
            append(2),
            WRITTEN,
        ];
        bench().red(2, overwrite, "replica 2 overwrote its log below index 2");
    }

    #[test]
    fn acknowledging_what_is_not_on_the_disk_is_caught() {
        let early = said(Voice::Accepted { index: 3 }, ballot(1, 1));
        bench().red(2, [early], "acknowledged index 3 in ballot (1 of 1)");
        let early = said(Voice::Accepted { index: 2 }, ballot(2, 3));
        bench().red(2, [early], "accepted in (1 of 1)");
    }

    #[test]
    fn a_leader_owes_what_it_appends_without_saying_so() {
        let mut bench = bench();
        let round = Observation::AcceptedRound(ballot(1, 1));
        bench.fine(1, [round, append(1), WRITTEN]);
        bench.red(
            1,
            [Observation::Truncated { to: 0 }, WRITTEN],
            "replica 1 cut its log back to index 0",
        );
    }

    #[test]
    fn a_snapshot_beyond_the_acknowledged_index_keeps_it() {
        let mut bench = bench();
        bench.fine(
            2,
            [
                Observation::Decided { to: 3 },
                Observation::Trimmed { to: 3 },
                Observation::SnapshotStored {
                    count: 3,
                    chain: digest(&[1, 2, 3]),
                    state: None,
                },
                Observation::Truncated { to: 3 },
                WRITTEN,
            ],
        );
        assert_eq!(bench.evaluated(), 2);
    }
}
