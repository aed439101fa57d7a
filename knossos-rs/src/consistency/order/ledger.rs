//! Which states are still needed, and which can still come back, part by part.

use super::task::Task;

/// Supply and demand of the states of one part. States beyond those that footprints name are
/// neither needed nor produced.
#[derive(Clone, Default)]
pub(super) struct Ledger {
    demand: Vec<u32>,
    supply: Vec<u32>,
    wild: u32,
    opaque: u32,
}

impl Ledger {
    /// A ledger over the first `states` states, without operations.
    pub(super) fn new(states: usize) -> Ledger {
        Ledger {
            demand: vec![0; states],
            supply: vec![0; states],
            ..Ledger::default()
        }
    }

    /// Books an operation as still to come.
    pub(super) fn put_back(&mut self, task: &Task) {
        if let Some(state) = task.needs {
            self.demand[state as usize] += 1;
        }
        if let Some(state) = task.produces {
            self.supply[state as usize] += 1;
        }
        self.wild += u32::from(task.is_wild);
        self.opaque += u32::from(task.is_opaque());
    }

    /// Books an operation as done.
    pub(super) fn take(&mut self, task: &Task) {
        if let Some(state) = task.needs {
            self.demand[state as usize] -= 1;
        }
        if let Some(state) = task.produces {
            self.supply[state as usize] -= 1;
        }
        self.wild -= u32::from(task.is_wild);
        self.opaque -= u32::from(task.is_opaque());
    }

    /// Whether the state is needed, and once left it cannot come back.
    pub(super) fn must_stay(&self, state: u32) -> bool {
        let state = state as usize;
        self.wild == 0
            && self.demand.get(state).is_some_and(|count| *count > 0)
            && self.supply[state] == 0
    }

    /// Whether some state other than the initial one is needed and nothing can produce it.
    pub(super) fn is_hopeless(&self) -> bool {
        (1..self.demand.len() as u32).any(|state| self.must_stay(state))
    }

    /// Whether anybody could tell that this unknown operation has taken effect: by the state that
    /// it leaves, or through another operation that makes something else of that state.
    pub(super) fn is_worth_using(&self, task: &Task) -> bool {
        let is_seen = |state: u32| self.demand[state as usize] > 0;
        self.opaque > 0 || task.is_wild || task.produces.is_none_or(is_seen)
    }
}
