use super::*;
use crate::check::testing::{Add, Sum, applied, decide, replied, restored};
use crate::check::{Cause, Class, names};

fn log() -> [Add; 2] {
    [Add::new(1, 1, 5), Add::new(1, 2, 2)]
}

fn checks(without: &[&str]) -> Checks<Add, Sum> {
    let without: Vec<_> = without.iter().map(|name| (*name).to_owned()).collect();
    let mut checks = Checks::new(3, &without);
    for entry in log() {
        checks.invoked(entry.request(), entry.command_digest());
    }
    checks
}

fn see(
    checks: &mut Checks<Add, Sum>,
    replica: ReplicaId,
    observations: impl IntoIterator<Item = Observation<Add>>,
) -> Option<Box<Violation>> {
    observations.into_iter().find_map(|observation| {
        checks.observe(
            Instant::from_nanos(7),
            (replica, 1),
            LogId::FIRST,
            &observation,
        )
    })
}

#[test]
fn a_correct_run_passes_and_every_check_without_input_says_so() {
    let mut checks = checks(&[]);
    let contents = log().map(|entry| entry.content());
    for replica in [1, 2, 3] {
        assert_eq!(
            see(
                &mut checks,
                replica,
                [Observation::Started { incarnation: 1 }]
            ),
            None
        );
        assert_eq!(see(&mut checks, replica, decide(&contents, 2)), None);
        assert_eq!(
            see(
                &mut checks,
                replica,
                [applied(&log(), 1), applied(&log(), 2)]
            ),
            None
        );
    }
    assert_eq!(
        see(&mut checks, 1, [replied(&log()[1], 1, Position::At(2), 7)]),
        None
    );
    let evaluated: Vec<_> = checks
        .results()
        .into_iter()
        .filter_map(|result| Some((result.name, result.evaluated?)))
        .collect();
    assert_eq!(
        evaluated,
        [
            ("nothing_invented", 2),
            ("log_bounds", 3),
            ("decided_stays", 3),
            ("agreement", 4),
            ("applied_state", 6),
            ("at_most_once", 6),
            ("reply_integrity", 1),
            ("state_invariant", 2),
        ]
    );
    assert_eq!(checks.first.reference_reply(2), Some(7));
    assert_eq!(checks.executed_at(log()[1].request()), Some(2));
    assert_eq!(checks.agreed(2), checks.ledger(3).digest_at(2));
    assert_eq!(checks.skipped(), 0);
}

#[test]
fn a_violation_says_which_check_when_and_who() {
    let mut checks = checks(&[]);
    assert_eq!(see(&mut checks, 1, decide(&[1], 1)), None);
    let violation = see(&mut checks, 2, decide(&[2], 1)).expect("two values are decided");
    assert_eq!(violation.check, "agreement");
    assert_eq!(violation.class, Class::Safety);
    assert_eq!(violation.at, Instant::from_nanos(7));
    assert_eq!(*violation.replicas, [1, 2]);
}

#[test]
fn a_check_that_is_switched_off_is_silent_and_not_applicable() {
    let mut checks = checks(&["agreement", "snapshot_fold"]);
    assert_eq!(see(&mut checks, 1, decide(&[1], 1)), None);
    assert_eq!(see(&mut checks, 2, decide(&[2], 1)), None);
    let results = checks.results();
    let result = |name| results.iter().find(|check| check.name == name).copied();
    let agreement = result("agreement").expect("it is listed");
    assert_eq!(agreement.evaluated, None);
    assert!(agreement.switched_off > Some(0), "it had what to evaluate");
    assert_eq!(
        result("snapshot_fold"),
        Some(Evaluated::of("snapshot_fold", 0)),
        "there is no snapshot"
    );
}

#[test]
fn behind_a_gap_the_reference_tells_nothing() {
    let mut checks = checks(&[]);
    assert_eq!(
        see(&mut checks, 1, [restored(&log(), 1, 5), applied(&log(), 2)]),
        None
    );
    assert_eq!(checks.first.reference_reply(2), None);
    assert_eq!(checks.skipped(), 1);
    assert_eq!(checks.held(1).map(|held| held.index), Some(1));
}

#[test]
fn the_witness_asks_the_agreed_log() {
    let mut checks = checks(&[]);
    assert_eq!(
        see(&mut checks, 1, [applied(&log(), 1), applied(&log(), 2)]),
        None
    );
    let op = |sequence, reply| WitnessOp {
        client: 1,
        sequence,
        call: 0,
        ret: Some(9),
        position: Some(Position::At(sequence)),
        reply,
    };
    assert_eq!(
        checks.witness(&[op(1, 5), op(2, 7)], true),
        Witnessed::Consistent
    );
    assert!(matches!(
        checks.witness(&[op(1, 6)], true),
        Witnessed::Inconsistent { .. }
    ));
}

