//! Proof that these tests notice: what a single copy cannot survive, and bugs that are planted.

use super::bed::{Tested, bed, run, scenario};
use omnisim::nemesis::{FaultSource, Struck};
use omnisim::prelude::*;
use register::Register;

#[test]
fn a_crash_of_the_only_copy_loses_acknowledged_writes_and_is_found() {
    let crash = scenario("holder_crashes");
    bed().check_seeds::<Tested>(&crash, 0..20);
    let mut hopeful = crash;
    hopeful.check.expect = Expectation::Pass;
    hopeful.check.violates.clear();
    let failure = bed()
        .try_seeds::<Tested>(&hopeful, 0..20)
        .expect_err("a value without a disk is lost");
    let shown = failure.shown.expect("a single run shows it");
    assert_eq!(
        shown.outcome.violations[0].check, "linearizability",
        "{}",
        failure.message
    );
    assert!(
        shown.outcome.in_contract,
        "links and disks kept what the system relies on"
    );
}

#[test]
fn what_is_known_of_the_system_fails_no_scenario_that_lists_it_and_is_counted() {
    let mut crash = scenario("holder_crashes");
    crash.check.expect = Expectation::Pass;
    crash.check.violates.clear();
    crash.check.known = vec!["lost-with-holder".to_owned()];
    Tested::RUNNER.validate(&crash).expect("it is known");
    let tally = bed().try_seeds::<Tested>(&crash, 0..20);
    let tally = tally.unwrap_or_else(|failure| panic!("{}", failure.message));
    let seeds = &tally.known["lost-with-holder"];
    assert!(
        seeds.is_sorted_by(|one, next| one < next),
        "each once: {seeds:?}"
    );
    assert!(
        tally.known["lost-with-holder"].len() > 1,
        "{:?}",
        tally.known
    );
}

#[test]
fn a_finding_that_the_system_has_not_is_refused_with_those_it_has() {
    let mut crash = scenario("holder_crashes");
    crash.check.known = vec!["priority-circle".to_owned()];
    let error = Tested::RUNNER
        .validate(&crash)
        .expect_err("it is OmniPaxos'");
    assert_eq!(error.key, "check.known");
    assert!(
        error
            .message
            .ends_with("those of \"register\" are lost-with-holder"),
        "{error}"
    );
}

/// How often the planted bug of a run acted.
fn acts(outcome: &Outcome) -> u64 {
    let impact = outcome.impacts.get(&FaultSource::Planted);
    impact.map_or(0, |impact| {
        let deviations = impact.struck.get(&Struck::Deviations);
        assert_eq!(deviations.copied().unwrap_or(0), impact.began);
        impact.began
    })
}

#[test]
fn every_planted_bug_is_found_and_a_run_counts_how_often_it_acted() {
    let clean = scenario("partitions");
    for bug in Register::INFO.bugs() {
        let mut flawed = clean.clone();
        flawed.selftest.planted = Some(bug.name.to_owned());
        let failure = bed().try_seeds::<Tested>(&flawed, 0..20);
        let shown = failure.expect_err(bug.name).shown;
        let outcome = shown.expect("a single run shows it").outcome;
        assert_eq!(outcome.violations[0].check, bug.checks[0], "{bug}");
        assert!(acts(&outcome) > 0, "{bug}");
        assert_eq!(acts(&run(&clean, outcome.seed)), 0, "its clean twin");
    }
}

#[test]
fn a_check_of_the_registers_own_finds_what_it_is_there_for_and_says_how_often_it_looked() {
    let clean = scenario("partitions");
    let compared = |outcome: &Outcome| {
        let mut checks = outcome.checks.iter();
        let own = checks.find(|check| check.name == "one_answer");
        own.expect("it is listed").evaluated.unwrap_or(0)
    };
    let all: u64 = (0..20).map(|seed| compared(&run(&clean, seed))).sum();
    assert!(all > 0, "requests are asked again");

    let mut forgetful = clean.clone();
    forgetful.selftest.planted = Some("forgetful-holder".to_owned());
    forgetful.check.without = vec!["linearizability".to_owned()];
    let failure = bed().try_seeds::<Tested>(&forgetful, 0..20);
    let shown = failure.expect_err("answers differ").shown;
    let outcome = shown.expect("a single run shows it").outcome;
    let violation = &outcome.violations[0];
    assert_eq!(violation.check, "one_answer");
    assert_eq!(violation.requests.len(), 1, "{}", violation.message);
    assert_eq!(outcome.ended, violation.at, "the run ends there");

    let mut expected = forgetful.clone();
    expected.check.expect = Expectation::Violation;
    expected.check.violates = vec!["one_answer".to_owned()];
    bed().check_seeds::<Tested>(&expected, 0..20);

    forgetful.check.without.push("one_answer".to_owned());
    let failure = bed().try_seeds::<Tested>(&forgetful, 0..20);
    let message = failure.expect_err("it is not looked for").message;
    assert!(message.contains("showed in no check"), "{message}");
}

#[test]
fn where_a_planted_bug_never_acts_the_run_is_the_run_without_it() {
    // Nobody reads, so that no forwarder ever sees a value.
    let mut writes = scenario("session_breaks");
    writes.workload.phases[0].read_ratio = Probability::default();
    let clean = run(&writes, 0);
    writes.selftest.planted = Some("stale-forwarder".to_owned());
    let planted = run(&writes, 0);
    assert_eq!(acts(&planted), 0);
    assert_eq!(planted.events, clean.events);
}
