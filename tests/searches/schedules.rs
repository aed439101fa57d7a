//! A counterexample of an exhaustive search is a repro file: it replays on the real code,
//! can be edited, and becomes shorter by shrinking.

use crate::arguments;
use crate::common::{Folder, kv, omnisim, scenario, scenario_path};
use omnisim::explore::{Limits, Player, Progress};
use std::path::{Path, PathBuf};

const BROKEN: [&str; 4] = [
    "forgotten_promise",
    "retried_write_without_dedup",
    "stale_read",
    "two_voices",
];

/// Lets `model` write the repro file of a scenario's shortest counterexample.
fn found(folder: &Folder, name: &str) -> PathBuf {
    let path = scenario_path(&format!("model/{name}"));
    let said = omnisim(arguments!["model", path, "--out", folder.path()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let repro = folder.path().join(format!("{name}-schedule.repro.toml"));
    let replay = format!("replay {}", repro.display());
    assert!(said.out.contains(&replay), "{}", said.out);
    repro
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).expect("it was written");
    assert!(text.contains(from), "{from:?} is not in {text}");
    std::fs::write(path, text.replacen(from, to, 1)).expect("it can be written");
}

fn player(name: &str) -> Player {
    let player = kv().player(&scenario(&format!("model/{name}")), &Limits::default());
    player.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_schedule_that_was_found_breaks_the_same_when_it_is_taken_line_by_line() {
    for name in BROKEN {
        let limits = Limits {
            threads: 1,
            ..Limits::default()
        };
        let scenario = scenario(&format!("model/{name}"));
        let explored = kv().explore(&scenario, &limits, &mut |_: Progress| {});
        let explored = explored.expect("the scenario suits the system");
        let lines = explored.schedule.iter().map(|step| step.line.clone());
        let played = player(name).play(&lines.collect::<Vec<_>>());
        let played = played.expect("these are lines");
        assert_eq!(played.violation, explored.violation, "{name}");
        assert_eq!(played.schedule, explored.schedule, "{name}");
        assert_eq!(played.digest, explored.digest, "{name}");
        assert!(played.passed_over.is_empty(), "{name}");
    }
}

#[test]
fn replay_shows_the_violation_again_and_exits_as_for_any_other() {
    let folder = Folder::new();
    let repro = found(&folder, "stale_read");
    let said = omnisim(arguments!["replay", repro]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""), "{said:?}");
    let headline = "VIOLATION linearizability, reproduced: ";
    assert!(said.out.contains(headline), "{said:?}");
    assert!(!said.out.contains("applies 1"), "{said:?}");
    let said = omnisim(arguments!["replay", repro, "--trace"]);
    assert!(said.out.contains("r1 applies 1: c1#1 put"), "{said:?}");
    let said = omnisim(arguments!["replay", repro, "--format", "json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let object = said.objects().remove(0);
    assert_eq!(object["verdict"], "violation");
    assert_eq!(object["violation"]["check"], "linearizability");
    assert_eq!(object["actions"][1], "attempt r1");
}

#[test]
fn a_violation_that_the_file_does_not_tell_of_is_not_reproduced_in_any_format_and_not_shrunk() {
    let folder = Folder::new();
    let repro = found(&folder, "stale_read");
    edit(
        &repro,
        "check = \"linearizability\"",
        "check = \"agreement\"",
    );
    for (format, says) in [
        ("text", "VIOLATION linearizability, not reproduced: "),
        ("json", "\"ended\":\"not_reproduced\""),
        ("junit", "type=\"not reproduced\""),
    ] {
        let said = omnisim(arguments!["replay", repro, "--format", format]);
        assert_eq!(said.code, Some(5), "{said:?}");
        assert!(said.out.contains(says), "{}", said.out);
    }
    let said = omnisim(arguments!["shrink", repro, "--out", folder.path()]);
    assert_eq!((said.code, said.out.as_str()), (Some(5), ""), "{said:?}");
    said.complains(&["does not show the violation of agreement that its repro tells of"]);
    let small = |name: &String| name.contains(".small.");
    assert!(!folder.names().iter().any(small), "{:?}", folder.names());
}

#[test]
fn model_names_the_repro_file_in_its_object() {
    let folder = Folder::new();
    let path = scenario_path("model/two_voices");
    let out = folder.path();
    let said = omnisim(arguments!["model", path, "--out", out, "--format", "json"]);
    let object = said.objects().remove(0);
    let repro = object["repro"].as_str().expect("something was broken");
    assert!(Path::new(repro).is_file(), "{repro}");
    let said = omnisim(arguments!["replay", repro, "--format", "json"]);
    assert_eq!(said.objects()[0]["digest"], object["digest"]);
}

#[test]
fn a_line_that_cannot_happen_is_passed_over_and_said_with_what_could() {
    let folder = Folder::new();
    let repro = found(&folder, "stale_read");
    edit(&repro, "\"attempt r1\",", "\"attempt r1\", \"crash r1\",");
    let said = omnisim(arguments!["replay", repro]);
    assert_eq!(said.code, Some(1), "what follows breaks it all the same");
    said.complains(&["line 3 of the schedule: \"crash r1\" cannot happen here; what can: "]);
}

#[test]
fn a_schedule_that_does_not_break_any_more_does_not_reproduce() {
    let folder = Folder::new();
    let repro = found(&folder, "stale_read");
    edit(&repro, "\"deliver r2>r1 Accepted\",", "");
    let said = omnisim(arguments!["replay", repro]);
    assert_eq!(said.code, Some(5), "{said:?}");
    said.complains(&["the violation of linearizability does not come"]);
}

#[test]
fn lines_that_are_none_are_told_with_their_place_and_what_would_be_right() {
    let folder = Folder::new();
    let repro = found(&folder, "stale_read");
    let whole = std::fs::read_to_string(&repro).expect("it was written");
    for (from, to, complaint) in [
        ("attempt r1", "attempts r1", "\"attempts r1\" is no action"),
        (
            "attempt r1",
            "attempt r4",
            "there is no replica 4: they are r1 to r3",
        ),
        (
            "ask c2#1",
            "ask c2#2",
            "there is no command c2#2: they are c1#1, c2#1",
        ),
        (
            "r1>r2 Prepare",
            "r1>r2 prepare",
            "\"prepare\" is no kind of message; they are",
        ),
        (
            "r1>r2 Prepare",
            "r1>r2 prepare",
            "did you mean \"Prepare\"?",
        ),
        ("\"attempt r1\"", "7", "wrong type"),
        ("digest = \"0x", "digest = \"", "is no digest"),
    ] {
        std::fs::write(&repro, whole.replacen(from, to, 1)).expect("it can be written");
        for command in ["replay", "shrink"] {
            let said = omnisim(arguments![command, repro]);
            assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
            said.complains(&["stale_read-schedule.repro.toml:", complaint]);
        }
    }
    std::fs::write(&repro, &whole).expect("it can be written");
    let said = omnisim(arguments!["replay", repro, "--until", "1s"]);
    assert_eq!(said.code, Some(2), "a schedule knows no time: {said:?}");
    let said = omnisim(arguments!["replay", repro, "--picture", "picture.svg"]);
    assert_eq!(said.code, Some(2), "it is not drawn: {said:?}");
}

#[test]
fn shrinking_takes_away_what_the_violation_can_do_without_and_nothing_else() {
    let folder = Folder::new();
    let repro = found(&folder, "stale_read");
    // What replica 3 hears makes no difference.
    edit(
        &repro,
        "\"deliver r2>r1 Promise\",",
        "\"deliver r1>r3 Prepare\", \"deliver r2>r1 Promise\", \"deliver r3>r1 Promise\",",
    );
    edit(
        &repro,
        "\"deliver r2>r1 Accepted\",",
        "\"deliver r1>r3 AcceptSync\", \"deliver r3>r1 Accepted\", \"deliver r2>r1 Accepted\",",
    );
    let out = folder.path();
    let said = omnisim(arguments![
        "shrink", repro, "--out", out, "--format", "json"
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let object = said.objects().remove(0);
    assert_eq!(object["actions_before"], 11);
    assert_eq!(object["actions_after"], 7);
    assert_eq!(object["complete"], true);
    let small = object["repro"].as_str().expect("it is written");
    let said = omnisim(arguments!["replay", small]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""), "{said:?}");
}

#[test]
fn no_single_action_of_a_shortest_schedule_can_be_taken_away() {
    for name in BROKEN {
        let folder = Folder::new();
        let repro = found(&folder, name);
        let out = folder.path();
        let said = omnisim(arguments![
            "shrink", repro, "--out", out, "--format", "json"
        ]);
        let object = said.objects().remove(0);
        assert_eq!(
            object["actions_before"], object["actions_after"],
            "{name}: breadth first finds a shortest"
        );
    }
}

#[test]
fn a_hunt_looks_at_schedules_that_were_found_before_too() {
    let folder = Folder::new();
    let repro = found(&folder, "two_voices");
    let out = folder.path();
    let said = omnisim(arguments!["hunt", "--seeds", "0..1", "--out", out]);
    assert_eq!(said.code, Some(0), "its scenario expects it: {said:?}");
    said.complains(&["1 repro file left out, of violations that their scenarios expect"]);
    edit(&repro, "violates = [\"one_voice\"]", "");
    let said = omnisim(arguments!["hunt", "--seeds", "0..1", "--out", out]);
    assert_eq!(said.code, Some(1), "nobody expects it: {said:?}");
    said.complains(&["two_voices-schedule.repro.toml: still shows one_voice, step for step"]);
}
