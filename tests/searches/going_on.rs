//! A search that goes on from a random run: what it begins with is what the run had come to.

use crate::arguments;
use crate::common::{Folder, kv, omnisim, run, scenario, scenario_path};
use omnisim::explore::{Explored, Limits, Progress};
use omnisim::repro::{Body, Build, Repro};
use omnisim::scenario::{Beginning, Identity, ModelOptions, Scenario};
use omnisim::world::RunOptions;

fn from(seed: u64, until: &str) -> Beginning {
    Beginning {
        seed,
        until: until.parse().expect("it is a time"),
        decisions: Default::default(),
    }
}

fn explored(scenario: &Scenario) -> Explored {
    let limits = Limits {
        threads: 1,
        ..Limits::default()
    };
    let explored = kv().explore(scenario, &limits, &mut |_: Progress| {});
    explored.unwrap_or_else(|error| panic!("{}: {error}", scenario.name))
}

/// The scenario, searched within these bounds from a moment of a run on.
fn going_on(name: &str, bounds: ModelOptions, seed: u64, until: &str) -> Scenario {
    Scenario {
        model: Some(bounds.begun_with(from(seed, until))),
        ..scenario(name)
    }
}

#[test]
fn from_the_first_moment_of_a_run_there_is_as_much_as_from_the_first_start() {
    for name in [
        "model/one_attempt",
        "model/two_replicas",
        "model/lost_messages",
        "model/broken_sessions",
    ] {
        let mut first = scenario(name);
        let bounds = first.model.as_mut().expect("it has bounds");
        bounds.identity = Identity::History;
        // Few enough without any trust in how replicas look.
        bounds.clients.truncate(1);
        bounds.clients[0].does.truncate(1);
        let bounds = bounds.clone();
        let first = explored(&first);
        let later = explored(&going_on(name, bounds, 7, "1ns"));
        assert!(first.complete && later.complete, "{name}");
        let counts = |explored: &Explored| {
            let Progress {
                states,
                unique_states,
                depth,
                ..
            } = explored.progress;
            (states, unique_states, depth)
        };
        assert_eq!(counts(&later), counts(&first), "{name}");
        // All but the states before the first start, and the starts.
        let (states, steps) = first.replica_states;
        let replicas = scenario(name).cluster.replicas as usize;
        let after_the_start = (states - replicas, steps - replicas);
        assert_eq!(later.replica_states, after_the_start, "{name}");
        assert_eq!(later.reached, first.reached, "{name}");
        assert!(first.progress.unique_states > 50, "{name}: {first:?}");
    }
}

#[test]
fn whatever_a_run_had_come_to_settles_once_nothing_fails_any_more() {
    let settles = ModelOptions {
        settles: true,
        ..ModelOptions::default()
    };
    let mut settled = 0;
    for name in [
        "smoke/hello",
        "faults/partition",
        "faults/session_breaks",
        "crash/random",
        "network/lossy",
    ] {
        for (seed, until) in (0..).zip(["3ms", "110ms", "415ms", "1113ms", "1707ms", "2501ms"]) {
            let explored = explored(&going_on(name, settles.clone(), seed, until));
            assert_eq!(explored.violation, None, "{name}, seed {seed}, {until}");
            assert!(explored.complete, "{name}, seed {seed}, {until}");
            settled += explored.settled.expect("it was asked to settle");
        }
    }
    assert!(settled >= 30, "{settled}");
}

#[test]
fn what_clients_saw_before_the_run_was_halted_counts() {
    let bounds = scenario("model/stale_read").model.expect("it has bounds");
    let reads = ModelOptions {
        clients: bounds.clients[1..].to_vec(),
        attempts: 0,
        ..bounds
    };
    let name = "known_flaws/local_reads";
    let run_itself = run(&scenario(name), 1, RunOptions::default());
    assert!(
        run_itself.ended.as_nanos() > 1_000_000_000,
        "{run_itself:?}"
    );
    let explored = explored(&going_on(name, reads, 1, "1s"));
    let violation = explored
        .violation
        .expect("a stale read is one question away");
    assert_eq!(violation.check, "linearizability");
    assert_eq!(explored.schedule.len(), 1, "{:?}", explored.schedule);
}

