//! A planted bug says how often it acted, in runs and in searches: one that never acted, and
//! one that acted and that no check saw, prove nothing, and each is named for what it is.

use crate::arguments;
use crate::common::{Folder, Said, kv, omnisim};
use omnisim::nemesis::FaultSource;
use omnisim::scenario::Scenario;
use omnisim::search::{BugTrial, Column, Job, run_all};
use omnisim::system::PlantedBug;
use omnisim::world::{Outcome, RunOptions};
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

/// Nothing fails, so that most bugs never act.
const QUIET: &str = "[cluster]\nreplicas = 3\n\
                     [workload]\nclients = 1\nphases = [{ duration = \"1s\", requests_per_sec = 30 }]\n";

/// A run with a bug, and the same without.
struct Twins {
    scenario: Scenario,
    twin: Scenario,
    seed: u64,
}

impl Job for Twins {
    type Output = [Outcome; 2];

    fn run(&self) -> [Outcome; 2] {
        [&self.scenario, &self.twin].map(|scenario| {
            let options = RunOptions {
                keep_history: true,
                ..RunOptions::default()
            };
            let outcome = kv().run(scenario, self.seed, options);
            outcome.expect("the scenario suits the system")
        })
    }
}

fn quiet(bug: &PlantedBug) -> Twins {
    let twin = Scenario::parse("quiet", QUIET).unwrap_or_else(|error| panic!("{error}"));
    let mut scenario = twin.clone();
    scenario.selftest.planted = Some(bug.name.to_owned());
    Twins {
        scenario,
        twin,
        seed: 5,
    }
}

fn drawn(bug: &'static PlantedBug, seed: u64) -> Twins {
    let trial = BugTrial {
        runner: kv(),
        bug,
        column: Column::Swarm,
        hunt: 0,
        seeds_max: 1,
        without: None,
        twins: false,
        clock: &|| 0,
        stop: &NEVER,
    };
    Twins {
        scenario: trial.scenario(seed),
        twin: trial.twin(seed),
        seed,
    }
}

fn acts(outcome: &Outcome) -> u64 {
    outcome.impacts[&FaultSource::Planted].began
}

/// Everything that anybody could see of a run, but the content of its log: some bugs travel
/// with the commands.
fn seen(outcome: &Outcome) -> impl PartialEq + std::fmt::Debug {
    let history = outcome.history.as_ref().expect("it is kept");
    (
        (outcome.events, outcome.messages, outcome.decided),
        (outcome.operations, outcome.ended, outcome.leader_changes),
        history.concat(),
    )
}

#[test]
fn a_run_in_which_the_planted_bug_never_acts_is_the_run_without_it() {
    let bugs: Vec<_> = kv().info().bugs().collect();
    let pairs: Vec<_> = bugs
        .iter()
        .flat_map(|bug| [quiet(bug), drawn(bug, 0), drawn(bug, 1)])
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut idle = 0;
    run_all(&pairs, threads, &NEVER, |place, [planted, clean]| {
        let (bug, name) = (
            &pairs[place].scenario.selftest.planted,
            &pairs[place].twin.name,
        );
        if acts(&planted) == 0 {
            idle += 1;
            assert!(
                seen(&planted) == seen(&clean),
                "{bug:?} in {name} never acted: {} and {} events",
                planted.events,
                clean.events
            );
        }
    });
    assert!(idle > bugs.len() / 3, "{idle} idle");
}

/// Runs a scenario of one file, seed 0.
fn said(folder: &Folder, text: &str, more: &[&str]) -> Said {
    let path = folder.write("bug.toml", text);
    let mut all = arguments!["run", path, "--seed", "0", "--out", folder.path()].to_vec();
    all.extend(more.iter().map(Into::into));
    omnisim(all)
}

/// A compare-and-swap that always succeeds, which only a client could notice.
fn swaps(mix: &str, check: &str) -> String {
    format!(
        "[selftest]\nplanted = \"cas-always-yes\"\n\
         [workload]\nphases = [{{ duration = \"2s\", requests_per_sec = 30 }}]\n{mix}\n{check}\n"
    )
}

#[test]
fn a_planted_bug_that_never_acts_makes_the_run_incomplete_and_names_its_line() {
    let folder = Folder::new();
    // Nobody swaps.
    let said = said(&folder, &swaps("mix = { put = 1 }", ""), &[]);
    assert_eq!(said.code, Some(3), "{said:?}");
    let headline = "bug  seed 0  INCOMPLETE\n";
    assert!(
        said.out.starts_with(headline) && !said.out.contains("PASS"),
        "{}",
        said.out
    );
    for part in [
        "selftest.planted (cas-always-yes): never acted",
        "INCOMPLETE bug: the planted bug cas-always-yes never acted in 1 seed",
        "bug.toml:2: selftest.planted never acted",
    ] {
        assert!(said.out.contains(part), "{part:?} is not in {}", said.out);
    }
}

