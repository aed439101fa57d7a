//! Planted bugs are found: each by a check that names it, nearly as quickly as it
//! was once measured, and no check could be done without.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use crate::arguments;
use crate::common::{kv, omnisim, package};
use omnisim::check;
use omnisim::observation::RequestId;
use omnisim::search::{BugTrial, Column, Detected, Job, Tried, run_all};
use omnisim::system::PlantedBug;
use omnisim::world::{Outcome, RunOptions};

/// How much longer than recorded it may take to find a bug.
const SLACK: u64 = 15;

static NEVER: AtomicBool = AtomicBool::new(false);

fn trial(bug: &'static PlantedBug, seeds_max: u64) -> BugTrial<'static> {
    BugTrial {
        runner: kv(),
        bug,
        column: Column::Swarm,
        hunt: 0,
        seeds_max,
        without: None,
        twins: true,
        clock: &|| 0,
        stop: &NEVER,
    }
}

/// The medians of `reports/detection.md`: the rows of its table, as `omnisim bugs` prints it.
fn recorded() -> BTreeMap<String, u64> {
    let path = package().join("reports").join("detection.md");
    let text = std::fs::read_to_string(path).expect("the report is kept");
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        let (bug, _, _, median) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Some((bug.to_owned(), median.parse().ok()?))
    };
    text.lines().filter_map(row).collect()
}

