//! Supply and demand of states: an early end for orders that cannot be completed.
//!
//! Some operations are possible in one state only (a read of "7"), some can produce a state (a
//! write of "7"). If a state is needed by an operation still to come and no operation still to
//! come can produce it, then that state must not be left: the order is dead on leaving it, not
//! only when the read turns out to be impossible.

use super::part::{Local, Part};

/// Who still needs and who can still produce each state. States are known by their numbers;
/// a state without an entry is neither needed nor produced.
pub(super) struct Ledger {
    demand: Vec<u32>,
    /// Needs of operations that need not happen, as their outcome is unknown.
    wish: Vec<u32>,
    supply: Vec<u32>,
    /// Operations left that may produce any state.
    wild: u32,
}

impl Ledger {
    /// The ledger before any operation is taken; `states` bounds the state numbers of the part.
    pub(super) fn new<M: crate::Model>(part: &Part<M>, states: usize) -> Ledger {
        let mut ledger = Ledger {
            demand: vec![0; states],
            wish: vec![0; states],
            supply: vec![0; states],
            wild: 0,
        };
        for local in &part.locals {
            ledger.put_back(local);
        }
        ledger
    }

    /// Books an operation as taken.
    pub(super) fn take(&mut self, local: &Local) {
        if let Some(state) = local.needs {
            self.needs_of(local)[state as usize] -= 1;
        }
        if let Some(state) = local.produces {
            self.supply[state as usize] -= 1;
        }
        self.wild -= u32::from(local.is_wild);
    }

    /// Books an operation as not taken.
    pub(super) fn put_back(&mut self, local: &Local) {
        if let Some(state) = local.needs {
            self.needs_of(local)[state as usize] += 1;
        }
        if let Some(state) = local.produces {
            self.supply[state as usize] += 1;
        }
        self.wild += u32::from(local.is_wild);
    }

    /// How many operations that may still come are possible in this state only.
    pub(super) fn interest(&self, state: u32) -> usize {
        let of = |counts: &[u32]| {
            counts
                .get(state as usize)
                .map_or(0, |count| *count as usize)
        };
        of(&self.demand) + of(&self.wish)
    }

    /// Whether an operation of unknown outcome is possible in this state only.
    pub(super) fn is_wished(&self, state: u32) -> bool {
        self.wish
            .get(state as usize)
            .is_some_and(|count| *count > 0)
    }

    /// Whether an operation that must come is possible in this state only.
    fn is_needed(&self, state: u32) -> bool {
        self.demand
            .get(state as usize)
            .is_some_and(|count| *count > 0)
    }

    fn needs_of(&mut self, local: &Local) -> &mut [u32] {
        if local.is_known {
            &mut self.demand
        } else {
            &mut self.wish
        }
    }

    /// Whether the state is needed, and once left it cannot come back.
    pub(super) fn must_stay(&self, state: u32) -> bool {
        self.wild == 0 && self.is_needed(state) && self.supply[state as usize] == 0
    }

    /// Whether some state other than `initial` is needed and nothing can ever produce it.
    pub(super) fn is_hopeless(&self, initial: u32) -> bool {
        (0..self.demand.len() as u32).any(|state| state != initial && self.must_stay(state))
    }
}
