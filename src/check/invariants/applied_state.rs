//! Applied state: each replica applies the agreed log, entry by entry and in
//! order, and its replies and states are those of the reference fold.
//!
//! A life begins at 0, or where it says that it
//! restored a snapshot or checkpoint, and may jump ahead to an installed one.
//! States are compared where replicas report them: with the reference if it is
//! at that very index, otherwise with whoever reported that index first. Where
//! the reference waits before a gap, replies are compared between replicas.

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Replicated};

/// Replicas fold the agreed log.
#[derive(Clone, Debug, Hash)]
pub(super) struct AppliedState {
    /// How far each replica has applied in its present life.
    applied: PerReplica<u64>,
    evaluated: Count,
}

impl AppliedState {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            applied: PerReplica::new(replicas),
            evaluated: Count::ZERO,
        }
    }

    #[inline]
    fn apply<E>(
        &mut self,
        seen: &Seen<'_, E>,
        index: u64,
        chain: u64,
        reply: u64,
    ) -> Result<(), Broken> {
        let before = std::mem::replace(&mut self.applied[seen.replica], index);
        if index != before + 1 {
            return Err(Broken::by(
                Cause::AppliedOutOfOrder,
                seen.replica,
                format!(
                    "replica {} applied index {index} after index {before}",
                    seen.replica
                ),
            ));
        }
        self.compare_chain(seen, index, chain)?;
        let known = seen.facts.applied(index);
        if known.is_some_and(|known| known.reply != reply) {
            return Err(Broken::by(
                Cause::ResultDiffers,
                seen.replica,
                format!(
                    "replica {} got another result from the entry at index {index} than the log gives",
                    seen.replica
                ),
            ));
        }
        Ok(())
    }

    /// Was everything up to `index` applied as it was agreed?
    #[inline]
    fn compare_chain<E>(
        &mut self,
        seen: &Seen<'_, E>,
        index: u64,
        chain: u64,
    ) -> Result<(), Broken> {
        self.evaluated += 1;
        let agreed = seen.facts.agreed(index);
        let applied = seen.facts.applied(index).map(|applied| applied.chain);
        if agreed.is_some_and(|agreed| agreed != chain) {
            return Err(other_log(seen, index, "was decided"));
        }
        if applied.is_some_and(|applied| applied != chain) {
            return Err(other_log(seen, index, "another replica applied"));
        }
        Ok(())
    }

    fn compare_state<E>(
        &mut self,
        seen: &Seen<'_, E>,
        index: u64,
        chain: u64,
        state: u64,
    ) -> Result<(), Broken> {
        if index > 0 {
            self.compare_chain(seen, index, chain)?;
        }
        self.evaluated += 1;
        if seen.facts.state(index).is_some_and(|known| known != state) {
            return Err(Broken::by(
                Cause::StateDiffers,
                seen.replica,
                format!(
                    "the state of replica {} after index {index} is not what the log leads to",
                    seen.replica
                ),
            ));
        }
        Ok(())
    }

    fn restore<E>(&mut self, seen: &Seen<'_, E>, index: u64) -> Result<(), Broken> {
        let before = std::mem::replace(&mut self.applied[seen.replica], index);
        if index < before {
            return Err(Broken::by(
                Cause::RestoredBackwards,
                seen.replica,
                format!(
                    "replica {} restored a snapshot of index {index}, but had applied up to {before}",
                    seen.replica
                ),
            ));
        }
        Ok(())
    }
}

#[cold]
fn other_log<E>(seen: &Seen<'_, E>, index: u64, than: &str) -> Broken {
    let (replica, first) = (seen.replica, seen.facts.reporter(index));
    let message = format!("replica {replica} applied another log up to index {index} than {than}");
    if first == 0 {
        Broken::by(Cause::AppliedAnotherLog, replica, message)
    } else {
        Broken::between(Cause::AppliedAnotherLog, replica, first, message)
    }
}

