//! The same scenario, seed and build take the same steps: in one process, in
//! another, in plain and release builds, alone and beside others.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::arguments;
use crate::common::{Folder, fresh_seeds, omnisim, package, run, scenario, scenario_path};
use omnisim::world::{RunOptions, Shown};
use serde_json::Value;

/// Scenarios that between them use every room.
const SCENARIOS: [&str; 5] = [
    "smoke/hello",
    "everything/together",
    "crash/at_writes",
    "network/datagram",
    "known_flaws/local_reads",
];

fn json_runs(
    program: &Path,
    scenario: &str,
    seeds: &str,
    out: &Folder,
    more: &[&str],
) -> Vec<Value> {
    let output = Command::new(program)
        .args(["run", "--quiet", "--format", "json", "--seeds", seeds])
        .args(more)
        .arg("--out")
        .arg(out.path())
        .arg(scenario_path(scenario))
        .current_dir(package())
        .output()
        .expect("the program can be started");
    crate::common::Said::from(output).objects()
}

fn this_program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_omnisim"))
}

fn digests(runs: &[Value]) -> Vec<&str> {
    runs.iter()
        .map(|run| run["digest"].as_str().expect("a run has a digest"))
        .collect()
}

#[test]
fn the_same_seed_takes_the_same_steps_twice_in_one_process() {
    for name in SCENARIOS {
        let scenario = scenario(name);
        for seed in [0, 1, u64::MAX] {
            let options = || RunOptions {
                keep_history: true,
                ..RunOptions::default()
            };
            let (first, second) = (
                run(&scenario, seed, options()),
                run(&scenario, seed, options()),
            );
            assert_eq!(first.digest, second.digest, "{name}, seed {seed}");
            assert_eq!(first.events, second.events);
            assert_eq!(first.history, second.history);
            assert_eq!(first.violations, second.violations);
        }
    }
}

#[test]
fn watching_a_run_changes_nothing_in_it() {
    let scenario = scenario("smoke/hello");
    let plain = run(&scenario, 3, RunOptions::default());
    let watched = RunOptions {
        record_decisions: true,
        watch: omnisim::world::StepWatch::Keep,
        trace: Some(Shown::All),
        keep_history: true,
        ..RunOptions::default()
    };
    let watched = run(&scenario, 3, watched);
    assert_eq!(plain.digest, watched.digest);
    assert_eq!(
        watched.steps.len() as u64,
        plain.events,
        "every step of the digest is kept"
    );
    assert!(!watched.trace.is_empty() && !watched.decisions.is_empty());
}

/// Who watches must not be why a run goes on behind a violation, or ends before it.
#[test]
fn a_violation_ends_a_run_at_the_same_step_whether_it_is_watched_or_not() {
    let mut violations = 0;
    for name in ["known_flaws/amnesia", "known_flaws/retry_without_dedup"] {
        let scenario = scenario(name);
        for seed in (0..10).chain(fresh_seeds(5)) {
            let watched = RunOptions {
                watch: omnisim::world::StepWatch::Keep,
                ..RunOptions::default()
            };
            let (plain, watched) = (
                run(&scenario, seed, RunOptions::default()),
                run(&scenario, seed, watched),
            );
            assert_eq!(plain.digest, watched.digest, "{name}, seed {seed}");
            assert_eq!(plain.events, watched.events, "{name}, seed {seed}");
            assert_eq!(plain.violations, watched.violations);
            assert_eq!(plain.history, watched.history);
            violations += plain.violations.len();
        }
    }
    assert!(violations > 0, "some of these runs end early");
}

#[test]
fn another_process_takes_the_same_steps() {
    let out = Folder::new();
    for name in SCENARIOS {
        let runs = json_runs(this_program(), name, "0..3", &out, &[]);
        let here = (0..3).map(|seed| run(&scenario(name), seed, RunOptions::default()).digest);
        let here: Vec<_> = here.map(|digest| format!("{digest:#018x}")).collect();
        assert_eq!(digests(&runs), here, "{name}");
    }
}

#[test]
fn plain_and_release_builds_take_the_same_steps() {
    let folder = this_program().parent().expect("the program is in a folder");
    let other = if folder.ends_with("release") {
        "plain"
    } else {
        "release"
    };
    let target = folder
        .parent()
        .expect("a profile's folder is in the target folder");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--offline",
            "--package",
            "omnisim",
            "--bin",
            "omnisim",
        ])
        .args(["--profile", other])
        .arg("--target-dir")
        .arg(target)
        .current_dir(package())
        .status()
        .expect("cargo can be started");
    assert!(built.success(), "the {other} build fails");
    let other = target
        .join(other)
        .join(this_program().file_name().expect("the program has a name"));

    let out = Folder::new();
    for name in SCENARIOS {
        let mine = json_runs(this_program(), name, "0..6", &out, &[]);
        let others = json_runs(&other, name, "0..6", &out, &[]);
        let panicked = |run: &Value| {
            run["violations"]
                .as_array()
                .is_some_and(|all| all.iter().any(|v| v["class"] == "panic"))
        };
        assert!(
            !mine.iter().any(panicked),
            "{name} compares runs without a panic"
        );
        assert_eq!(mine.len(), 6);
        assert_eq!(digests(&mine), digests(&others), "{name}");
    }
}

#[test]
fn the_lines_are_the_same_whatever_the_number_of_jobs() {
    let out = Folder::new();
    let lines = |jobs| {
        let mut runs = json_runs(
            this_program(),
            "everything/together",
            "0..20",
            &out,
            &["--jobs", jobs],
        );
        for run in &mut runs {
            let wall = run
                .as_object_mut()
                .expect("a run is an object")
                .remove("wall_ns");
            assert!(wall.is_some_and(|wall| wall.is_u64()));
        }
        runs
    };
    let alone = lines("1");
    assert_eq!(alone.len(), 20);
    assert_eq!(alone, lines("2"));
    assert_eq!(alone, lines("7"));
}

#[test]
fn other_seeds_take_other_steps() {
    let scenario = scenario("smoke/quiet");
    let digests: BTreeSet<_> = (0..20)
        .map(|seed| run(&scenario, seed, RunOptions::default()).digest)
        .collect();
    assert_eq!(digests.len(), 20);
}

#[test]
fn real_systems_pass_their_verification() {
    let out = Folder::new();
    for name in SCENARIOS {
        let path = scenario_path(name);
        let said = omnisim(arguments![
            "run",
            "--verify",
            "--seeds",
            "0..4",
            "--out",
            out.path(),
            path
        ]);
        assert!(!said.err.contains("NOT deterministic"), "{}", said.err);
        // A known flaw may keep quiet in so few seeds.
        assert!(matches!(said.code, Some(0 | 3)), "{name}: {said:?}");
    }
}
