//! What a search must come by, or it proves nothing.

use crate::check::Fold;
use crate::scenario::{Happening, ModelOptions};
use crate::systems::System;

/// What must happen: what the scenario says, or what there is no search without.
pub(super) fn required<S: System>(model: &ModelOptions) -> Vec<Happening> {
    let usual = || {
        // What the object holds after a run is not known.
        let change = model.from.is_none().then_some(Happening::Change);
        let decision = S::Fold::HAS_LOG.then_some(Happening::Decision);
        let all = [Some(Happening::Answer), decision, change];
        all.into_iter().flatten().collect()
    };
    model.require.clone().unwrap_or_else(usual)
}
