//! The states of replicas that were found, and the steps between them: known to all threads.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::step::{Fate, Input, Local, LocalId, Step};

/// What the search knows of one state of a replica.
struct Entry {
    local: Arc<Local>,
    steps: Vec<((Input, Fate), Arc<Step>)>,
}

/// All states that were found so far.
#[derive(Clone, Default)]
pub(super) struct Entries(Arc<RwLock<Vec<Entry>>>);

impl Entries {
    fn read(&self) -> RwLockReadGuard<'_, Vec<Entry>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A step that was taken before.
    pub(super) fn known(&self, from: LocalId, what: (Input, Fate)) -> Option<Arc<Step>> {
        let entries = self.read();
        let steps = &entries[from as usize].steps;
        let step = steps.iter().find(|(known, _)| *known == what)?;
        Some(Arc::clone(&step.1))
    }

    /// What is known of a state.
    pub(super) fn local(&self, id: LocalId) -> Arc<Local> {
        Arc::clone(&self.read()[id as usize].local)
    }

    /// How many states of replicas, and steps between them, were found.
    pub(super) fn size(&self) -> (usize, usize) {
        let entries = self.read();
        let steps = entries.iter().map(|entry| entry.steps.len());
        (entries.len(), steps.sum())
    }

    /// Enters the next state.
    pub(super) fn enter(&self, id: LocalId, local: Local) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        debug_assert_eq!(entries.len(), id as usize, "states are numbered as found");
        entries.push(Entry {
            local: Arc::new(local),
            steps: Vec::new(),
        });
    }

    /// Keeps a step for all threads.
    pub(super) fn keep(&self, from: LocalId, taken: (Input, Fate), step: Arc<Step>) -> Arc<Step> {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        entries[from as usize]
            .steps
            .push((taken, Arc::clone(&step)));
        step
    }
}
