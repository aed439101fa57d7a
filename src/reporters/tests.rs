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
