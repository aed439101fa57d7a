//! Every format tells every report.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::report::{
    BugCard, BugReport, Comparison, Ended, GraphReport, HistoryReport, Judged, RunReport,
    RunsReport, ScenarioReport,
};
#[cfg(feature = "explore")]
use crate::report::{ScheduleReport, ShrinkReport};
use crate::scenario::Scenario;
use crate::search::{HuntReport, Testable};
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

#[test]
fn what_is_said_of_many_runs_is_read_as_it_was_written() {
    let runs = of_all(1);
    assert_eq!(again(&runs), runs);
}

#[cfg(feature = "explore")]
#[test]
fn every_format_tells_of_a_schedule_and_of_what_was_made_smaller() {
    let violation = "{ 'check': 'agreement', 'message': 'two values for one entry' }";
    let schedule: ScheduleReport = read(&format!(
        "{{ 'schema': 1, 'scenario': 'small', 'verdict': 'violation', 'violation': {violation}, \
         'schedule': ['r1 crashes'], 'actions': ['crash r1'], 'shows': [[]], 'passed_over': [], \
         'flaw': null, 'digest': '0x0', 'repro': 'small.repro.toml' }}",
    ));
    let shrunk = |sizes: &str, slips: &str| -> ShrinkReport {
        read(&format!(
            "{{ 'scenario': 'small', {sizes}, 'complete': true, 'violation': {violation}, \
             'repro': 'a.small.repro.toml', 'replay': 'omnisim replay', 'slips': [{slips}] }}"
        ))
    };
    let run = shrunk(
        "'events_before': 900, 'events_after': 9, 'faults_before': 2, 'faults': 1, \
         'operations_before': 30, 'operations': 3, 'replicas_before': 5, 'replicas': 3, \
         'choices_before': 40, 'choices': 4, 'runs': 12",
        "{ 'check': 'panic', 'signature': 'panic at x.rs:1', 'message': 'no', \
         'repro': 'b.repro.toml', 'replay': 'omnisim replay' }",
    );
    let actions = shrunk(
        "'actions_before': 12, 'actions_after': 1, 'schedule': ['r1 crashes'], 'tries': 8",
        "{ 'check': 'hang', 'signature': 'hang', 'message': 'r2 does not return', \
         'schedule': ['r2 is asked'], 'repro': 'c.repro.toml', 'replay': 'omnisim replay' }",
    );
    assert!(run.hang().is_none() && actions.hang().is_some());
    for format in FORMATS {
        let tell = |told: &dyn Fn(&mut dyn Reporter) -> Printed| {
            told(&mut *(format.reporter)(Settings::default())).out
        };
        let told = [
            ("two values", tell(&|one| one.schedule(&schedule, true))),
            ("a.small.repro.toml", tell(&|one| one.shrunk(&run))),
            ("r2 does not return", tell(&|one| one.shrunk(&actions))),
        ];
        for (words, text) in told {
            assert!(text.contains(words), "{} {words}: {text}", format.name);
        }
    }
}

/// A report from its JSON, in which quotes are single ones; written, it can be read again.
fn read<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) -> T {
    let report = serde_json::from_str(&text.replace('\'', "\"")).expect("it is a report");
    assert_eq!(again(&report), report);
    report
}

/// A report, written and read.
fn again<T: DeserializeOwned + Serialize>(report: &T) -> T {
    let line = serde_json::to_string(report).expect("it can be written");
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
}
