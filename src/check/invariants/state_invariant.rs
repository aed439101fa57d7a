//! The state keeps the invariant that the author of a state machine demands, after every entry of
//! the log.
//!
//! It is asked of the reference, which applies each entry once, so that it holds for what the log
//! leads to, whichever replica says so first.

use crate::check::count::Count;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Replicated};

/// The state of the service is one that it may have.
#[derive(Clone, Debug, Hash)]
pub(super) struct StateInvariant {
    /// After which index the state was judged last.
    last: u64,
    evaluated: Count,
}

impl StateInvariant {
    pub(super) const fn new(_replicas: u64) -> Self {
        Self {
            last: 0,
            evaluated: Count::ZERO,
        }
    }
}

impl<E: Replicated> Invariant<E> for StateInvariant {
    const NAME: &'static str = "state_invariant";
    const SEES: Kinds = Kinds::of(&[Kind::Applied]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        let Observation::Applied { index, entry, .. } = seen.observation else {
            return Ok(());
        };
        let judged = seen.facts.judged_at(*index);
        let Some(verdict) = judged.filter(|_| *index > self.last) else {
            return Ok(());
        };
        self.last = *index;
        self.evaluated += 1;
        match verdict {
            Ok(()) => Ok(()),
            Err(why) => Err(broken(seen, *index, entry, why)),
        }
    }

    fn evaluated(&self) -> u64 {
        self.evaluated.get()
    }
}

#[cold]
fn broken<E: Replicated>(seen: &Seen<'_, E>, index: u64, entry: &E, why: &str) -> Broken {
    let request = entry.request();
    let message = format!("after {request} at index {index}, the state is not allowed: {why}");
    Broken::by(Cause::StateNotAllowed, seen.replica, message).shown_by([request])
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{Add, Bench, applied};
    use super::*;

    #[test]
    fn a_state_that_its_author_forbids_breaks_it_and_others_do_not() {
        let log = [Add::new(1, 1, 5), Add::new(1, 2, 8), Add::new(1, 3, 900)];
        let mut bench = Bench::new(StateInvariant::new(2));
        let observations = [1, 2, 3].map(|index| applied(&log, index));
        bench.red(1, observations, "913 is more than 100");
    }

    #[test]
    fn each_state_is_judged_once_whoever_reports_it() {
        let log = [Add::new(1, 1, 5), Add::new(1, 2, 8)];
        let mut bench = Bench::new(StateInvariant::new(2));
        for replica in [1, 2] {
            bench.fine(replica, [1, 2].map(|index| applied(&log, index)));
        }
        assert_eq!(Invariant::<Add>::evaluated(&bench.invariant), 2);
    }
}
