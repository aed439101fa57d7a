//! At most once: a request is executed at one log index only, over all replicas
//! and lives.
//!
//! It may be decided at several, when a client retries:
//! the session table then must know it, and the entry has no effect. Without
//! that table a second execution breaks this invariant, and no other.

use crate::check::count::Count;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, LogId, Observation, Replicated};

/// A request takes effect at most once.
#[derive(Clone, Debug, Hash)]
pub(super) struct AtMostOnce {
    evaluated: Count,
}

impl AtMostOnce {
    pub(super) const fn new(_replicas: u64) -> Self {
        Self {
            evaluated: Count::ZERO,
        }
    }
}

#[cold]
fn executed_twice<E: Replicated>(
    seen: &Seen<'_, E>,
    entry: &E,
    (log, first): (LogId, u64),
    second: u64,
) -> Broken {
    let of = if log == seen.log {
        String::new()
    } else {
        format!(" of {log}")
    };
    let (replica, request) = (seen.replica, entry.request());
    Broken::by(
        Cause::ExecutedTwice,
        replica,
        format!(
            "replica {replica} executed {request} at index {second}, though it was already executed at index {first}{of}"
        ),
    )
    .shown_by([request])
}

impl<E: Replicated> Invariant<E> for AtMostOnce {
    const NAME: &'static str = "at_most_once";
    const SEES: Kinds = Kinds::of(&[Kind::Applied]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        let Observation::Applied {
            index,
            entry,
            executed: true,
            ..
        } = seen.observation
        else {
            return Ok(());
        };
        self.evaluated += 1;
        match seen.requests.executed_at(entry.request()) {
            Some(first) if first != (seen.log, *index) => {
                Err(executed_twice(seen, entry, first, *index))
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
    use crate::check::testing::{Add, Bench, applied};
    use super::*;

    fn twice() -> [Add; 2] {
        [Add::new(1, 1, 5), Add::new(1, 1, 5)]
    }

    fn again(executed: bool) -> Observation<Add> {
        let mut second = applied(&twice(), 2);
        if let Observation::Applied { executed: did, .. } = &mut second {
            *did = executed;
        }
        second
    }

    #[test]
    fn every_replica_may_execute_a_request_at_the_same_index() {
        let mut bench = Bench::new(AtMostOnce::new(3));
        bench.fine(1, [applied(&twice(), 1), again(false)]);
        bench.fine(2, [applied(&twice(), 1), again(false)]);
        bench.fine(
            1,
            [
                Observation::Started { incarnation: 2 },
                applied(&twice(), 1),
            ],
        );
        assert_eq!(bench.evaluated(), 3);
    }

    #[test]
    fn a_second_execution_is_caught_on_whichever_replica() {
        let mut bench = Bench::new(AtMostOnce::new(3));
        bench.fine(1, [applied(&twice(), 1)]);
        bench.red(
            2,
            [again(true)],
            "replica 2 executed request 1 of client 1 at index 2, though it was already executed at index 1",
        );
    }
}
