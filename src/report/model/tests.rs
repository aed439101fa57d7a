//! What is written of a search, and read again.

use super::*;
use crate::explore::Limits;
use crate::search::Testable;
use crate::systems::kv::Kv;

fn reported(more: &str) -> ModelReport {
    let text = format!(
        "check.without = ['completion']\n{more}\n\
         [model]\nclients = [{{ at = 1, does = ['write'] }}]\nattempts = 1\n"
    );
    let scenario = Scenario::parse("small", &text).expect("it is a scenario");
    let limits = Limits::default();
    let explored = Kv::RUNNER.explore(&scenario, &limits, &mut |_| {});
    ModelReport::of(&scenario, &explored.expect("it suits the system"))
}

#[test]
fn a_report_of_a_search_reads_again_as_what_it_was() {
    let passes = reported("");
    assert_eq!(
        (passes.verdict, passes.end()),
        (Verdict::Pass, ModelEnd::AsExpected)
    );
    assert_eq!(passes.needless.checks, ["completion"]);
    let flawed = reported("selftest.planted = 'promise-not-persisted'");
    assert_eq!(flawed.end(), ModelEnd::Violation);
    assert!(!flawed.schedule.is_empty());
    for report in [passes, flawed] {
        let line = serde_json::to_string(&report).expect("it can be written");
        let again: ModelReport = serde_json::from_str(&line).expect("it can be read");
        assert_eq!(again, report);
    }
}

#[test]
fn what_the_scenario_expects_and_never_comes_is_missed_and_no_pass_of_what_it_says() {
    let mut report = reported("");
    report.expected = vec!["agreement".to_owned()];
    assert_eq!(report.end(), ModelEnd::Missed);
    let missed = report.missed().expect("it never came");
    assert_eq!(
        missed,
        "no schedule violates agreement, as the scenario expects"
    );
}
