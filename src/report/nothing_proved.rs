//! What is said of a search that broke nothing because too little happened in it.

use crate::explore::Explored;
use crate::scenario::{Milestone, ModelOptions};

/// What never happened, and what to do about it.
pub(super) fn incomplete(model: &ModelOptions, explored: &Explored) -> String {
    let missing = explored.missing.iter().map(|milestone| milestone.words());
    let missing = missing.collect::<Vec<_>>().join(", or that ");
    format!(
        "incomplete: no schedule within the bounds breaks anything, but in none does it happen that \
         {missing}; {}, or say in model.require what must happen",
        advice(model, explored)
    )
}

fn advice(model: &ModelOptions, explored: &Explored) -> String {
    let lacks = |milestone| explored.missing.contains(&milestone);
    if lacks(Milestone::Answer) && model.operations() == 0 {
        return "no client asks anything: say what clients do, as \
                clients = [{ at = 1, does = [\"write\"] }]"
            .to_owned();
    }
    if model.attempts == 0 && model.ticks == 0 && model.time == 0 {
        return "no replica attempts to lead and no timer fires: set model.attempts, ticks or time"
            .to_owned();
    }
    if lacks(Milestone::Change) && !lacks(Milestone::Answer) {
        let all = explored.operations.join(", ");
        return format!("let model.clients do what changes something: they can {all}");
    }
    "raise the bounds of the [model] table, as attempts, ticks or time".to_owned()
}
