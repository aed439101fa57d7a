//! What the end of many runs looks like.

use super::*;

fn of(seeds: u64, judged: Judged, known: &[u64]) -> ScenarioReport {
    let mut report = ScenarioReport {
        scenario: "flawed".to_owned(),
        file: "flawed.toml".to_owned(),
        folder: "reports".to_owned(),
        seeds,
        judged,
        ..ScenarioReport::default()
    };
    if !known.is_empty() {
        report.known.insert("a-finding".to_owned(), known.to_vec());
    }
    report
}

fn runs(scenarios: Vec<ScenarioReport>, wall_ns: u64) -> RunsReport {
    RunsReport { scenarios, wall_ns }
}

#[test]
fn the_last_line_counts_scenarios_seeds_verdicts_and_findings() {
    let mut all = vec![of(100, Judged::AsExpected, &[3, 5])];
    assert_eq!(
        last_line(&runs(all.clone(), 1_250_000_000)),
        "1 scenario, 100 seeds: all as expected; known findings: a-finding in 2 seeds; took 1.2 s"
    );
    let why = String::new;
    all.push(of(10, Judged::NotAsExpected(why()), &[7]));
    all.push(of(10, Judged::Incomplete(why()), &[]));
    let mut differs = of(1_000, Judged::AsExpected, &[]);
    (differs.twice, differs.diverged) = (1, vec![0]);
    all.push(differs);
    assert_eq!(
        last_line(&runs(all, 0)),
        "4 scenarios, 1,120 seeds: 1 as expected, 1 not as expected, 1 incomplete, \
         1 not deterministic; known findings: a-finding in 3 seeds; took 0.0 s"
    );
}

#[test]
fn many_seeds_that_fail_are_listed_by_how_they_fail_with_where_their_repros_are() {
    let mut failed = of(
        300,
        Judged::NotAsExpected("agreement failed".to_owned()),
        &[],
    );
    failed.surprises = vec![
        Surprise {
            kind: "agreement (decided differently)".to_owned(),
            seeds: (0..100).collect(),
            repros: vec!["reports/flawed-0.repro.toml".to_owned()],
            ..Surprise::default()
        },
        Surprise {
            kind: "panic (panicked at a.rs:1)".to_owned(),
            seeds: vec![200],
            repros: vec!["reports/flawed-200.repro.toml".to_owned()],
            ..Surprise::default()
        },
    ];
    let settings = Settings {
        program: "omnisim".to_owned(),
        ..Settings::default()
    };
    let text = rest(&failed, &settings);
    assert_eq!(
        text,
        "  101 seeds are not as expected; repro files of the first of each kind are in reports\n    \
         agreement (decided differently) in 100 seeds: 0 1 2 3 4 5 6 7 8 9 10 11 and 88 more\n    \
         panic (panicked at a.rs:1) in 1 seed: 200\n  \
         replay    omnisim replay flawed.toml --seed N\n"
    );
    failed.surprises.truncate(0);
    assert_eq!(rest(&failed, &settings), "");
}

#[test]
fn what_a_planted_bug_did_in_all_seeds_is_told() {
    let mut flawed = of(10, Judged::AsExpected, &[]);
    flawed.planted = Some(crate::report::FaultReport {
        key: "selftest.planted".to_owned(),
        fault: "amnesia".to_owned(),
        may_miss: false,
        impact: Default::default(),
        told: "acted 12 times".to_owned(),
    });
    let told = end_of_runs(&runs(vec![flawed], 0), &Settings::default());
    let line = "\n  PLANTED   the bug amnesia acted 12 times in 10 seeds\n";
    assert!(told.out.contains(line), "{}", told.out);
}