#[test]
fn a_schedule_that_goes_on_from_a_run_replays_and_shrinks() {
    let folder = Folder::new();
    let run = scenario_path("known_flaws/local_reads");
    let bounds = scenario_path("model/stale_read");
    let said = omnisim(arguments![
        "model",
        bounds,
        "--from",
        run,
        "--from-seed",
        "1",
        "--until",
        "200ms",
        "--out",
        folder.path(),
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let begins = "begins    with the run of seed 1, halted at 200ms";
    assert!(said.out.contains(begins), "{}", said.out);
    said.complains(&[
        "note: model.violates (linearizability) is said of schedules from the first start",
    ]);
    assert!(!said.out.contains("outcome unknown"), "{}", said.out);
    let repro = folder.path().join("local_reads-1-schedule.repro.toml");
    let replayed = omnisim(arguments!["replay", repro, "--trace"]);
    assert_eq!(replayed.code, Some(1), "{replayed:?}");
    let last = "client 8 is answered Value";
    assert!(replayed.out.contains(last), "{}", replayed.out);
    let shrunk = omnisim(arguments!["shrink", repro, "--out", folder.path()]);
    assert_eq!(shrunk.code, Some(0), "{shrunk:?}");
}

#[test]
fn a_moment_that_there_is_not_is_refused_with_what_would_be_right() {
    let folder = Folder::new();
    let hello = scenario_path("smoke/hello");
    let refused = |arguments: &[std::ffi::OsString], right: &str| {
        let said = omnisim(arguments);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(right), "{said:?}");
    };
    let model = |more: &[&str]| {
        let mut all = arguments!["model", "--from", hello].to_vec();
        all.extend(more.iter().map(Into::into));
        all
    };
    refused(&model(&["--until", "1s"]), "as --from-seed 42");
    refused(&model(&["--from-seed", "1"]), "--until <TIME>");
    let over = ["--from-seed", "1", "--until", "1h"];
    refused(&model(&over), "the run is over by then");
    let long = folder.write(
        "long.toml",
        "[workload]\nphases = [{ duration = \"100h\", requests_per_sec = 20, read_ratio = 0.5 }]\n",
    );
    refused(
        &arguments![
            "model",
            "--from",
            long,
            "--from-seed",
            "1",
            "--until",
            "90h"
        ],
        "halt it earlier",
    );
    let schedule = Repro {
        body: Body::Schedule(Vec::new()),
        digest: None,
        violation: None,
        build: Build::current(),
        scenario: Scenario::load(&hello).expect("it is a scenario"),
    };
    let schedule = folder.write("schedule.repro.toml", &schedule.to_text());
    refused(
        &arguments!["model", "--from", schedule, "--until", "1s"],
        "is a schedule, which knows no times",
    );
    let bounds = |scenario: &str| {
        let scenario = scenario_path(scenario);
        let moment = ["--from-seed", "1", "--until", "1s"];
        [
            arguments!["model", scenario, "--from", hello].to_vec(),
            moment.map(Into::into).to_vec(),
        ]
        .concat()
    };
    refused(&bounds("smoke/quiet"), "has no [model] table");
    refused(&bounds("model/unsynced_disk"), "unsynced_disk.toml:");
    let signal = scenario_path("cluster/start_signal");
    refused(
        &arguments![
            "model",
            "--from",
            signal,
            "--from-seed",
            "1",
            "--until",
            "1s"
        ],
        "start_signal",
    );
    let plan = folder.write(
        "plan.toml",
        "[model]\nclients = []\n[model.from]\nseed = 1\nuntil = \"1s\"\ndecisions = { keep = [\"loss\"] }\n",
    );
    refused(&arguments!["model", plan], "model.from");
}

#[test]
fn deepening_finds_what_no_run_shows_and_nothing_where_there_is_nothing() {
    let folder = Folder::new();
    let alone = |reads: &str| {
        format!(
            "system = {{ reads = \"{reads}\" }}\n[workload]\nclients = 1\n\
             phases = [{{ duration = \"500ms\", requests_per_sec = 50, read_ratio = 0.5 }}]\n"
        )
    };
    let local = folder.write("local.toml", &alone("local"));
    let hunt = |scenario, more: &[&str]| {
        let mut all =
            arguments!["hunt", scenario, "--seeds", "0..20", "--out", folder.path()].to_vec();
        all.extend(more.iter().map(Into::into));
        omnisim(all)
    };
    let said = hunt(&local, &[]);
    assert_eq!(
        said.code,
        Some(0),
        "a client alone sees nothing stale: {said:?}"
    );
    let said = hunt(&local, &["--deepen", "60s"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("caught linearizability"), "{}", said.out);
    assert!(
        said.out.contains("in a schedule that goes on from it"),
        "{}",
        said.out
    );
    let repro = folder.path().join("local-0-schedule.repro.toml");
    assert_eq!(omnisim(arguments!["replay", repro]).code, Some(1));
    std::fs::remove_file(&repro).expect("it was written");
    let logged = folder.write("logged.toml", &alone("log"));
    let said = hunt(&logged, &["--deepen", "60s"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("deepened  1 run: "), "{}", said.out);
}
