//! Search and sweep in turns.
//!
//! The search is quick where its first guesses are right, the [`sweep`](super::sweep) where they
//! would have to be wrong too often. Nobody knows beforehand, so both work in turns that grow:
//! together they cost a few times what the better one costs alone.

use super::sweep::{Deed, Sweep};
use super::{Outcome, Search};
use crate::limits::Meter;
use crate::model::Model;
use crate::watch::Watch;

/// How many steps the search has before the first turn of the sweep: so many for each operation,
/// and in any case.
const STEPS_PER_OPERATION: u64 = 4;
const STEPS_BASE: u64 = 512;

/// How much longer a turn of the sweep is, whose steps are cheaper.
const SWEEP: u64 = 16;

/// How much longer the turns of both become each time.
const GROWTH: u64 = 4;

/// Where the turns are.
pub(super) struct Turns {
    /// At how many steps the sweep has its turn.
    due: u64,
    turn: u64,
    sweep: Option<Box<Sweep>>,
    /// What the sweep found.
    found: Option<Outcome>,
    /// The sweep is of no use.
    is_over: bool,
}

impl Turns {
    /// The sweep has not begun. `operations` are searched, after so many steps.
    pub(super) fn new(operations: usize, steps: u64) -> Turns {
        let turn = STEPS_BASE + STEPS_PER_OPERATION * operations as u64;
        Turns {
            due: steps.saturating_add(turn),
            turn,
            sweep: None,
            found: None,
            is_over: false,
        }
    }

    /// Whether it is the turn of the sweep.
    pub(super) fn is_due(&self, meter: &Meter) -> bool {
        meter.steps() >= self.due && !self.is_over
    }

    /// The search goes on alone.
    pub(super) fn end(&mut self) {
        self.sweep = None;
        self.is_over = true;
    }

    /// What the sweep found, and at which operation of the part it failed.
    pub(super) fn found(&self) -> Option<(Outcome, Option<usize>)> {
        Some((self.found?, self.sweep.as_ref()?.stuck()))
    }

    /// How many operations of known outcome the sweep has put behind it.
    pub(super) fn returned(&self) -> usize {
        self.sweep.as_ref().map_or(0, |sweep| sweep.returned())
    }

    /// Bytes in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.sweep.as_ref().map_or(0, |sweep| sweep.memory_bytes())
    }
}

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
        let deed = |local: &super::part::Local| {
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
