//! What a JUnit document says.

use super::*;
use crate::report::Judged;
use crate::reporters::tests::{failed, of_all};
use crate::search::Kept;
use crate::world::Verdict;

fn junit() -> Junit {
    Junit::new(Settings {
        program: "omnisim".to_owned(),
        ..Settings::default()
    })
}

#[test]
fn a_seed_is_a_case_a_scenario_a_suite_and_what_is_said_is_escaped() {
    let mut junit = junit();
    let mut passed = failed(1);
    (passed.verdict, passed.ended) = (Verdict::Pass, crate::report::Ended::AsExpected);
    (passed.violations, passed.wall_ns) = (Vec::new(), 250_000_000);
    assert_eq!(junit.run(&failed(0)), Printed::default());
    assert_eq!(junit.run(&passed), Printed::default());
    let text = junit.runs(&of_all(2)).out;
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    assert_eq!(
        lines,
        [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\"omnisim\" tests=\"3\" failures=\"2\" errors=\"0\" time=\"1.500\">",
            "<testsuite name=\"failing\" tests=\"3\" failures=\"2\" errors=\"0\" time=\"0.250\">",
            "<testcase classname=\"failing\" name=\"seed 0\" time=\"0.000\">",
            "<failure type=\"agreement (decided differently)\" message=\"1 &lt; 2 &amp; \
             &quot;3&quot;\">agreement (decided differently): 1 &lt; 2 &amp; \"3\"",
            "replay: omnisim replay failing-0.repro.toml</failure>",
            "</testcase>",
            "<testcase classname=\"failing\" name=\"seed 1\" time=\"0.250\"/>",
            "<testcase classname=\"failing\" name=\"all seeds\" time=\"0.000\">",
            "<failure type=\"expectation\" message=\"agreement failed\"/>",
            "</testcase>",
            "</testsuite>",
            "</testsuites>",
        ]
    );
}

#[test]
fn a_run_that_is_replayed_alone_is_a_document() {
    let text = junit().replayed(&failed(0)).out;
    assert!(text.contains("tests=\"1\" failures=\"1\""), "{text}");
}

#[test]
fn an_expected_violation_passes_where_it_is_run_and_fails_where_its_repro_is_replayed() {
    let mut run = failed(0);
    run.violations[0].expected = true;
    run.ended = crate::report::Ended::AsExpected;
    let text = junit().replayed(&run).out;
    assert!(text.contains("tests=\"1\" failures=\"0\""), "{text}");
    run.ended = crate::report::Ended::Reproduced;
    let text = junit().replayed(&run).out;
    assert!(text.contains("tests=\"1\" failures=\"1\""), "{text}");
}

#[test]
fn a_file_without_a_history_is_an_error_of_its_own() {
    let mut junit = junit();
    junit.no_history("empty.jsonl", "empty.jsonl: is empty");
    let text = junit.histories().out;
    assert!(
        text.contains("tests=\"1\" failures=\"0\" errors=\"1\""),
        "{text}"
    );
    assert!(text.contains("message=\"empty.jsonl: is empty\""), "{text}");
}

#[test]
fn what_was_stopped_is_an_error_beside_what_was_done() {
    let mut junit = junit();
    junit.stopped("1 of 9 runs");
    let text = junit.runs(&of_all(1)).out;
    assert!(
        text.contains("message=\"stopped after 1 of 9 runs\""),
        "{text}"
    );
    assert!(text.contains("errors=\"1\""), "{text}");
}

#[test]
fn what_is_not_known_is_an_error_and_no_failure() {
    let mut junit = junit();
    let mut unknown = failed(0);
    (unknown.verdict, unknown.violations) = (Verdict::Unknown, Vec::new());
    junit.run(&unknown);
    let mut all = of_all(1);
    all.scenarios[0].judged = Judged::Incomplete("a budget was reached".to_owned());
    let text = junit.runs(&all).out;
    assert!(
        text.contains("tests=\"2\" failures=\"0\" errors=\"2\""),
        "{text}"
    );
}

#[test]
fn what_earlier_hunts_kept_is_a_case_each() {
    let hunt = HuntReport {
        hunt: "swarms of kv".to_owned(),
        runs: 5,
        kept: vec![Kept::example("reports/a.repro.toml", None)],
        ..HuntReport::default()
    };
    let text = junit().hunt(&hunt).out;
    assert!(
        text.contains("tests=\"2\" failures=\"1\" errors=\"0\""),
        "{text}"
    );
    assert!(text.contains("name=\"reports/a.repro.toml\""), "{text}");
}
