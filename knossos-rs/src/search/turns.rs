//! Whose turn it is: the search's or the sweep's ([`super::alternate`]).

use super::outcome::Outcome;
use super::sweep::Sweep;
use crate::limits::Meter;

/// How many steps the search has before the first turn of the sweep: so many for each operation,
/// and in any case.
const STEPS_PER_OPERATION: u64 = 4;
const STEPS_BASE: u64 = 512;

/// Where the turns are.
pub(super) struct Turns {
    /// At how many steps the sweep has its turn.
    pub(super) due: u64,
    pub(super) turn: u64,
    pub(super) sweep: Option<Box<Sweep>>,
    /// What the sweep found.
    pub(super) found: Option<Outcome>,
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
