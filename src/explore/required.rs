//! What a search must come by, or it proves nothing; and what it has come by.

use std::sync::atomic::{AtomicU32, Ordering};

use super::step::Reached;
use crate::check::Fold;
use crate::scenario::{Milestone, ModelOptions};
use crate::system::System;

/// What must happen in some schedule, and what has.
pub(super) struct Milestones {
    required: Vec<Milestone>,
    reached: AtomicU32,
}

impl Milestones {
    /// Nothing has happened yet. Required is what the scenario says, or what there is no search
    /// without.
    pub(super) fn of<S: System>(model: &ModelOptions) -> Self {
        let usual = || {
            // What the object holds after a run is not known.
            let change = model.from.is_none().then_some(Milestone::Change);
            let decision = S::Fold::HAS_LOG.then_some(Milestone::Decision);
            let all = [Some(Milestone::Answer), decision, change];
            all.into_iter().flatten().collect()
        };
        Self {
            required: model.require.clone().unwrap_or_else(usual),
            reached: AtomicU32::new(0),
        }
    }

    /// Something was come by, perhaps not for the first time.
    pub(super) fn note(&self, reached: Reached) {
        let before = self.reached.load(Ordering::Relaxed);
        // Written seldom, so that threads do not wait for each other.
        if before & reached.0 != reached.0 {
            self.reached.fetch_or(reached.0, Ordering::Relaxed);
        }
    }

    /// All that was come by.
    pub(super) fn reached(&self) -> Reached {
        Reached(self.reached.load(Ordering::Relaxed))
    }

    /// What had to be come by, and was not.
    pub(super) fn missing(&self) -> Vec<Milestone> {
        let (required, reached) = (self.required.iter().copied(), self.reached());
        required
            .filter(|milestone| !reached.contains(*milestone))
            .collect()
    }
}
