//! The register keeps its promises, whatever the network does.

use super::bed::{Tested, bed, run, scenario};
use omnisim::prelude::*;

/// Nothing goes wrong in it.
fn quiet() -> Scenario {
    let text = "cluster.system = \"register\"\nworkload.clients = 4\n\
                workload.phases = [{ duration = \"4s\", read_ratio = 0.5 }]";
    Scenario::parse("quiet", text).unwrap_or_else(|error| panic!("{error}"))
}

/// How many operations of 50 seeds never came back to their clients.
fn left_open(scenario: &Scenario) -> u64 {
    (0..50)
        .map(|seed| run(scenario, seed).operations.info)
        .sum()
}

#[test]
fn a_system_without_log_or_leader_passes_where_nothing_goes_wrong() {
    bed().check_seeds::<Tested>(&quiet(), 0..20);
    let outcome = run(&quiet(), 0);
    assert_eq!(outcome.operations.info, 0, "every operation completed");
    assert_eq!((outcome.decided, outcome.leader_changes), (0, 0));
}

#[test]
fn checks_that_get_no_input_say_so_and_the_others_say_how_much_they_saw() {
    let outcome = run(&quiet(), 0);
    assert_eq!(outcome.verdict, Verdict::Pass);
    let evaluated = |name: &str| {
        let mut all = outcome.checks.iter();
        all.find(|check| check.name == name)
            .unwrap_or_else(|| panic!("{name} is not listed"))
            .evaluated
    };
    let log_checks = [
        "promise_durable",
        "acknowledged_stays",
        "decided_stays",
        "one_voice",
        "agreement",
        "applied_state",
        "snapshot_fold",
        "convergence",
        "acknowledged_survives",
    ];
    for name in log_checks {
        assert_eq!(evaluated(name), None, "{name} speaks of logs and states");
    }
    for name in ["linearizability", "completion", "panic"] {
        assert!(
            evaluated(name).is_some_and(|count| count > 0),
            "{name} needs no log"
        );
    }
    let remarks = outcome.remarks.join("\n");
    assert!(
        remarks.contains("convergence is not applicable"),
        "{remarks}"
    );
    assert!(remarks.contains("witness is not applicable"), "{remarks}");
}

#[test]
fn forwarders_ask_again_on_a_new_session_so_that_nothing_is_lost() {
    // Clients ask once: whatever a broken session swallowed, only a forwarder
    // that hears of the new session can save.
    let breaks = scenario("session_breaks");
    let tally = bed().try_seeds::<Tested>(&breaks, 0..50).unwrap();
    assert!(!tally.occurred.contains(&Occurrence::UnknownOutcome));
    assert_eq!(left_open(&breaks), 0, "every operation completed");
}

#[test]
fn a_single_copy_stays_linearizable_whatever_the_network_does() {
    bed().check_seeds::<Tested>(&scenario("partitions"), 0..50);
}

#[test]
fn where_nobody_is_told_of_a_loss_only_a_forwarder_that_waits_no_longer_saves_it() {
    let lossy = scenario("lossy_links");
    bed().check_seeds::<Tested>(&lossy, 0..50);
    // Clients ask once, and links to them lose something, too.
    let mut soon = lossy;
    soon.workload.retry = Retry::None;
    let mut never = soon.clone();
    never.system = OpenTable::default();
    let (soon, never) = (left_open(&soon), left_open(&never));
    assert!(soon < never, "{soon} with ask_again, {never} without");
}
