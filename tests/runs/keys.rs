//! Every key of a scenario file means something: one of the wrong type is refused at its
//! line, and one that would do nothing beside the others is refused, too.

use std::collections::BTreeSet;

use crate::common::schema::properties;
use crate::common::{fault_that_strikes, kv, package};
use omnisim::nemesis::{FaultKind, ScriptedFault};
use omnisim::scenario::{ErrorSource, Scenario, places_of};
use omnisim::search::schema;
use omnisim::systems::BUILT_IN;
use serde_json::Value;

fn error(text: &str) -> String {
    let scenario = match Scenario::parse("keys.toml", text) {
        Ok(scenario) => scenario,
        Err(error) => return error.to_string(),
    };
    let Err(error) = kv().validate(&scenario) else {
        panic!("it is accepted:\n{text}");
    };
    let source = ErrorSource {
        file: "keys.toml",
        text,
        prefix: &[],
    };
    let error = source.wrong(&places_of(&error.key), error.message);
    error.to_string()
}

/// Every key below `of`, with the headers that lead to its table: `("[[fault]]", "at")`.
fn keys(schema: &Value, of: &Value, table: &str, headers: &str, found: &mut Vec<(String, String)>) {
    for (key, value) in properties(schema, of) {
        found.push((headers.to_owned(), key.to_owned()));
        let inner = match table {
            "" => key.to_owned(),
            table => format!("{table}.{key}"),
        };
        let inside_list = if headers.contains("[[") { headers } else { "" };
        match value.get("items") {
            Some(items) => {
                let headers = format!("{inside_list}[[{inner}]]\n");
                keys(schema, items, &inner, &headers, found);
            }
            None => {
                let headers = format!("{inside_list}[{inner}]\n");
                keys(schema, value, &inner, &headers, found);
            }
        }
    }
}

fn all_keys() -> Vec<(String, String)> {
    let schema = schema(BUILT_IN);
    let mut found = Vec::new();
    keys(&schema, &schema, "", "", &mut found);
    assert!(found.len() > 120, "{found:?}");
    found
}

/// A text refused at its last line, where the message names the key.
fn refused_at_the_last_line(text: &str, key: &str) {
    let error = error(text);
    let line = format!("keys.toml:{}: ", text.lines().count());
    assert!(error.starts_with(&line), "{text}\n{error}");
    let named = error.lines().next().unwrap_or_default();
    assert!(named.contains(key), "{key} is not named: {error}");
}

#[test]
fn every_key_of_the_schema_is_read_and_refused_at_its_line_where_its_type_is_wrong() {
    // What an action takes is for the action to say.
    let is_known = |(_, key): &(String, String)| key != "value";
    for (headers, key) in all_keys().into_iter().filter(is_known) {
        // No key takes a date, but TOML reads a date as a table of any keys where it may.
        let takes_any_keys = matches!(key.as_str(), "system" | "own" | "set");
        let wrong = if takes_any_keys { "7" } else { "1979-05-27" };
        refused_at_the_last_line(&format!("{headers}{key} = {wrong}\n"), &key);
    }
}

#[test]
fn beside_every_key_of_the_schema_one_that_there_is_not_is_refused() {
    let tables: BTreeSet<_> = all_keys().into_iter().map(|(headers, _)| headers).collect();
    for headers in tables {
        refused_at_the_last_line(&format!("{headers}no_such_key = 1\n"), "no_such_key");
    }
}

/// A value of each key of a `[[fault]]` that is right for some kind of it.
const OF_A_FAULT: [(&str, &str); 18] = [
    ("at", "\"1500ms\""),
    ("on", "\"promise\""),
    ("nth", "2"),
    ("for", "\"250ms\""),
    ("kind", "\"pause\""),
    ("replica", "\"follower\""),
    ("groups", "[[1, 2], [3]]"),
    ("links", "[[1, 2]]"),
    ("message", "\"Promise\""),
    ("one_way", "true"),
    ("open", "\"in\""),
    ("write", "7"),
    ("point", "\"before\""),
    ("tear", "3"),
    ("reads", "true"),
    ("by", "\"9ms\""),
    ("back", "true"),
    ("may_miss", "true"),
];

/// All that a fault comes to.
fn comes_to(fault: &ScriptedFault) -> String {
    let lowered = fault.lower(3).expect("it was accepted");
    let when = (
        fault.at,
        fault.on.clone(),
        fault.nth,
        fault.lasts,
        fault.may_miss,
    );
    format!("{lowered:?} {when:?}")
}

