//! The tests of the server, in one program: the simulator is compiled over it once.

use std::path::Path;

use omnisim::nemesis::FaultSource;
use omnisim::prelude::*;
use own_server::OwnServer;

type Tested = Whole<OwnServer>;

/// A failure leaves its files in the build folder, and the package's own binary replays it.
fn bed() -> TestBed {
    let program = env!("CARGO_BIN_EXE_own_server");
    TestBed::new(program, concat!(env!("CARGO_TARGET_TMPDIR"), "/own_server"))
}

fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    Scenario::load(&folder.join(name).with_extension("toml"))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_server_survives_partitions() {
    bed().check_seeds::<Tested>(&scenario("partitions"), 0..20);
}

#[test]
fn the_server_survives_crashes() {
    bed().check_seeds::<Tested>(&scenario("crashes"), 0..20);
}

#[test]
fn every_check_of_logs_and_states_has_something_to_look_at() {
    let run = Tested::RUNNER.run(&scenario("crashes"), 0, RunOptions::default());
    let outcome = run.expect("it suits");
    for name in [
        "promise_durable",
        "one_voice",
        "decided_stays",
        "acknowledged_stays",
        "agreement",
        "applied_state",
        "at_most_once",
        "reply_integrity",
        "convergence",
        "acknowledged_survives",
        "linearizability",
    ] {
        let mut checks = outcome.checks.iter();
        let check = checks.find(|check| check.name == name);
        let evaluated = check.and_then(|check| check.evaluated);
        assert!(evaluated > Some(0), "{name}: {evaluated:?}");
    }
}

#[test]
fn every_planted_bug_is_found_by_a_check_that_is_named_for_it() {
    for bug in OwnServer::INFO.bugs() {
        let mut flawed = scenario("partitions");
        flawed.selftest.planted = Some(bug.name.to_owned());
        let failure = bed().try_seeds::<Tested>(&flawed, 0..20);
        let failure = failure.expect_err(bug.name);
        let shown = failure.shown.as_ref();
        let outcome = &shown
            .unwrap_or_else(|| panic!("{bug}: {}", failure.message))
            .outcome;
        let found = outcome.violations[0].check;
        assert!(bug.checks.contains(&found), "{bug}: {found}");
        let acted = outcome.impacts.get(&FaultSource::Planted);
        assert!(acted.is_some_and(|impact| impact.began > 0), "{bug}");
    }
}

#[test]
fn a_key_that_nothing_reads_is_refused_with_its_line() {
    let text = "[cluster]\nsystem = \"own_server\"\n[system]\ntick = \"5ms\"\n";
    let scenario = Scenario::parse("tuned", text).unwrap_or_else(|error| panic!("{error}"));
    let error = Tested::RUNNER.validate(&scenario).expect_err("no such key");
    assert_eq!(error.key, "system.tick", "{error}");
}
