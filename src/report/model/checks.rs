//! The checks that a search puts states to.

use crate::check::{self, LINEARIZABILITY};
use crate::scenario::Scenario;

/// Checks that only the end of a run could fail.
const AT_THE_END: [&str; 3] = ["convergence", "completion", "acknowledged_survives"];

/// Those of them that states at rest are put to, where the scenario asks for it.
const SETTLED: [&str; 2] = ["convergence", "completion"];

/// Whether states are put to a check at all.
fn is_put(name: &str, settles: bool) -> bool {
    !AT_THE_END.contains(&name) || (settles && SETTLED.contains(&name))
}

/// The checks that every state was put to.
pub(super) fn put(scenario: &Scenario, settles: bool) -> impl Iterator<Item = &'static str> + '_ {
    let without = &scenario.check.without;
    let names = check::names();
    names
        .filter(move |name| is_put(name, settles) && !without.iter().any(|other| other == name))
        .filter(|name| *name != LINEARIZABILITY || scenario.check.demands_linearizability())
}

/// Checks that the scenario does without and that the search would not come to anyway.
pub(super) fn needless(scenario: &Scenario, settles: bool) -> Vec<String> {
    let without = scenario.check.without.iter();
    let needless = without
        .filter(|name| !check::names().any(|known| known == *name) || !is_put(name, settles));
    needless.cloned().collect()
}
