//! One voice per ballot: Prepare, AcceptSync, AcceptDecide and Decide of a
//! ballot are sent by one life of one replica only, the ballot's owner.
//!
//! Two voices in one ballot could
//! propose two entries at one index. The highest ballots are remembered, and no
//! others: a run has few, and old ones fall silent.

use crate::check::count::Count;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Ballot, Kind, Kinds, Observation, ReplicaId, Replicated, Voice};

/// How many ballots are remembered.
const BALLOTS_MAX: usize = 64;

/// A ballot has one voice.
#[derive(Clone, Debug, Hash)]
pub(super) struct OneVoice {
    /// In the order in which they were first heard.
    ballots: Vec<Spoken>,
    evaluated: Count,
}

#[derive(Clone, Copy, Debug, Hash)]
struct Spoken {
    ballot: Ballot,
    replica: ReplicaId,
    incarnation: u32,
}

impl OneVoice {
    pub(super) fn new(_replicas: u64) -> Self {
        Self {
            ballots: Vec::with_capacity(BALLOTS_MAX),
            evaluated: Count::ZERO,
        }
    }

    #[inline]
    fn speak<E>(&mut self, seen: &Seen<'_, E>, voice: Voice, ballot: Ballot) -> Result<(), Broken> {
        self.evaluated += 1;
        // The newest ballot speaks most.
        let known = self
            .ballots
            .iter()
            .rev()
            .find(|spoken| spoken.ballot == ballot);
        match known {
            Some(spoken)
                if (spoken.replica, spoken.incarnation) == (seen.replica, seen.incarnation) =>
            {
                Ok(())
            }
            Some(spoken) => Err(two_voices(seen, voice, *spoken)),
            None if ballot.replica != seen.replica => Err(not_its_own(seen, voice, ballot)),
            None => {
                self.remember(Spoken {
                    ballot,
                    replica: seen.replica,
                    incarnation: seen.incarnation,
                });
                Ok(())
            }
        }
    }

    fn remember(&mut self, spoken: Spoken) {
        if self.ballots.len() == BALLOTS_MAX {
            let lowest = (0..BALLOTS_MAX)
                .min_by_key(|place| self.ballots[*place].ballot)
                .expect("the list is full");
            self.ballots.remove(lowest);
        }
        self.ballots.push(spoken);
        debug_assert!(self.ballots.len() <= BALLOTS_MAX, "memory is bounded");
    }
}

#[cold]
fn two_voices<E>(seen: &Seen<'_, E>, voice: Voice, first: Spoken) -> Broken {
    let (replica, incarnation) = (seen.replica, seen.incarnation);
    Broken::between(
        Cause::TwoLeadersInBallot,
        replica,
        first.replica,
        format!(
            "replica {replica} in its life {incarnation} said {voice:?} in ballot {}, in which replica {} in its life {} had spoken",
            first.ballot, first.replica, first.incarnation
        ),
    )
}

#[cold]
fn not_its_own<E>(seen: &Seen<'_, E>, voice: Voice, ballot: Ballot) -> Broken {
    let replica = seen.replica;
    Broken::by(
        Cause::BallotOfAnother,
        replica,
        format!("replica {replica} said {voice:?} in ballot {ballot}, which is not its own"),
    )
}

impl<E: Replicated> Invariant<E> for OneVoice {
    const NAME: &'static str = "one_voice";
    const SEES: Kinds = Kinds::of(&[Kind::Said]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Said { voice, ballot } if voice.is_leaders() => {
                self.speak(seen, *voice, *ballot)
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
    use crate::check::testing::{Bench, ballot, said};
    use super::*;

    fn bench() -> Bench<OneVoice> {
        let mut bench = Bench::new(OneVoice::new(3));
        bench.fine(
            1,
            [
                said(Voice::Prepare, ballot(1, 1)),
                said(Voice::AcceptDecide, ballot(1, 1)),
            ],
        );
        bench
    }

    #[test]
    fn leaders_speak_in_their_own_ballots_and_followers_in_any() {
        let mut bench = bench();
        bench.fine(
            2,
            [
                said(Voice::Promise, ballot(1, 1)),
                said(Voice::Accepted { index: 1 }, ballot(1, 1)),
                said(Voice::Prepare, ballot(2, 2)),
            ],
        );
        bench.fine(1, [said(Voice::Decide, ballot(1, 1))]);
        assert_eq!(bench.evaluated(), 4);
    }

    #[test]
    fn a_second_life_that_speaks_in_the_ballot_of_the_first_is_caught() {
        let again = [
            Observation::Started { incarnation: 2 },
            said(Voice::Prepare, ballot(1, 1)),
        ];
        bench().red(
            1,
            again,
            "replica 1 in its life 2 said Prepare in ballot (1 of 1)",
        );
    }

    #[test]
    fn speaking_in_the_ballot_of_another_is_caught() {
        bench().red(
            3,
            [said(Voice::Decide, ballot(1, 1))],
            "replica 1 in its life 1 had spoken",
        );
        bench().red(
            3,
            [said(Voice::Decide, ballot(2, 2))],
            "which is not its own",
        );
    }

    #[test]
    fn memory_is_bounded_and_keeps_the_highest_ballots() {
        let mut bench = bench();
        for number in 2..200 {
            bench.fine(1, [said(Voice::Prepare, ballot(number, 1))]);
        }
        assert_eq!(bench.invariant.ballots.len(), BALLOTS_MAX);
        bench.fine(1, [Observation::Started { incarnation: 2 }]);
        bench.red(
            1,
            [said(Voice::Decide, ballot(199, 1))],
            "in its life 1 had spoken",
        );
    }
}