impl<E: Replicated> Invariant<E> for AppliedState {
    const NAME: &'static str = "applied_state";
    const SEES: Kinds = Kinds::of(&[Kind::Applied, Kind::Started, Kind::Restored, Kind::State]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Applied {
                index,
                entry,
                chain,
                reply,
                ..
            } => self
                .apply(seen, *index, *chain, *reply)
                .map_err(|broken| broken.shown_by([entry.request()])),
            Observation::Started { .. } => {
                self.applied[seen.replica] = 0;
                Ok(())
            }
            Observation::Restored {
                index,
                chain,
                state,
            } => {
                self.restore(seen, *index)?;
                self.compare_state(seen, *index, *chain, *state)
            }
            Observation::State {
                index,
                chain,
                state,
            } => self.compare_state(seen, *index, *chain, *state),
            _ => Ok(()),
        }
    }

    fn evaluated(&self) -> u64 {
        self.evaluated.get()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{Add, Bench, applied, decide, restored, state};
    use super::*;

    fn log() -> [Add; 3] {
        [Add::new(1, 1, 5), Add::new(1, 2, 2), Add::new(1, 3, 3)]
    }

    /// Replica 1 has applied the whole log.
    fn bench() -> Bench<AppliedState> {
        let mut bench = Bench::new(AppliedState::new(3));
        bench.fine(1, (1..=3).map(|index| applied(&log(), index)));
        bench
    }

    #[test]
    fn replicas_that_apply_restart_and_restore_fold_the_same_log() {
        let mut bench = bench();
        bench.fine(1, [state(&log(), 3, 10)]);
        bench.fine(
            2,
            [
                applied(&log(), 1),
                restored(&log(), 2, 7),
                applied(&log(), 3),
            ],
        );
        bench.fine(
            2,
            [Observation::Started { incarnation: 2 }, applied(&log(), 1)],
        );
        bench.fine(3, [restored(&log(), 3, 10)]);
        assert_eq!(bench.evaluated(), 3 + 2 + 4 + 1 + 2);
    }

    #[test]
    fn skipping_or_repeating_an_entry_is_caught() {
        bench().red(
            2,
            [applied(&log(), 2)],
            "replica 2 applied index 2 after index 0",
        );
        bench().red(
            1,
            [applied(&log(), 3)],
            "replica 1 applied index 3 after index 3",
        );
        bench().red(1, [restored(&log(), 2, 7)], "had applied up to 3");
    }

    #[test]
    fn applying_another_log_than_was_decided_is_caught() {
        let mut bench = Bench::new(AppliedState::new(3));
        bench.fine(3, decide(&[log()[0].content()], 1));
        let other = [Add::new(2, 1, 5)];
        bench.red(
            2,
            [applied(&other, 1)],
            "replica 2 applied another log up to index 1 than was decided",
        );
    }

    #[test]
    fn a_wrong_result_is_caught_even_when_its_replica_is_the_first() {
        let mut bench = bench();
        let log = [log().as_slice(), &[Add::new(1, 4, 1)]].concat();
        let mut wrong = applied(&log, 4);
        if let Observation::Applied { reply, .. } = &mut wrong {
            *reply = 12;
        }
        bench.red(1, [wrong], "another result from the entry at index 4");
    }

    #[test]
    fn a_wrong_state_is_caught_by_the_reference_and_by_the_first_report() {
        bench().red(
            1,
            [state(&log(), 3, 11)],
            "the state of replica 1 after index 3",
        );
        let mut bench = bench();
        bench.fine(
            2,
            [applied(&log(), 1), applied(&log(), 2), state(&log(), 2, 7)],
        );
        bench.red(
            3,
            [restored(&log(), 2, 8)],
            "the state of replica 3 after index 2",
        );
    }

    #[test]
    fn behind_a_gap_replicas_are_compared_with_each_other() {
        let mut bench = Bench::new(AppliedState::new(3));
        bench.fine(1, [restored(&log(), 2, 7), applied(&log(), 3)]);
        let mut wrong = applied(&log(), 3);
        if let Observation::Applied { reply, .. } = &mut wrong {
            *reply = 11;
        }
        bench.red(
            2,
            [restored(&log(), 2, 7), wrong],
            "another result from the entry at index 3",
        );
    }
}
