//! What is said of a search that broke nothing because too little happened in it.

use super::number;
use crate::explore::Explored;
use crate::scenario::{Milestone, ModelOptions, Scenario};

/// What never happened, and what to do about it.
pub(super) fn incomplete(model: &ModelOptions, explored: &Explored) -> String {
    let missing = explored.missing.iter().map(|milestone| milestone.words());
    let missing = missing.collect::<Vec<_>>().join(", or that ");
    format!(
        "no schedule within the bounds breaks anything, but in none does it happen that \
         {missing}; {}, or say in model.require what must happen",
        advice(model, explored)
    )
}

/// Why a search that broke nothing proves nothing of the bug that is planted: it never acted,
/// or no check saw it.
pub(super) fn unseen_bug(scenario: &Scenario, explored: &Explored) -> Option<String> {
    let bug = scenario.selftest.planted.as_deref()?;
    if explored.violation.is_some() {
        return None;
    }
    Some(match explored.deviations {
        0 => format!("the planted bug {bug} never acts in any schedule within the bounds"),
        _ => format!(
            "the planted bug {bug} {}, and no check sees it",
            acts(explored.deviations)
        ),
    })
}

/// How often the planted bug acts, as in: acts in 3 steps of replicas.
pub(crate) fn acts(deviations: u64) -> String {
    match deviations {
        0 => "never acts".to_owned(),
        1 => "acts once".to_owned(),
        acts => format!(
            "acts {} times in steps of replicas that differ",
            number(acts)
        ),
    }
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
