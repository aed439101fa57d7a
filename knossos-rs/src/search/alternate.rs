//! Search and sweep in turns.
//!
//! The search is quick where its first guesses are right, the [`sweep`](super::sweep) where they
//! would have to be wrong too often. Nobody knows beforehand, so both work in turns that grow:
//! together they cost a few times what the better one costs alone.

use super::configuration::Search;
use super::outcome::Outcome;
use super::part::Local;
use super::sweep::{Deed, Sweep};
use crate::limits::Meter;
use crate::model::Model;
use crate::watch::Watch;

/// How much longer a turn of the sweep is, whose steps are cheaper.
const SWEEP: u64 = 16;

/// How much longer the turns of both become each time.
const GROWTH: u64 = 4;

impl<M: Model> Search<'_, M> {
    /// Gives the sweep its turn, if the part is of the kind that it decides; what it found.
    pub(super) fn sweep(&mut self, meter: &mut Meter, elsewhere_bytes: usize) -> Option<Outcome> {
        if self.turns.sweep.is_none() {
            let Some(deeds) = self.deeds() else {
                self.turns.end();
                return None;
            };
            let bytes = elsewhere_bytes + self.memory_bytes() + deeds.len() * size_of::<Deed>();
            match Sweep::new(&deeds, [0], &mut Watch::new(meter, bytes)) {
                Ok(sweep) => self.turns.sweep = Some(Box::new(sweep)),
                Err(reason) => return Some(Outcome::RanOut(reason)),
            }
        }
        let bytes = elsewhere_bytes + self.memory_bytes() - self.turns.memory_bytes();
        let turns = &mut self.turns;
        let sweep = turns.sweep.as_mut().expect("begun");
        let outcome = sweep.run(meter, turns.turn.saturating_mul(SWEEP), bytes);
        turns.turn = turns.turn.saturating_mul(GROWTH);
        turns.due = meter.steps().saturating_add(turns.turn);
        if outcome == Outcome::Paused {
            return None;
        }
        turns.found = Some(outcome);
        Some(outcome)
    }

    /// The operations in the terms of the sweep, in their order, if all read one value, or write one
    /// whatever they find.
    pub(super) fn deeds(&self) -> Option<Vec<Deed>> {
        let deed = |local: &Local| {
            let read = local.needs.filter(|_| local.is_read);
            let written = local.produces.filter(|_| local.is_blind);
            Some(Deed {
                call: local.call,
                ret: local.ret,
                value: read.or(written)?,
                is_write: local.is_blind,
                must: local.is_known,
            })
        };
        self.part.locals.iter().map(deed).collect()
    }
}
