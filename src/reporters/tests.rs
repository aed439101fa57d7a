//! Every format tells every report.

use super::*;
use crate::report::{Ended, Judged, ScenarioReport};
use crate::scenario::Scenario;
use crate::search::Testable;
use crate::systems::kv::Kv;
use crate::world::{RunOptions, Verdict};

/// A run that fails though nobody said so.
pub(super) fn failed(seed: u64) -> RunReport {
    let text = "workload.phases = [{ duration = '500ms' }]";
    let scenario = Scenario::parse("failing", text).expect("it is a scenario");
    let outcome = Kv::RUNNER.run(&scenario, seed, RunOptions::default());
    let mut run = RunReport::of(&scenario, &outcome.expect("it suits the system"));
    (run.verdict, run.ended) = (Verdict::Violation, Ended::Unexpected);
    let violation = "{ \"check\": \"agreement\", \"cause\": \"decided_differently\", \
                     \"message\": \"1 < 2 & \\\"3\\\"\" }";
    run.violations = vec![serde_json::from_str(violation).expect("it is a violation")];
    run.replay = "omnisim replay failing-0.repro.toml".to_owned();
    run
}

/// The report of the scenario that it is one of.
pub(super) fn of_all(seeds: u64) -> RunsReport {
    RunsReport {
        scenarios: vec![ScenarioReport {
            scenario: "failing".to_owned(),
            seeds,
            judged: Judged::NotAsExpected("agreement failed".to_owned()),
            ..ScenarioReport::default()
        }],
        wall_ns: 1_500_000_000,
    }
}

#[test]
fn formats_are_found_by_their_names_and_no_two_have_the_same() {
    for format in FORMATS {
        assert_eq!(Format::named(format.name), Some(format));
        assert!(!format.about.is_empty());
    }
    assert!(FORMATS[0].is_for_people);
    assert_eq!(Format::named("morse"), None);
}

#[test]
fn every_format_tells_of_a_run_that_fails_and_of_a_hunt() {
    for format in FORMATS {
        let mut reporter = (format.reporter)(Settings::default());
        let told = [reporter.run(&failed(0)), reporter.runs(&of_all(1))];
        let out = told.map(|printed| printed.out).concat();
        assert!(out.contains("agreement"), "{}: {out}", format.name);
        let hunt = HuntReport {
            hunt: "swarms of kv".to_owned(),
            runs: 12,
            ..HuntReport::default()
        };
        let mut reporter = (format.reporter)(Settings::default());
        let Printed { out, err } = reporter.hunt(&hunt);
        let told = format!("{out}{err}");
        assert!(told.contains("swarms of kv"), "{}: {told}", format.name);
    }
}

#[test]
fn of_many_runs_that_fail_alike_people_read_the_first_in_full() {
    let mut reporter = (FORMATS[0].reporter)(Settings::default());
    let told = (0..20).map(|seed| reporter.run(&failed(seed)).out);
    let in_full = told.filter(|text| !text.is_empty()).count();
    assert_eq!(in_full, 3);
    let mut other = failed(20);
    other.violations[0].cause = "executed_twice".to_owned();
    assert!(
        !reporter.run(&other).out.is_empty(),
        "it fails in another way"
    );
}

#[test]
fn every_format_tells_of_a_graph_a_bug_a_history_and_two_builds() {
    let graph: GraphReport = read(
        "{ 'replicas': 3, 'links': '1-2', 'quorum_connected': [1, 2], 'unavailability_ns': 5, \
         'election_timeout_ns': 10, 'leader_changes': 0, 'judged': true, 'holds': true, \
         'violation': null, 'seed': null }",
    );
    let card: BugCard = read(
        "{ 'bug': 'amnesia', 'description': 'forgets', 'origin': null, 'named': ['agreement'], \
         'needs': [] }",
    );
    let bug = BugReport {
        card: card.clone(),
        first: Default::default(),
        columns: Default::default(),
        shrunken: None,
    };
    let history: HistoryReport = read(
        "{ 'file': 'a.jsonl', 'model': 'kv', 'consistency': 'linearizable', 'write_order': null, \
         'verdict': 'violation', 'reason': null, 'initial': { 'everywhere': 'unknown', \
         'given': true, 'keys': {}, 'absent': [] }, 'operations': 2, 'format': 'edn', \
         'failed': 0, 'unknown': 0, 'left_out': { 'nemesis_events': 0, 'unmatched_events': 0, \
         'lines': 0, 'operations': 0, 'transactions': 0, 'revisions': 0 }, 'client_names': {}, \
         'keys': 1, 'clients': 2, 'has_times': true, 'wall_ns': 1, 'read_ns': 1, \
         'violation': { 'key': null, 'message': 'stale', 'hint': null, 'operations': [] } }",
    );
    let comparison: Comparison = read(
        "{ 'against': 'other', 'compared': 1, 'missing': 0, 'divergence': null, \
         'differences': [{ 'scenario': 'quiet', 'seed': 3, 'verdict': 'pass', 'checks': [], \
         'digest': '0x0', 'against': { 'verdict': 'violation', 'checks': ['agreement'], \
         'digest': '0x1' } }] }",
    );
    for format in FORMATS {
        let tell = |told: &dyn Fn(&mut dyn Reporter) -> Printed| {
            told(&mut *(format.reporter)(Settings::default())).out
        };
        let told = [
            (
                "1-2",
                tell(&|one| one.graphs(std::slice::from_ref(&graph), 1)),
            ),
            ("amnesia", tell(&|one| one.bugs(std::slice::from_ref(&bug)))),
            (
                "amnesia",
                tell(&|one| one.bug_cards(std::slice::from_ref(&card))),
            ),
            ("agreement", tell(&|one| one.compared(&comparison))),
            (
                "stale",
                tell(&|one| {
                    let first = one.history(&history).out;
                    Printed::out(first + &one.histories().out)
                }),
            ),
        ];
        for (word, text) in told {
            assert!(text.contains(word), "{} {word}: {text}", format.name);
        }
    }
}

/// A report from its JSON, in which quotes are single ones.
fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(&text.replace('\'', "\"")).expect("it is a report")
}
