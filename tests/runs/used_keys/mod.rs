//! No key of a scenario file is read and then forgotten: each changes what a run does or how it
//! is judged, or what a search finds.

mod tries;

use std::collections::BTreeSet;

use crate::common::schema::properties;
use crate::common::{kv, run};
use omnisim::explore::Limits;
use omnisim::nemesis::FaultKind;
use omnisim::scenario::Scenario;
use omnisim::search::{ScenarioTally, schema};
use omnisim::systems::BUILT_IN;
use omnisim::world::RunOptions;
use serde_json::Value;

use tries::*;

/// Lines of which later ones take the place of earlier ones of the same key.
fn together(parts: &[&str]) -> String {
    let key = |line: &str| line.split(" = ").next().map(str::to_owned);
    let mut lines: Vec<&str> = Vec::new();
    for line in parts.iter().flat_map(|part| part.lines()) {
        lines.retain(|earlier| key(earlier) != key(line));
        lines.push(line);
    }
    lines.join("\n")
}

/// All that comes of a scenario.
fn comes_to(text: &str, seed: u64) -> String {
    let scenario = Scenario::parse("tried", text).unwrap_or_else(|error| panic!("{error}"));
    if let Some(model) = &scenario.model {
        let explored = kv().explore(&scenario, &Limits::default(), &mut |_| {});
        let explored = explored.unwrap_or_else(|error| panic!("{error}"));
        let counts = (
            explored.progress.states,
            explored.replica_states,
            explored.settled,
        );
        return format!(
            "{counts:?} {:?} {:?}",
            explored.missing,
            model.expects("agreement")
        );
    }
    let outcome = run(&scenario, seed, RunOptions::default());
    let mut tally = ScenarioTally::default();
    let as_expected = tally.add(&scenario, &outcome);
    let judged = (as_expected, tally.judge(&scenario), outcome.remarks);
    format!("{:x} {:?} {judged:?}", outcome.digest, outcome.checks)
}

/// A key that comes to the same with both values.
fn is_forgotten(base: &str, before: &str, after: &str) -> bool {
    let (before, after) = (together(&[base, before]), together(&[base, before, after]));
    (0..4).all(|seed| comes_to(&before, seed) == comes_to(&after, seed))
}

fn forgotten(table: &str, base: &str, tries: &[Try]) -> Vec<String> {
    let idle = tries
        .iter()
        .filter(|(_, before, after)| is_forgotten(base, before, after));
    idle.map(|(key, ..)| format!("{table}{key}")).collect()
}

#[test]
fn every_key_of_the_system_and_the_network_changes_a_run() {
    let mut all = forgotten("system.", BUSY, SYSTEM);
    all.extend(forgotten("network.", BUSY, NETWORK));
    assert!(all.is_empty(), "accepted, and changes nothing: {all:?}");
}

#[test]
fn every_key_of_the_other_tables_changes_a_run_or_its_judgement() {
    let all = forgotten("", BUSY, REST);
    assert!(all.is_empty(), "accepted, and changes nothing: {all:?}");
}

#[test]
fn every_key_of_a_model_changes_what_a_search_finds() {
    let all = forgotten("model.", SMALL, MODEL);
    assert!(all.is_empty(), "accepted, and changes nothing: {all:?}");
}

#[test]
fn every_random_fault_and_each_of_its_keys_changes_a_run() {
    for kind in FaultKind::ALL {
        let key = kind.key();
        let links = match kind {
            FaultKind::Repeat => "network.contract = \"datagram\"",
            FaultKind::ClockStep | FaultKind::ClockLie => SIGNAL,
            _ => "",
        };
        let rate = |keys: &str| format!("{links}\nnemesis.{key} = {{ {keys} }}");
        let usual = rate("every = \"200ms\", for = \"50ms..90ms\"");
        for (before, after) in [
            (links, &usual),
            (&usual, &rate("every = \"100ms\", for = \"50ms..90ms\"")),
            (&usual, &rate("every = \"200ms\", for = \"300ms..400ms\"")),
            (
                &usual,
                &rate("every = \"200ms\", for = \"50ms..90ms\", stability = \"900ms\""),
            ),
        ] {
            assert!(
                !is_forgotten(BUSY, before, after),
                "{after} changes nothing"
            );
        }
    }
}

/// Every key below `of`.
fn keys(schema: &Value, of: &Value, table: &str, found: &mut BTreeSet<String>) {
    for (key, value) in properties(schema, of) {
        let key = if table.is_empty() {
            key.to_owned()
        } else {
            format!("{table}.{key}")
        };
        let (inner, whole) = match value.get("items") {
            Some(items) => (items, format!("{key}[]")),
            None => (value, key.clone()),
        };
        found.insert(key);
        keys(schema, inner, &whole, found);
    }
}

#[test]
fn every_key_of_the_schema_is_tried() {
    let mut all = BTreeSet::new();
    let schema = schema(BUILT_IN);
    keys(&schema, &schema, "", &mut all);
    let mut tried: BTreeSet<String> = BTreeSet::new();
    for (table, tries) in [
        ("system.", SYSTEM),
        ("network.", NETWORK),
        ("", REST),
        ("model.", MODEL),
    ] {
        tried.extend(tries.iter().map(|(key, ..)| format!("{table}{key}")));
    }
    let is_elsewhere = |key: &str| {
        let below = |table: &str| {
            key.strip_prefix(table)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let mut kinds = FaultKind::ALL.iter();
        ELSEWHERE.iter().any(|(table, _)| below(table))
            || kinds.any(|kind| below(&format!("nemesis.{}", kind.key())))
    };
    // A table is nothing beside its keys.
    let is_table = |key: &str| {
        all.iter()
            .any(|other| other.starts_with(&format!("{key}.")))
    };
    let left: Vec<_> = all
        .iter()
        .filter(|key| !tried.contains(*key) && !is_elsewhere(key) && !is_table(key))
        .collect();
    assert!(
        left.is_empty(),
        "new keys need a try, with a value that changes something: {left:?}"
    );
    // A value may be a table of one key, which the schema has elsewhere.
    let is_there = |key: &str| {
        let table = key.rsplit_once('.').map_or("", |(table, _)| table);
        all.contains(key) || all.contains(table)
    };
    let gone: Vec<_> = tried.iter().filter(|key| !is_there(key)).collect();
    assert!(gone.is_empty(), "no keys any more: {gone:?}");
}