#[test]
fn a_planted_bug_that_acts_and_that_no_check_sees_makes_the_run_incomplete_too() {
    let folder = Folder::new();
    let blind = "[check]\nwithout = [\"linearizability\"]";
    let text = swaps("mix = { put = 1, cas = 2 }", blind);
    let said_text = said(&folder, &text, &[]);
    assert_eq!(said_text.code, Some(3), "{said_text:?}");
    let why = "INCOMPLETE bug: the planted bug cas-always-yes acted ";
    assert!(said_text.out.contains(why), "{}", said_text.out);
    let end = " times and showed in no check in 1 seed";
    assert!(said_text.out.contains(end), "{}", said_text.out);
    let object = &said(&folder, &text, &["--format", "json"]).objects()[0];
    let planted = &object["scripted"][0];
    assert_eq!(planted["key"], "selftest.planted");
    assert_eq!(planted["fault"], "cas-always-yes");
    assert!(planted["began"].as_u64() > Some(1), "{planted}");
    assert_eq!(planted["struck"]["deviations"], planted["began"]);
}

#[test]
fn an_expected_violation_that_does_not_come_because_the_bug_never_acted_says_so() {
    let folder = Folder::new();
    let expects = "[check]\nexpect = \"violation\"\nviolates = [\"linearizability\"]";
    let said = said(&folder, &swaps("mix = { put = 1 }", expects), &[]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let why = "did not in 1 seed; the planted bug cas-always-yes never acted";
    assert!(said.out.contains(why), "{}", said.out);
}

/// What a search of every schedule with a planted bug says.
fn searched(bug: &str, more: &[&str]) -> Said {
    let folder = Folder::new();
    let text = format!(
        "[selftest]\nplanted = \"{bug}\"\n\
         [model]\nclients = [{{ at = 1, does = [\"write\"] }}]\nattempts = 1\nattempts_at = [1]\n"
    );
    let path = folder.write("every.toml", &text);
    let mut all = arguments!["model", path, "--quiet", "--out", folder.path()].to_vec();
    all.extend(more.iter().map(Into::into));
    omnisim(all)
}

#[test]
fn a_search_whose_planted_bug_never_acts_or_is_not_seen_proves_nothing() {
    // Nobody crashes.
    let idle = searched("decided-index-reset", &[]);
    assert_eq!(idle.code, Some(3), "{idle:?}");
    let why = "incomplete: the planted bug decided-index-reset never acts in any schedule";
    assert!(idle.out.contains(why), "{}", idle.out);

    // That nobody hears of it shows only at rest, to which this search is not put.
    let unseen = searched("decide-not-sent", &[]);
    assert_eq!(unseen.code, Some(3), "{unseen:?}");
    let why = "incomplete: the planted bug decide-not-sent acts ";
    assert!(unseen.out.contains(why), "{}", unseen.out);
    assert!(
        unseen.out.contains("and no check sees it"),
        "{}",
        unseen.out
    );
    let object = &searched("decide-not-sent", &["--format", "json"]).objects()[0];
    assert_eq!(object["verdict"], "unknown");
    assert!(
        object["planted"]["deviations"].as_u64() > Some(0),
        "{object}"
    );
}

#[test]
fn what_is_left_out_in_vain_is_said() {
    let folder = Folder::new();
    let without = "[check]\nwithout = [\"snapshot_fold\", \"agreement\"]";
    let text = format!("{QUIET}{without}\n");
    let run = said(&folder, &text, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let told = "snapshot_fold (nothing to evaluate)";
    assert!(run.out.contains(told), "{}", run.out);
    let object = &said(&folder, &text, &["--format", "json"]).objects()[0];
    let check = |name: &str| {
        let checks = object["checks"].as_array().expect("there are checks");
        let mut named = checks.iter().filter(|check| check["name"] == name);
        named.next().expect("each is listed").clone()
    };
    assert!(check("agreement")["switched_off"].as_u64() > Some(0));
    assert!(check("agreement")["evaluated"].is_null());
    assert!(check("snapshot_fold")["switched_off"].is_null());

    let path = folder.path().join("bug.toml");
    let many = arguments!["run", path, "--seeds", "0..2", "--out", folder.path()];
    let many = omnisim(many);
    let told = "nothing to evaluate for what check.without leaves out: snapshot_fold";
    assert!(many.out.contains(told), "{}", many.out);

    let search = searched("promise-not-persisted", &["--without-reduction", "losses"]);
    let told = "nothing to leave out: losses";
    assert!(search.out.contains(told), "{}", search.out);

    let bugs = ["bugs", "cas-always-yes", "--hunts", "1", "--quiet"];
    let bugs = omnisim(bugs.into_iter().chain(["--without", "snapshot_fold"]));
    bugs.complains(&["--without snapshot_fold: it had nothing to evaluate in any run"]);
}
