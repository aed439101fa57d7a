//! Reply integrity: each attempt of a request is answered at most once, from
//! what the answering replica has applied, with the result that the log gives.
//!
//! The result of a read from applied state is not known
//! here, only that the state was there to be read.

use std::collections::BTreeSet;

use crate::check::count::Count;
use crate::check::per_replica::PerReplica;
use crate::check::per_request::PerRequest;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Position, Replicated, RequestId};

/// Replies are given once, and are right.
#[derive(Clone, Debug, Hash)]
pub(super) struct ReplyIntegrity {
    /// How far each replica has applied in its present life.
    applied: PerReplica<u64>,
    /// One bit for each of the first 64 attempts that was answered.
    answered: PerRequest,
    /// The attempts beyond, which are few.
    answered_late: BTreeSet<(RequestId, u32)>,
    evaluated: Count,
}

impl ReplyIntegrity {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            applied: PerReplica::new(replicas),
            answered: PerRequest::default(),
            answered_late: BTreeSet::new(),
            evaluated: Count::ZERO,
        }
    }

    /// Notes that an attempt is answered; false if it had been.
    #[inline]
    fn answer(&mut self, request: RequestId, attempt: u32) -> bool {
        if attempt >= u64::BITS {
            return self.answered_late.insert((request, attempt));
        }
        let bits = self.answered.entry(request);
        let first = *bits & (1 << attempt) == 0;
        *bits |= 1 << attempt;
        first
    }

    #[inline]
    fn compare<E>(
        &self,
        seen: &Seen<'_, E>,
        request: RequestId,
        position: Position,
        reply: u64,
    ) -> Result<(), Broken> {
        let replica = seen.replica;
        let applied = self.applied[replica];
        if position.index() > applied {
            return Err(Broken::by(
                Cause::AnsweredTooEarly,
                replica,
                format!(
                    "replica {replica} answered {request} from index {}, but has applied only up to {applied}",
                    position.index()
                ),
            )
            .shown_by([request]));
        }
        let Position::At(index) = position else {
            return Ok(());
        };
        if seen
            .facts
            .applied(index)
            .is_some_and(|known| known.reply != reply)
        {
            return Err(Broken::by(
                Cause::ResultDiffers,
                replica,
                format!(
                    "replica {replica} answered {request} with another result than its entry at index {index} gives"
                ),
            )
            .shown_by([request]));
        }
        Ok(())
    }
}

impl<E: Replicated> Invariant<E> for ReplyIntegrity {
    const NAME: &'static str = "reply_integrity";
    const SEES: Kinds = Kinds::of(&[Kind::Applied, Kind::Restored, Kind::Started, Kind::Replied]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        match seen.observation {
            Observation::Applied { index, .. } | Observation::Restored { index, .. } => {
                self.applied[seen.replica] = *index;
            }
            Observation::Started { .. } => self.applied[seen.replica] = 0,
            Observation::Replied {
                request,
                attempt,
                position,
                reply,
            } => {
                self.evaluated += 1;
                if !self.answer(*request, *attempt) {
                    let replica = seen.replica;
                    return Err(Broken::by(
                        Cause::AnsweredTwice,
                        replica,
                        format!(
                            "replica {replica} answered attempt {attempt} of {request}, which was already answered"
                        ),
                    )
                    .shown_by([*request]));
                }
                if let Some(position) = position {
                    self.compare(seen, *request, *position, *reply)?;
                }
            }
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
    use crate::check::testing::{Add, Bench, applied, replied};
    use super::*;

    fn log() -> [Add; 2] {
        [Add::new(1, 1, 5), Add::new(1, 2, 2)]
    }

    /// Replica 1 has applied both entries, replica 2 the first.
    fn bench() -> Bench<ReplyIntegrity> {
        let mut bench = Bench::new(ReplyIntegrity::new(3));
        bench.fine(1, [applied(&log(), 1), applied(&log(), 2)]);
        bench.fine(2, [applied(&log(), 1)]);
        bench
    }

    fn reply(attempt: u32, position: Position, digest: u64) -> Observation<Add> {
        replied(&log()[0], attempt, position, digest)
    }

    #[test]
    fn each_attempt_may_be_answered_once_by_whoever_was_asked() {
        let mut bench = bench();
        bench.fine(
            1,
            [reply(1, Position::At(1), 5), reply(64, Position::At(1), 5)],
        );
        bench.fine(
            2,
            [
                reply(2, Position::At(1), 5),
                reply(3, Position::After(1), 999),
            ],
        );
        assert_eq!(bench.evaluated(), 4);
    }

    #[test]
    fn answering_an_attempt_twice_is_caught() {
        for attempt in [1, 63, 64, 1000] {
            let mut bench = bench();
            bench.fine(1, [reply(attempt, Position::At(1), 5)]);
            bench.red(
                2,
                [reply(attempt, Position::At(1), 5)],
                &format!("answered attempt {attempt} of request 1 of client 1, which was already"),
            );
        }
    }

    #[test]
    fn answering_from_what_is_not_applied_is_caught() {
        bench().red(
            2,
            [reply(1, Position::After(2), 0)],
            "replica 2 answered request 1 of client 1 from index 2, but has applied only up to 1",
        );
        bench().red(
            1,
            [
                Observation::Started { incarnation: 2 },
                reply(1, Position::At(1), 5),
            ],
            "has applied only up to 0",
        );
    }

    #[test]
    fn a_result_that_the_log_does_not_give_is_caught() {
        bench().red(
            1,
            [reply(1, Position::At(1), 6)],
            "with another result than its entry at index 1",
        );
    }
}
