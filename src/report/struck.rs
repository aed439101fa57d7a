//! What the faults of a scenario struck, as people and programs read it.

use serde_json::{Map, Value, json};

use crate::nemesis::{FaultSource, Impact};
use crate::scenario::{Scenario, key_of, place_of};
use crate::world::Outcome;

/// Scripted and targeted faults, operator actions and the planted bug, each with what it
/// struck in a run:
/// `fault[0] (isolate the leader): messages lost 34`.
pub(super) fn struck_rows(scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let named = outcome
        .impacts
        .iter()
        .filter(|(source, _)| is_named(**source));
    let row = |(source, impact): (&FaultSource, &Impact)| {
        let (key, what) = (key_of(&place_of(*source)), scenario.source_told(*source));
        format!("{key} ({what}): {}", impact.told(*source))
    };
    named.map(row).collect()
}

/// The same for programs, one object for each.
pub(super) fn scripted(scenario: &Scenario, outcome: &Outcome) -> Vec<Value> {
    let named = outcome
        .impacts
        .iter()
        .filter(|(source, _)| is_named(**source));
    let object = |(source, impact): (&FaultSource, &Impact)| {
        json!({
            "key": key_of(&place_of(*source)),
            "fault": scenario.source_told(*source),
            "began": impact.began,
            "struck": struck(impact),
            "may_miss": !scenario.has_to_strike(*source),
        })
    };
    named.map(object).collect()
}

/// What random faults struck, by the key that brings them.
pub(super) fn random(outcome: &Outcome) -> Map<String, Value> {
    let random = outcome
        .impacts
        .iter()
        .filter(|(source, _)| !is_named(**source));
    let entry = |(source, impact): (&FaultSource, &Impact)| {
        let value = json!({ "began": impact.began, "struck": struck(impact) });
        (key_of(&place_of(*source)), value)
    };
    random.map(entry).collect()
}

fn struck(impact: &Impact) -> Map<String, Value> {
    let struck = impact.struck.iter();
    struck
        .map(|(what, count)| (what.name().to_owned(), json!(count)))
        .collect()
}

/// Whether the scenario names this fault itself, and does not leave it to chance.
const fn is_named(source: FaultSource) -> bool {
    match source {
        FaultSource::Fault(_)
        | FaultSource::Targeted(_)
        | FaultSource::Action(_)
        | FaultSource::Planted => true,
        FaultSource::Random(_) | FaultSource::RandomAction(_) => false,
    }
}
