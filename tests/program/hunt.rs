//! A hunt finds what breaks, says where it looked, and survives being killed.

use std::process::Stdio;

use crate::arguments;
use crate::common::{Folder, Said, omnisim, program, scenario_path};
use serde_json::Value;

fn hunt(out: &Folder, more: &[&str]) -> Said {
    let mut arguments = arguments!["hunt", "--out", out.path(), "--quiet"].to_vec();
    arguments.extend(more.iter().map(Into::into));
    omnisim(arguments)
}

fn state(out: &Folder) -> Value {
    let text = std::fs::read_to_string(out.path().join("hunt.state.json")).expect("a state");
    serde_json::from_str(&text).expect("a whole state")
}

#[test]
fn a_hunt_stops_at_the_first_violation_shrinks_it_and_replays_it() {
    let out = Folder::new();
    let flaw = scenario_path("known_flaws/amnesia");
    let text = std::fs::read_to_string(flaw).expect("it is there");
    let innocent = out.path().join("innocent.toml");
    let unexpected: Vec<_> = text
        .lines()
        .filter(|line| {
            let expects = ["expect", "violates", "may_violate"];
            !expects.iter().any(|key| line.starts_with(key))
        })
        .collect();
    std::fs::write(&innocent, unexpected.join("\n")).expect("it can be written");
    let said = hunt(&out, &[&innocent.display().to_string(), "--seeds", "0..50"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("caught agreement"), "{}", said.out);

    let state = state(&out);
    let catches = state["catches"].as_array().expect("a list");
    assert_eq!(catches.len(), 1, "{state}");
    assert!(state["runs"].as_u64() < Some(50), "it stopped: {state}");
    let small = catches[0]["repro"].as_str().expect("a path");
    assert!(small.ends_with(".small.repro.toml"), "{small}");
    assert_eq!(omnisim(arguments!["replay", small]).code, Some(1));

    // What was found is looked at first, and still counts.
    let again = hunt(
        &out,
        &[
            &scenario_path("smoke/hello").display().to_string(),
            "--seeds",
            "0..1",
        ],
    );
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(
        again.err.contains("still shows agreement, step for step"),
        "{}",
        again.err
    );
    let first = again.out.lines().next().expect("there is a headline");
    assert!(
        first.starts_with("FAILED: ") && first.contains("innocent"),
        "{first}"
    );
    let end = " and 1 more repro file still fail; nothing caught in 1 run";
    assert!(first.ends_with(end), "{first}");
    let kept = format!("\n  kept      {small}: still shows agreement, step for step\n");
    assert!(again.out.contains(&kept), "{}", again.out);
}

#[test]
fn repros_of_a_planted_bug_say_that_it_is_planted_and_many_of_them_are_counted() {
    let (out, texts) = (Folder::new(), Folder::new());
    let text = "workload.phases = [{ duration = \"500ms\" }]\n\
                selftest.planted = \"promise-not-persisted\"\n";
    let planted = texts.write("planted.toml", text);
    let seeds = ["--seeds", "0..5", "--out"];
    let mut run = arguments!["run", planted].to_vec();
    run.extend(seeds.map(Into::into));
    run.push(out.path().into());
    assert_eq!(omnisim(run).code, Some(1));
    let quiet = scenario_path("smoke/quiet").display().to_string();
    let said = hunt(&out, &[&quiet, "--seeds", "0..1"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let planted = ", step for step, with the PLANTED bug promise-not-persisted";
    assert_eq!(said.err.matches(planted).count(), 4, "{}", said.err);
    assert!(
        said.err.contains("\n2 more repro files: still shows "),
        "{}",
        said.err
    );
    assert_eq!(said.out.matches(planted).count(), 5, "{}", said.out);
}

#[test]
fn swarms_of_the_sound_system_show_nothing_but_known_findings() {
    let out = Folder::new();
    let said = hunt(&out, &["--seeds", "0..150", "--keep-going"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.out.contains("nothing caught in 150 runs"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("fewer than one in 50 of such runs fails"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("crash_at_write"),
        "where it looked: {}",
        said.out
    );
}

#[test]
fn the_same_seeds_are_the_same_runs_whatever_the_jobs() {
    let runs = |jobs| {
        let said = hunt(
            &Folder::new(),
            &["--seeds", "7..27", "--jobs", jobs, "--format", "json"],
        );
        let of = |object: Value| (object["seed"].clone(), object["digest"].clone());
        said.objects().into_iter().map(of).collect::<Vec<_>>()
    };
    let one = runs("1");
    assert_eq!(one.len(), 20);
    assert_eq!(one, runs("2"));
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "it is killed at a moment of the wall clock"
)]
fn a_hunt_that_was_killed_goes_on_without_losing_or_repeating_a_seed() {
    let whole = Folder::new();
    hunt(
        &whole,
        &["--seeds", "0..400", "--keep-going", "--no-shrink"],
    );
    let whole = state(&whole);

    let out = Folder::new();
    let arguments = [
        "hunt",
        "--quiet",
        "--keep-going",
        "--no-shrink",
        "--seeds",
        "0..400",
        "--out",
    ];
    let mut child = program(arguments)
        .arg(out.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(2_500));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    // Whenever it was killed, the state is whole and of a prefix.
    let before = state(&out)["runs"].as_u64().expect("a count");
    assert!(before <= 400);
    let said = hunt(
        &out,
        &[
            "--seeds",
            "0..400",
            "--keep-going",
            "--no-shrink",
            "--resume",
        ],
    );
    assert_eq!(said.code, Some(0), "{said:?}");
    let after = state(&out);
    for key in [
        "runs",
        "events",
        "operations",
        "simulated_us",
        "faults",
        "coverage",
        "known",
    ] {
        assert_eq!(after[key], whole[key], "{key}");
    }
}

#[test]
fn a_resumed_hunt_ends_where_the_first_one_was_to_end() {
    let out = Folder::new();
    let hello = scenario_path("smoke/hello").display().to_string();
    hunt(&out, &[&hello, "--seeds", "5..15"]);
    let said = hunt(&out, &[&hello, "--resume"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(state(&out)["runs"], 10, "nothing was left to do");
    hunt(&out, &[&hello, "--resume", "--seeds", "5..18"]);
    assert_eq!(state(&out)["runs"], 13, "another end is gone on to");
}

#[test]
fn what_scenarios_expect_is_counted_and_not_claimed_never_to_happen() {
    let flaw = scenario_path("known_flaws/local_reads");
    let said = hunt(
        &Folder::new(),
        &[&flaw.display().to_string(), "--seeds", "0..30"],
    );
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in [
        "expected  what local_reads says that it violates, in 30 runs",
        "fewer than one in 10 of such runs fails by anything but what is known or expected",
    ] {
        assert!(said.out.contains(part), "{}", said.out);
    }
}

#[test]
fn a_state_with_counts_that_no_hunt_can_have_is_not_resumed() {
    let out = Folder::new();
    let hello = scenario_path("smoke/hello").display().to_string();
    hunt(&out, &[&hello, "--seeds", "0..2"]);
    let mut edited = state(&out);
    edited["faults"]["isolate"] = u64::MAX.into();
    out.write("hunt.state.json", &edited.to_string());
    let said = hunt(&out, &[&hello, "--seeds", "0..4", "--resume"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["hunt.state.json: is not the state of a hunt"]);
}

#[test]
fn another_hunt_is_not_resumed() {
    let out = Folder::new();
    let said = hunt(&out, &["--seeds", "0..2", "--resume"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["there is no hunt to resume"]);

    hunt(&out, &["--seeds", "0..2"]);
    let said = hunt(&out, &["--seeds", "0..2", "--resume", "--unlimited"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["is the state of another hunt"]);
    let said = hunt(&out, &["--seeds", "5..9", "--resume"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["began with seed 0"]);

    std::fs::write(out.path().join("hunt.state.json"), "{ \"hunt\": ").expect("it can be written");
    let said = hunt(&out, &["--seeds", "0..2", "--resume"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["hunt.state.json:1: is not the state of a hunt"]);
}

#[test]
fn a_drawn_run_that_cannot_be_searched_further_is_passed_over_and_said() {
    let out = Folder::new();
    let said = omnisim(arguments![
        "hunt",
        "--seeds",
        "0..3",
        "--deepen",
        "1s",
        "--no-shrink",
        "--quiet",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let told = "which cannot be searched; the first: ";
    assert!(said.out.contains(told), "the report is there: {said:?}");
}
