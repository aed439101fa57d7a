//! What a search must come by, or it proves nothing.

use crate::check::Fold;
use crate::scenario::{Milestone, ModelOptions};
use crate::system::System;

/// What must happen: what the scenario says, or what there is no search without.
pub(super) fn required<S: System>(model: &ModelOptions) -> Vec<Milestone> {
    let usual = || {
        // What the object holds after a run is not known.
        let change = model.from.is_none().then_some(Milestone::Change);
        let decision = S::Fold::HAS_LOG.then_some(Milestone::Decision);
        let all = [Some(Milestone::Answer), decision, change];
        all.into_iter().flatten().collect()
    };
    model.require.clone().unwrap_or_else(usual)
}
