//! What was broken, by number: known to the search even when the replicas answer no more.

use std::sync::{Arc, PoisonError, RwLock};

use crate::check::Violation;

/// Everything that was broken, shared by the replicas and the search.
#[derive(Clone, Debug, Default)]
pub(super) struct Violations(Arc<RwLock<Vec<Violation>>>);

impl Violations {
    /// Keeps a violation; gives its number.
    pub(super) fn add(&self, violation: Violation) -> u32 {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.push(violation);
        all.len() as u32 - 1
    }

    /// The violation with a number that was given.
    pub(super) fn get(&self, id: u32) -> Violation {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all[id as usize].clone()
    }
}
