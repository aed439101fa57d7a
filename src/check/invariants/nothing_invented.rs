//! Nothing invented: every applied entry carries a command that its client
//! asked for, unchanged.
//!
//! Source: the validity of consensus. An index is looked at when the first
//! replica applies it; later ones apply the same entry, or break `applied_state`.

use crate::check::count::Count;
use crate::check::{Broken, Cause, Invariant, Seen};
use crate::observation::{Kind, Kinds, Observation, Replicated};

/// Only what clients asked for is applied.
#[derive(Clone, Debug, Hash)]
pub(super) struct NothingInvented {
    /// Every index up to this one was looked at.
    looked_at: u64,
    evaluated: Count,
}

impl NothingInvented {
    pub(super) const fn new(_replicas: u64) -> Self {
        Self {
            looked_at: 0,
            evaluated: Count::ZERO,
        }
    }
}

#[cold]
fn invented<E: Replicated>(seen: &Seen<'_, E>, index: u64, entry: &E) -> Broken {
    let (replica, request) = (seen.replica, entry.request());
    let (cause, what) = if seen.requests.invoked(request).is_some() {
        (
            Cause::CommandChanged,
            "but the client asked for something else",
        )
    } else {
        (Cause::NeverInvoked, "but the client never asked for it")
    };
    Broken::by(
        cause,
        replica,
        format!("replica {replica} applied {request} at index {index}, {what}"),
    )
    .shown_by([request])
}

impl<E: Replicated> Invariant<E> for NothingInvented {
    const NAME: &'static str = "nothing_invented";
    const SEES: Kinds = Kinds::of(&[Kind::Applied]);

    #[inline(always)]
    fn observe(&mut self, seen: &Seen<'_, E>) -> Result<(), Broken> {
        let Observation::Applied { index, entry, .. } = seen.observation else {
            return Ok(());
        };
        if *index <= self.looked_at {
            return Ok(());
        }
        self.evaluated += 1;
        // The facts keep 0 for what was never asked.
        let digest = entry.command_digest().max(1);
        if seen.requests.invoked(entry.request()) != Some(digest) {
            return Err(invented(seen, *index, entry));
        }
        if *index == self.looked_at + 1 {
            self.looked_at = *index;
        }
        Ok(())
    }

    fn evaluated(&self) -> u64 {
        self.evaluated.get()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{Add, Bench, applied};
    use super::*;

    fn bench() -> Bench<NothingInvented> {
        let mut bench = Bench::new(NothingInvented::new(3));
        bench.invoked(&Add::new(1, 1, 5));
        bench.invoked(&Add::new(2, 1, 0));
        bench
    }

    #[test]
    fn what_clients_asked_for_is_applied_in_any_order() {
        let mut bench = bench();
        let log = [Add::new(2, 1, 0), Add::new(1, 1, 5)];
        bench.fine(1, [applied(&log, 1), applied(&log, 2)]);
        bench.fine(2, [applied(&log, 1), applied(&log, 2)]);
        assert_eq!(bench.evaluated(), 2, "once per index");
    }

    #[test]
    fn a_command_that_nobody_asked_for_is_caught() {
        let log = [Add::new(1, 2, 5)];
        bench().red(
            3,
            [applied(&log, 1)],
            "replica 3 applied request 2 of client 1 at index 1, but the client never asked",
        );
    }

    #[test]
    fn a_command_that_changed_on_its_way_is_caught() {
        let log = [Add::new(1, 1, 6)];
        bench().red(1, [applied(&log, 1)], "asked for something else");
    }
}
