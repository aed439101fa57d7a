//! Log bounds: nothing is decided beyond the end of the log, and nothing
//! undecided is compacted.
//!
//! Within an atomic write the parts may come in
//! any order, so the bounds are looked at when a whole write is done.

use crate::check::count::Count;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Replicated};

/// compacted <= decided <= last.
#[derive(Clone, Debug, Hash)]
pub(super) struct LogBounds {
    evaluated: Count,
}

impl LogBounds {
    pub(super) const fn new(_replicas: u64) -> Self {
        Self {
            evaluated: Count::ZERO,
        }
    }
}

#[cold]
fn broken<E>(seen: &Seen<'_, E>) -> Broken {
    let (replica, ledger) = (seen.replica, seen.ledger);
    let (compacted, decided, last) = (ledger.compacted(), ledger.decided, ledger.last());
    if decided > last {
        let message =
            format!("replica {replica} decided up to index {decided}, but its log ends at {last}");
        Broken::by(Cause::DecidedBeyondLog, replica, message)
    } else {
        let message = format!(
            "replica {replica} compacted up to index {compacted}, but decided only up to {decided}"
        );
        Broken::by(Cause::CompactedUndecided, replica, message)
    }
}

impl<E: Replicated> Invariant<E> for LogBounds {
    const NAME: &'static str = "log_bounds";
    const SEES: Kinds = Kinds::of(&[Kind::Written]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        if let Observation::Written = seen.observation {
            self.evaluated += 1;
            let ledger = seen.ledger;
            if ledger.compacted() > ledger.decided || ledger.decided > ledger.last() {
                return Err(broken(seen));
            }
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

    fn bench() -> Bench<LogBounds> {
        Bench::new(LogBounds::new(3))
    }

    #[test]
    fn a_log_that_is_trimmed_up_to_its_decided_index_is_within_bounds() {
        let mut bench = bench();
        bench.fine(1, decide(&[1, 2], 2));
        bench.fine(1, [Observation::Trimmed { to: 2 }, WRITTEN]);
        assert_eq!(bench.evaluated(), 2);
    }

    #[test]
    fn the_parts_of_one_write_may_come_in_any_order() {
        bench().fine(1, [Observation::Decided { to: 1 }, append(1), WRITTEN]);
    }

    #[test]
    fn a_decided_index_beyond_the_log_is_caught() {
        bench().red(
            2,
            decide(&[1], 2),
            "replica 2 decided up to index 2, but its log ends at 1",
        );
    }

    #[test]
    fn compacting_what_is_not_decided_is_caught() {
        let mut bench = bench();
        bench.fine(1, decide(&[1, 2], 1));
        bench.red(
            1,
            [Observation::Trimmed { to: 2 }, WRITTEN],
            "compacted up to index 2, but decided only up to 1",
        );
    }
}