fn parsed(tables: &str, keys: &[String]) -> Result<String, String> {
    let text = format!("{tables}[[fault]]\n{}\n", keys.join("\n"));
    match Scenario::parse("keys.toml", &text) {
        Ok(scenario) => Ok(comes_to(&scenario.faults[0])),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn every_key_of_a_fault_changes_it_or_is_refused_by_name() {
    let schema = schema(BUILT_IN);
    let fault = &schema["$defs"]["ScriptedFault"];
    let known: BTreeSet<_> = properties(&schema, fault)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let tried: BTreeSet<_> = OF_A_FAULT.iter().map(|(key, _)| *key).collect();
    assert_eq!(known, tried, "every key is tried");
    for kind in FaultKind::ALL {
        let (keys, tables) = fault_that_strikes(kind);
        let lasts = (!kind.is_momentary()).then_some("for = \"300ms\"");
        let base: Vec<String> = [format!("kind = \"{kind}\""), "at = \"1s\"".to_owned()]
            .into_iter()
            .chain(lasts.map(str::to_owned))
            .chain(keys.lines().map(str::to_owned))
            .collect();
        let before = parsed(tables, &base).unwrap_or_else(|error| panic!("{kind}: {error}"));
        for (key, value) in OF_A_FAULT {
            let is_key = |line: &String| line.split(" =").next() == Some(key);
            let mut changed = base.clone();
            changed.retain(|line| !is_key(line));
            changed.push(format!("{key} = {value}"));
            match parsed(tables, &changed) {
                Ok(after) if key == "kind" || after != before => {}
                Ok(_) => panic!("{kind}: {key} is accepted and changes nothing"),
                Err(error) => assert!(error.contains("fault[0]"), "{kind}, {key}: {error}"),
            }
        }
    }
}

#[test]
fn a_key_of_a_fault_that_is_taken_away_is_missed_or_changes_it() {
    for kind in FaultKind::ALL {
        let (keys, tables) = fault_that_strikes(kind);
        let base: Vec<String> = [format!("kind = \"{kind}\""), "at = \"1s\"".to_owned()]
            .into_iter()
            .chain(keys.lines().map(str::to_owned))
            .collect();
        let needs_end = matches!(kind, FaultKind::Hold | FaultKind::Repeat);
        let end = needs_end.then(|| "for = \"5ms\"".to_owned());
        let base: Vec<_> = base.into_iter().chain(end).collect();
        let before = parsed(tables, &base).unwrap_or_else(|error| panic!("{kind}: {error}"));
        for place in 1..base.len() {
            let mut fewer = base.clone();
            let key = fewer.remove(place);
            match parsed(tables, &fewer) {
                Ok(after) => assert_ne!(after, before, "{kind}: {key} means nothing"),
                Err(error) => assert!(error.contains("fault[0]"), "{kind}, {key}: {error}"),
            }
        }
    }
}

#[test]
fn what_would_do_nothing_is_refused_at_its_line() {
    let action = "[[action]]\nat = \"1s\"\nreplica = 1\n";
    for (text, at, right) in [
        (
            "[[fault]]\nat = \"1s\"\nkind = \"partition\"\ngroups = [[3, 1, 2]]\n".to_owned(),
            "keys.toml:4: fault[0].groups",
            "one group of all replicas splits nobody",
        ),
        (
            "[[fault]]\nat = \"1s\"\nkind = \"partition\"\ngroups = [[1, 2], [2, 3]]\n".to_owned(),
            "keys.toml:4: fault[0].groups",
            "replica 2 can be in one group only",
        ),
        (
            "[[fault]]\nat = \"1s\"\nkind = \"partition\"\ngroups = [[1, 2], []]\n".to_owned(),
            "keys.toml:4: fault[0].groups",
            "a group without replicas",
        ),
        (
            "[[fault]]\nat = \"1s\"\nkind = \"cut\"\nlinks = [[1, 2], [2, 1]]\n".to_owned(),
            "keys.toml:4: fault[0].links",
            "named twice",
        ),
        (
            "[[fault]]\nat = \"1s\"\nkind = \"slow\"\nreplica = 1\nby = \"0s\"\n".to_owned(),
            "keys.toml:5: fault[0].by",
            "changes nothing",
        ),
        (
            "[[nemesis.targeted]]\non = \"promise\"\nkind = \"crash\"\nchance = 0.0\nfor = \"1s\"\n"
                .to_owned(),
            "keys.toml:4: nemesis.targeted[0].chance",
            "never strikes",
        ),
        (
            "[[nemesis.targeted]]\non = \"promise\"\nkind = \"partition\"\nchance = 0.1\n\
             for = \"1s\"\nwhom = \"other\"\n"
                .to_owned(),
            "keys.toml:6: nemesis.targeted[0].whom",
            "remove whom",
        ),
        (
            format!("{action}do = \"trim\"\n[[action]]\nat = \"11s\"\nreplica = 1\ndo = \"trim\"\n"),
            "keys.toml:6: action[1].at",
            "it would never happen",
        ),
        (
            "[check]\nmay_violate = [\"agreement\"]\n".to_owned(),
            "keys.toml:2: check.may_violate",
            "needs expect = \"violation\"",
        ),
        (
            "[check]\nexpect = \"violation\"\nviolates = [\"agreement\"]\nmay_violate = [\"agreement\"]\n"
                .to_owned(),
            "keys.toml:4: check.may_violate",
            "in one of the two",
        ),
        (
            "[check]\nexpect = \"violation\"\nviolates = [\"agreement\"]\nwithout = [\"agreement\"]\n"
                .to_owned(),
            "keys.toml:3: check.violates",
            "cannot fail, as without says",
        ),
    ] {
        let error = error(&text);
        assert!(error.starts_with(at) && error.contains(right), "{text}\n{error}");
    }
}

/// The rows of the table of faults in the README: a kind, and the keys that it needs.
fn faults_of_the_readme() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(package().join("README.md")).expect("it is there");
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("| kind | what happens"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let code = |cell: &str| cell.trim().trim_matches('`').to_owned();
    let row = |line: &str| {
        let cells: Vec<_> = line.split('|').collect();
        (code(cells[1]), code(cells[3]))
    };
    rows.map(row).collect()
}

#[test]
fn every_kind_of_fault_is_in_the_readme_with_keys_that_are_all_it_needs() {
    let rows = faults_of_the_readme();
    let kinds: Vec<_> = rows.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, FaultKind::ALL.map(FaultKind::name));
    for (kind, keys) in &rows {
        let links = match kind.as_str() {
            "repeat" => "datagram",
            _ => "session",
        };
        let text = format!(
            "network.contract = '{links}'\nclock.quality = 'low'\n\
             fault = [{{ at = '1s', kind = '{kind}', {keys} }}]"
        );
        let scenario = Scenario::parse("row", &text);
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
        kv().validate(&scenario)
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}
