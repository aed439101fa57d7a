//! Every scenario that comes with omnisim says what it is for, and meets its expectation.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use crate::common::{files, fresh_seeds, kv, package};
use omnisim::scenario::{Expectation, Scenario};
use omnisim::search::{Job, Judged, ScenarioTally, run_all};
use omnisim::world::{Outcome, RunOptions};

/// However few a scenario asks for, so many are run.
const SEEDS_MIN: u64 = 50;
/// So many more are run that no expectation was tuned on.
const SEEDS_FRESH: u64 = 20;

fn all() -> Vec<(PathBuf, Scenario)> {
    let load = |path: PathBuf| {
        let scenario = Scenario::load(&path).unwrap_or_else(|error| panic!("{error}"));
        (path, scenario)
    };
    let all: Vec<_> = files(&package().join("scenarios"), "toml")
        .into_iter()
        .map(load)
        .collect();
    assert!(all.len() >= 20, "the scenarios are where they were");
    all
}

/// One seed of one scenario.
struct Seed<'a> {
    place: usize,
    scenario: &'a Scenario,
    seed: u64,
}

impl Job for Seed<'_> {
    type Output = Outcome;

    fn run(&self) -> Outcome {
        let result = kv().run(self.scenario, self.seed, RunOptions::default());
        result.unwrap_or_else(|error| panic!("{}: {error}", self.scenario.name))
    }
}

#[test]
fn every_scenario_meets_its_expectation() {
    let mut all = all();
    // Those are for exhaustive search (tests/searches/model.rs).
    all.retain(|(_, scenario)| scenario.model.is_none());
    let fresh = fresh_seeds(SEEDS_FRESH);
    let jobs: Vec<_> = all
        .iter()
        .enumerate()
        .flat_map(|(place, (_, scenario))| {
            let tuned = 0..scenario.check.seeds.max(SEEDS_MIN);
            let seeds = tuned.chain(fresh.clone());
            seeds.map(move |seed| Seed {
                place,
                scenario,
                seed,
            })
        })
        .collect();
    let mut tallies = vec![ScenarioTally::default(); all.len()];
    run_all(&jobs, 2, &AtomicBool::new(false), |job, outcome| {
        let Seed {
            place, scenario, ..
        } = jobs[job];
        tallies[place].add(scenario, &outcome);
    });
    let failures: Vec<_> = all
        .iter()
        .zip(&tallies)
        .filter_map(|((path, scenario), tally)| match tally.judge(scenario) {
            Judged::AsExpected => None,
            Judged::NotAsExpected(why) | Judged::Incomplete(why) => {
                Some(format!("{}: {why}", path.display()))
            }
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn seeds_drawn_from_the_commit_are_the_same_when_asked_for_again() {
    assert_eq!(fresh_seeds(3), fresh_seeds(3));
    assert_eq!(fresh_seeds(3).count(), 3);
}

#[test]
fn the_names_of_scenarios_are_unique_because_reports_are_named_after_them() {
    let mut seen = BTreeMap::new();
    for (path, scenario) in all() {
        if let Some(other) = seen.insert(scenario.name, path.clone()) {
            panic!(
                "{} and {} have the same name",
                other.display(),
                path.display()
            );
        }
    }
}

#[test]
fn every_scenario_says_in_one_line_what_it_is_for() {
    for (path, scenario) in all() {
        let about = scenario.about;
        assert!(
            about.len() > 20 && !about.contains('\n'),
            "{}: about = {about:?}",
            path.display()
        );
    }
}

#[test]
fn a_scenario_expects_a_violation_if_and_only_if_its_folder_says_so() {
    for (path, scenario) in all() {
        let folder = path.parent().and_then(|folder| folder.file_name());
        let must_fail = folder.is_some_and(|name| name == "known_flaws" || name == "findings");
        let expects = scenario.check.expect == Expectation::Violation;
        assert_eq!(must_fail, expects, "{}", path.display());
    }
}

#[test]
fn a_scenario_that_promises_a_violation_of_a_sound_system_is_found_out() {
    let text = "[check]\nexpect = \"violation\"\nviolates = [\"agreement\"]\nseeds = 3\n";
    let scenario = Scenario::parse("promises_too_much", text).expect("it is well formed");
    let mut tally = ScenarioTally::default();
    for seed in 0..3 {
        let place = 0;
        tally.add(
            &scenario,
            &Seed {
                place,
                scenario: &scenario,
                seed,
            }
            .run(),
        );
    }
    let Judged::NotAsExpected(why) = tally.judge(&scenario) else {
        panic!("nothing is violated: {:?}", tally.judge(&scenario));
    };
    assert!(
        why.contains("agreement was expected to fail and did not in 3 seeds"),
        "{why}"
    );
}