fn all(trials: &[BugTrial<'_>]) -> Vec<Tried> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tried = Vec::new();
    run_all(trials, threads, &NEVER, |_, one| tried.push(one));
    tried
}

#[test]
fn every_planted_bug_is_found_by_a_check_that_names_it_and_its_clean_twin_passes() {
    let recorded = recorded();
    let limit = |bug: &PlantedBug| match recorded.get(bug.name) {
        Some(median) => median * SLACK,
        None => panic!("reports/detection.md says nothing of {bug}"),
    };
    let bugs = kv().info().bugs();
    let trials: Vec<_> = bugs.map(|bug| trial(bug, limit(bug))).collect();
    let mut wrong = Vec::new();
    for (trial, tried) in trials.iter().zip(all(&trials)) {
        let (bug, limit) = (trial.bug, trial.seeds_max);
        assert_eq!(tried.unsuited, None, "{bug}");
        match &tried.found {
            None => wrong.push(format!("{bug} was not found in {limit} seeds")),
            Some(found) if !bug.checks.contains(&found.check) => {
                wrong.push(format!("{bug}: {}: {}", found.check, found.message));
            }
            Some(found) if !lists_what_shows_it(found) => {
                let (check, message, requests) = (found.check, &found.message, &found.requests);
                wrong.push(format!("{bug}: {check} lists {requests:?}: {message}"));
            }
            Some(_) if tried.acts == 0 => wrong.push(format!("{bug} was found and never acted")),
            Some(_) => {}
        }
        if let Some((seed, alarm)) = tried.false_alarm {
            wrong.push(format!("{bug}: its twin with seed {seed}: {alarm}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Checks that always know which requests show what they found.
const ABOUT_REQUESTS: [&str; 5] = [
    "nothing_invented",
    "at_most_once",
    "reply_integrity",
    "completion",
    "linearizability",
];

/// Whether every request that the message names is listed, and some request where the check is
/// about requests.
fn lists_what_shows_it(found: &Detected) -> bool {
    let without = |rest: String, request: &RequestId| rest.replace(&request.to_string(), "");
    let rest = found.requests.iter().fold(found.message.clone(), without);
    let lists_some = !found.requests.is_empty() || !ABOUT_REQUESTS.contains(&found.check);
    lists_some && !rest.contains(" of client ")
}

/// A run of one seed of a trial.
struct OneRun<'a>(&'a BugTrial<'a>, u64);

impl Job for OneRun<'_> {
    type Output = Outcome;

    fn run(&self) -> Outcome {
        let Self(trial, seed) = self;
        let scenario = trial.scenario(*seed);
        let result = trial.runner.run(&scenario, *seed, RunOptions::default());
        result.expect("the scenario suits the system")
    }
}

#[test]
fn without_any_one_check_some_bug_is_missed_or_found_by_another_and_not_before() {
    // What the author of a state machine demands is nothing of the store's.
    for blind in check::run_names().filter(|name| *name != "state_invariant") {
        let named = kv().info().bugs();
        let named = named.filter(|bug| bug.checks[0] == blind);
        let first = named
            .map(|bug| (bug, trial(bug, 100).run()))
            .find_map(|(bug, tried)| {
                let found = tried.found.filter(|found| found.check == blind)?;
                Some((bug, found.seed))
            });
        let (bug, seed) = first.unwrap_or_else(|| panic!("nobody needs {blind}"));
        let seeing = OneRun(&trial(bug, 1), seed).run();
        let blinded = BugTrial {
            without: Some(blind),
            ..trial(bug, 1)
        };
        let blinded = OneRun(&blinded, seed).run();
        let seen_at = seeing.violations[0].at;
        for violation in &blinded.violations {
            assert_ne!(violation.check, blind, "{bug}");
            assert!(violation.at >= seen_at, "{bug}: {}", violation.message);
        }
    }
}

#[test]
fn the_command_tells_what_it_measured_and_fails_when_a_bug_is_missed() {
    let folder = crate::common::Folder::new();
    let found = omnisim(arguments![
        "bugs",
        "cas-always-yes",
        "--hunts",
        "1",
        "--quiet",
        "--format",
        "json",
        "--shrink",
        "--out",
        folder.path(),
    ]);
    assert_eq!(found.code, Some(0), "{found:?}");
    let object = &found.objects()[0];
    assert_eq!(object["bug"], "cas-always-yes");
    assert_eq!(object["check"], "linearizability");
    assert_eq!((&object["found"], &object["hunts"]), (&1.into(), &1.into()));
    for key in ["description", "seeds_median", "seeds_worst", "wall_ns"] {
        assert!(!object[key].is_null(), "{key}: {object}");
    }

    for kept in [
        "cas-always-yes.repro.toml",
        "cas-always-yes.small.repro.toml",
    ] {
        let kept = folder.path().join(kept);
        assert_eq!(omnisim(arguments!["replay", kept]).code, Some(1));
    }
    let small = &object["shrunken"];
    assert_eq!(
        (&small["replays"], &small["complete"]),
        (&true.into(), &true.into())
    );
    for (key, most) in [("faults", 3), ("operations", 10), ("trace_lines", 60)] {
        assert!(small[key].as_u64() <= Some(most), "{key}: {small}");
    }

    let missed = omnisim([
        "bugs",
        "decided-index-not-persisted",
        "--hunts",
        "1",
        "--seeds-limit",
        "1",
        "--without",
        "acknowledged_survives",
        "--quiet",
    ]);
    assert_eq!(missed.code, Some(1), "{missed:?}");
    assert!(
        missed.out.contains("0 of 1 planted bugs detected"),
        "{}",
        missed.out
    );

    let unknown = omnisim(["bugs", "no-such-bug"]);
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(
        unknown.err.contains("unknown planted bug"),
        "{}",
        unknown.err
    );
}

#[test]
fn a_run_with_a_planted_bug_says_so_and_its_repro_replays() {
    let folder = crate::common::Folder::new();
    let scenario = "[selftest]\nplanted = \"acknowledges-one-too-many\"\n";
    let path = folder.write("planted.toml", scenario);
    let said = omnisim(arguments![
        "run",
        path,
        "--seed",
        "1",
        "--out",
        folder.path()
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let loud = "PLANTED   the bug acknowledges-one-too-many";
    assert!(said.out.contains(loud), "{}", said.out);
    let repro = folder.path().join("planted-1.repro.toml");
    let again = omnisim(arguments!["replay", repro]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.out.contains(loud), "{}", again.out);

    let typo = folder.write("typo.toml", "[selftest]\nplanted = \"acknowledges\"\n");
    let said = omnisim(arguments!["run", typo]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(
        said.err.contains("acknowledges-one-too-many"),
        "{}",
        said.err
    );
}

#[test]
fn the_list_of_planted_bugs_is_one_object_per_line_for_programs() {
    let said = omnisim(arguments!["bugs", "--list", "--format", "json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let names: Vec<_> = said
        .objects()
        .into_iter()
        .map(|object| object["bug"].clone())
        .collect();
    let all: Vec<_> = kv().info().bugs().map(|bug| bug.name).collect();
    assert_eq!(names, all);
}
