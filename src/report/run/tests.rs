//! What is written of a run, and read again.

use super::*;
use crate::search::Testable;
use crate::systems::kv::Kv;
use crate::world::RunOptions;

fn reported(text: &str) -> RunReport {
    let scenario = Scenario::parse("reported", text).expect("it is a scenario");
    let outcome = Kv::RUNNER.run(&scenario, 7, RunOptions::default());
    RunReport::of(&scenario, &outcome.expect("it suits the system"))
}

const SHORT: &str = "workload.phases = [{ duration = '1s' }]\n\
                     fault = [{ kind = 'crash', at = '300ms', replica = 1, for = '200ms' }]";

#[test]
fn a_report_reads_again_as_what_it_was() {
    let flawed = format!("{SHORT}\nselftest.planted = 'promise-not-persisted'");
    for text in [SHORT, &flawed] {
        let mut run = reported(text);
        run.verified = Some(true);
        run.repro = Some("reports/a b.repro.toml".to_owned());
        let line = serde_json::to_string(&run).expect("it can be written");
        let again: RunReport = serde_json::from_str(&line).expect("it can be read");
        assert_eq!(again, run);
    }
}

#[test]
fn all_that_the_checker_says_is_in_the_report_and_points_into_the_history() {
    let text = "[cluster]\n[system]\nreads = 'local'\n[check]\nconsistency = ['linearizable', 'sequential']\n\
                [workload]\nphases = [{ duration = '3s', read_ratio = 0.5 }]\n\
                [nemesis]\nisolate = { every = '500ms', for = '300ms' }";
    let scenario = Scenario::parse("reported", text).expect("it is a scenario");
    let runs = (0..20).map(|seed| {
        let options = RunOptions {
            keep_history: true,
            ..RunOptions::default()
        };
        let outcome = Kv::RUNNER.run(&scenario, seed, options);
        outcome.expect("it suits the system")
    });
    let mut broken = runs.filter(|outcome| !outcome.excerpt.is_empty());
    let outcome = broken.next().expect("a local read is stale");
    let report = RunReport::of(&scenario, &outcome);
    let names: Vec<_> = report.levels.keys().map(String::as_str).collect();
    assert_eq!(names, ["linearizability", "sequential"]);
    let linearizable = &report.levels["linearizability"];
    let history = outcome.history.expect("it was kept");
    assert_eq!(linearizable.operations, history.len());
    let knossos::Verdict::Violation(violation) = &linearizable.verdict else {
        panic!("{linearizable:?}");
    };
    let told = report
        .violations
        .iter()
        .find(|one| one.check == "linearizability");
    assert_eq!(told.map(|one| &one.message), Some(&violation.message));
    let lines: Vec<_> = violation
        .excerpt
        .iter()
        .map(|place| &history[*place])
        .collect();
    assert_eq!(lines, report.excerpt.iter().collect::<Vec<_>>());
}

#[test]
fn what_another_build_does_not_say_is_empty_and_what_it_names_otherwise_is_read() {
    let mut object = serde_json::to_value(reported(SHORT)).expect("it can be written");
    let fields = object.as_object_mut().expect("it is an object");
    for field in [
        "about",
        "ended",
        "in_contract",
        "excerpt",
        "without",
        "shrink",
        "repro",
    ] {
        assert!(fields.remove(field).is_some(), "{field}");
    }
    fields["violations"] = serde_json::json!([{ "check": "of_tomorrow", "cause": "unheard_of" }]);
    fields["faults"] = serde_json::json!({ "meteorite": 1 });
    fields.insert("of_tomorrow".to_owned(), serde_json::json!(1));
    let run: RunReport = serde_json::from_value(object).expect("it can be read");
    assert_eq!(run.failed(), ["of_tomorrow"]);
    assert_eq!((run.faults["meteorite"], run.about.as_str()), (1, ""));
}

#[test]
fn what_is_no_report_is_refused() {
    for text in [
        "{}",
        "{\"scenario\":\"a\",\"seed\":1,\"verdict\":\"pass\"}",
        "[]",
    ] {
        assert!(serde_json::from_str::<RunReport>(text).is_err(), "{text}");
    }
}

#[test]
fn a_run_that_nobody_expects_says_why_it_is_looked_at() {
    let mut run = reported(SHORT);
    assert_eq!((run.ended, run.surprise()), (Ended::AsExpected, None));
    run.verdict = Verdict::Unknown;
    run.remarks = vec!["too hard".to_owned()];
    let (kind, message) = run.surprise().expect("nothing is known");
    assert_eq!(
        (kind.as_str(), message.as_str()),
        ("a budget was reached", "too hard")
    );
}
