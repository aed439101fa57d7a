//! Histories of real systems get the verdict that other checkers gave them.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use knossos::format::{Codec, json_lines};
use knossos::models::cas_register::CasRegister;
use knossos::models::kv::KeyValue;
use knossos::{Anomaly, Limits, Report, Verdict, Violation, check};

fn report<C: Codec>(codec: &C, name: &str) -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/histories")
        .join(name);
    let file = BufReader::new(File::open(path).unwrap());
    let history = json_lines::read(codec, file).unwrap();
    check(
        codec,
        &history,
        None,
        &Limits {
            steps: Some(100_000),
            ..Limits::none()
        },
    )
}

fn violation(report: Report) -> Violation {
    match report.verdict {
        Verdict::Violation(violation) => *violation,
        other => panic!("not a violation: {other:?}"),
    }
}

#[test]
fn a_consistent_key_value_history_is_consistent() {
    let report = report(&KeyValue, "kv_c01-ok.jsonl");
    assert_eq!(report.verdict, Verdict::Consistent);
    assert_eq!(
        (report.operations, report.partitions, report.clients),
        (58, 10, 1)
    );
}

#[test]
fn a_stale_key_value_history_is_a_violation_that_names_its_key() {
    let violation = violation(report(&KeyValue, "kv_c10-bad.jsonl"));
    assert_eq!(violation.partition.as_deref(), Some("1"));
    assert!(violation.excerpt.contains(&violation.culprit.unwrap()));
    assert!(violation.excerpt.len() <= 8);
}

#[test]
fn a_consistent_jepsen_history_is_consistent() {
    let report = report(&CasRegister, "jepsen_etcd_002.jsonl");
    assert_eq!(report.verdict, Verdict::Consistent);
    assert_eq!((report.operations, report.partitions), (77, 1));
}

#[test]
fn a_violating_jepsen_history_is_explained_by_three_of_its_operations() {
    let violation = violation(report(&CasRegister, "jepsen_etcd_040.jsonl"));
    assert!(violation.core_is_minimal && violation.excerpt_suffices);
    assert_eq!(violation.anomaly, Anomaly::StaleRead);
    assert_eq!((violation.core.len(), violation.excerpt.len()), (2, 3));
    assert!(
        violation.message.starts_with(
            "read = \"4\" by client 10 (from 840 to 850 ns) saw what had been overwritten: write \
             \"2\" by client 14 had completed at 830 ns"
        ),
        "{violation:?}"
    );
}

#[test]
fn every_jepsen_history_gets_its_verdict() {
    for (number, is_consistent) in [
        ("000", false),
        ("001", false),
        ("002", true),
        ("007", true),
        ("020", false),
        ("031", true),
        ("040", false),
        ("051", true),
        ("075", true),
        ("085", false),
        ("097", false),
    ] {
        let report = report(&CasRegister, &format!("jepsen_etcd_{number}.jsonl"));
        let is_violation = matches!(report.verdict, Verdict::Violation(_));
        assert_eq!(is_violation, !is_consistent, "{number}: {report:?}");
        assert!(report.steps < 10_000, "{number}: {} steps", report.steps);
    }
}