#[test]
fn what_is_remembered_is_all_that_was_seen_but_not_how_often_it_was_evaluated() {
    let mut once = checks(&[]);
    assert_eq!(see(&mut once, 1, decide(&[5], 1)), None);
    let mut again = once.clone();
    assert_eq!(see(&mut again, 1, [Observation::Written]), None);
    assert_ne!(
        once.results(),
        again.results(),
        "the log is looked at again"
    );
    assert_eq!(once.remembered(), again.remembered());
    let mut more = once.clone();
    assert_eq!(see(&mut more, 1, decide(&[7], 1)), None);
    assert_ne!(once.remembered(), more.remembered());
    let mut elsewhere = checks(&[]);
    assert_eq!(see(&mut elsewhere, 2, decide(&[5], 1)), None);
    assert_ne!(once.remembered(), elsewhere.remembered());
    assert_ne!(
        checks(&[]).remembered(),
        checks(&["agreement"]).remembered(),
        "a check that is switched off would miss what another one sees"
    );
}

/// Shows observations of another log than the first.
fn see_in(
    checks: &mut Checks<Add, Sum>,
    log: u32,
    replica: ReplicaId,
    observations: impl IntoIterator<Item = Observation<Add>>,
) -> Option<Violation> {
    let mut observations = observations.into_iter();
    let found = observations
        .find_map(|one| checks.observe(Instant::from_nanos(7), (replica, 1), LogId(log), &one));
    found.map(|violation| *violation)
}

#[test]
fn each_log_of_a_replica_is_judged_by_itself() {
    let mut checks = checks(&[]);
    assert_eq!(see_in(&mut checks, 0, 1, decide(&[5, 6], 2)), None);
    assert_eq!(
        see_in(&mut checks, 3, 1, decide(&[7], 1)),
        None,
        "another log"
    );
    assert_eq!(see_in(&mut checks, 3, 2, decide(&[7], 1)), None);
    assert_eq!(checks.log(LogId(3)).unwrap().ledger(2).decided, 1);
    assert_eq!(checks.ledger(2).decided, 0, "its first log is empty");
    let logs: Vec<_> = checks.logs().map(|(log, _)| log).collect();
    assert_eq!(logs, [LogId(0), LogId(3)]);

    let once = checks.remembered();
    let violation = see_in(&mut checks, 3, 3, decide(&[8], 1)).expect("another entry at 1");
    assert_eq!(violation.check, "agreement");
    assert!(
        violation.message.starts_with("in log 3, "),
        "{}",
        violation.message
    );
    assert_ne!(once, checks.remembered());
}

#[test]
fn a_request_that_is_executed_in_two_logs_is_executed_twice() {
    let mut checks = checks(&[]);
    assert_eq!(see_in(&mut checks, 0, 1, [applied(&log(), 1)]), None);
    assert_eq!(see_in(&mut checks, 0, 2, [applied(&log(), 1)]), None);
    let violation = see_in(&mut checks, 1, 1, [applied(&log(), 1)]).expect("it is there already");
    assert_eq!(
        (violation.check, violation.cause),
        ("at_most_once", Cause::ExecutedTwice)
    );
    let message = &violation.message;
    assert!(
        message.starts_with("in log 1, ") && message.contains(" of log 0"),
        "{message}"
    );
    let evaluated = checks
        .results()
        .into_iter()
        .find(|one| one.name == "at_most_once");
    assert_eq!(evaluated.unwrap().evaluated, Some(3), "over both logs");
}

#[test]
fn a_witness_of_several_logs_says_that_there_is_no_order_of_all() {
    let mut checks = checks(&[]);
    assert_eq!(checks.witness(&[], true), Witnessed::Consistent);
    assert_eq!(see_in(&mut checks, 1, 1, decide(&[7], 1)), None);
    assert!(matches!(
        checks.witness(&[], true),
        Witnessed::NotApplicable(_)
    ));
}

#[test]
fn a_life_begins_and_ends_in_every_log() {
    let mut checks = checks(&[]);
    assert_eq!(see_in(&mut checks, 2, 1, [restored(&log(), 1, 5)]), None);
    assert!(checks.log(LogId(2)).unwrap().held(1).is_some());
    let started = Observation::Started { incarnation: 2 };
    assert_eq!(see_in(&mut checks, 0, 1, [started]), None);
    assert_eq!(checks.log(LogId(2)).unwrap().held(1), None);
}

#[test]
fn every_check_has_its_own_name() {
    let names: Vec<_> = names().collect();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
    assert!(names.contains(&"linearizability") && names.contains(&"panic"));
    let results = checks(&[]).results();
    assert!(results.iter().all(|result| names.contains(&result.name)));
}
