//! What a run leaves behind leads back to it: repro files and histories.

mod compared;
mod decisions;

use std::path::{Path, PathBuf};

use crate::arguments;
use crate::common::{Folder, Said, omnisim, run, scenario, scenario_path};
use omnisim::repro::Repro;
use omnisim::world::{RunOptions, Verdict};

const FLAWS: [&str; 3] = ["amnesia", "local_reads", "retry_without_dedup"];

/// The first seed in which a known flaw shows.
fn flawed_seed(name: &str) -> u64 {
    let scenario = scenario(&format!("known_flaws/{name}"));
    (0..scenario.check.seeds)
        .find(|seed| run(&scenario, *seed, RunOptions::default()).verdict == Verdict::Violation)
        .unwrap_or_else(|| panic!("{name} shows in none of its seeds"))
}

/// Runs one seed of a known flaw; its repro is in `out`.
fn flawed_repro(name: &str, out: &Folder) -> (PathBuf, Said) {
    let seed = flawed_seed(name);
    let path = scenario_path(&format!("known_flaws/{name}"));
    let said = omnisim(arguments![
        "run",
        path,
        "--seed",
        seed.to_string(),
        "--save",
        "--out",
        out.path()
    ]);
    (out.path().join(format!("{name}-{seed}.repro.toml")), said)
}

/// A repro of a run that passes.
fn passing_repro(out: &Folder) -> PathBuf {
    let path = scenario_path("smoke/hello");
    let said = omnisim(arguments![
        "run",
        path,
        "--seed",
        "1",
        "--save",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    out.path().join("hello-1.repro.toml")
}

fn replay(repro: &Path) -> Said {
    omnisim(arguments!["replay", repro])
}

fn replayed_object(repro: &Path) -> serde_json::Value {
    let said = omnisim(arguments!["replay", "--format", "json", repro]);
    let mut objects = said.objects();
    assert_eq!(objects.len(), 1, "{said:?}");
    objects.remove(0)
}

/// Writes the repro again with one passage changed.
fn edited(repro: &Path, from: &str, to: &str) -> PathBuf {
    let text = std::fs::read_to_string(repro).expect("the repro is there");
    assert_eq!(
        text.matches(from).count(),
        1,
        "{from:?} is there once in:\n{text}"
    );
    let path = repro.with_file_name("edited.repro.toml");
    std::fs::write(&path, text.replace(from, to)).expect("the folder can be written");
    path
}

fn seed_of(repro: &Path) -> u64 {
    let repro = Repro::load(repro).expect("it can be read");
    repro.run().expect("it is of a run").seed
}

fn digest_line(repro: &Path) -> String {
    let repro = Repro::load(repro).expect("it is a repro");
    format!("digest = {:?}", repro.digest.expect("nobody changed it"))
}

#[test]
fn a_known_flaw_leaves_a_repro_that_shows_it_again_with_the_same_digest() {
    for name in FLAWS {
        let out = Folder::new();
        let (path, said) = flawed_repro(name, &out);
        assert!(
            matches!(said.code, Some(0 | 3)),
            "the violation is expected: {said:?}"
        );
        assert!(
            said.out
                .contains(&format!("omnisim replay {}", path.display())),
            "{}",
            said.out
        );

        let repro = Repro::load(&path).expect("the repro can be read");
        let wanted = repro.violation.as_ref().expect("it shows a violation");
        let digest = repro.digest.as_deref().expect("it says how it went");
        let again = replay(&path);
        assert_eq!(again.code, Some(1), "{again:?}");
        assert!(again.err.is_empty(), "{}", again.err);
        assert!(again.out.contains("VIOLATION, reproduced"), "{}", again.out);
        assert!(
            again.out.contains(digest) && again.out.contains(&wanted.check),
            "{}",
            again.out
        );
        assert_eq!(replayed_object(&path)["digest"], *digest);
    }
}

#[test]
fn the_history_beside_a_repro_holds_the_operations_of_its_run() {
    let out = Folder::new();
    let (path, _) = flawed_repro("local_reads", &out);
    let history = out
        .path()
        .join(format!("local_reads-{}.history.jsonl", seed_of(&path)));
    let said = omnisim(arguments![
        "check", history, "--model", "kv", "--format", "json"
    ]);
    assert_eq!(
        said.code,
        Some(1),
        "local reads are not linearizable: {said:?}"
    );
    let operations = &replayed_object(&path)["operations"];
    let invoked =
        operations["ok"].as_u64().expect("a count") + operations["info"].as_u64().expect("a count");
    assert_eq!(said.objects()[0]["operations"], invoked);
}

#[test]
fn a_saved_run_that_passed_replays_and_passes() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    assert_eq!(
        out.names(),
        [
            "hello-1.history.jsonl",
            "hello-1.observations.jsonl",
            "hello-1.repro.toml"
        ]
    );
    let said = replay(&repro);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let check = omnisim(arguments![
        "check",
        "--model",
        "kv",
        out.path().join("hello-1.history.jsonl")
    ]);
    assert_eq!(check.code, Some(0), "{check:?}");
}

#[test]
fn a_replay_until_before_the_violation_ends_there_in_peace() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    let said = omnisim(arguments!["replay", repro, "--until", "20ms"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(
        said.out.contains("what only the end shows is not judged"),
        "{}",
        said.out
    );
    let json = arguments!["replay", repro, "--until", "20ms", "--format", "json"];
    assert_eq!(omnisim(json).objects()[0]["cut_short"], true);
    assert_eq!(replayed_object(&repro)["cut_short"], false);
}

#[test]
fn a_trace_beside_json_goes_to_standard_error() {
    let path = scenario_path("smoke/hello");
    let json = ["--seed", "1", "--until", "200ms", "--format", "json"];
    let traced = arguments!["replay", path, "--trace"];
    let said = omnisim(traced.iter().chain(&json.map(Into::into)));
    assert_eq!((said.code, said.objects().len()), (Some(0), 1), "{said:?}");
    let text = omnisim(
        traced
            .iter()
            .chain(&json[..4].iter().map(Into::into).collect::<Vec<_>>()),
    );
    assert!(said.err.lines().count() > 100, "{}", said.err);
    assert!(text.out.starts_with(&said.err), "the same lines");
}

#[test]
fn a_run_that_passed_and_now_violates_is_not_reproduced() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("local_reads", &out);
    let text = std::fs::read_to_string(&repro).expect("the repro is there");
    let (before, rest) = text.split_once("[violation]").expect("it shows one");
    let (_, after) = rest
        .split_once("[build]")
        .expect("it says what it was built from");
    let passed = out.write("passed.repro.toml", &format!("{before}[build]{after}"));
    let said = replay(&passed);
    assert_eq!(said.code, Some(5), "{said:?}");
    said.complains(&["the repro of a run that passed"]);
    assert!(!said.out.contains("expected"), "{}", said.out);
}

#[test]
fn a_trace_has_a_line_for_every_step_in_the_order_of_time() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let said = omnisim(arguments![
        "replay", repro, "--trace", "--all", "--until", "500ms"
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let time = |line: &str| {
        line.trim_start()
            .split_once("s  ")
            .and_then(|(time, _)| time.parse::<f64>().ok())
    };
    let times: Vec<_> = said.out.lines().map_while(time).collect();
    assert!(times.len() > 200, "{}", said.out);
    assert!(times.is_sorted(), "time goes on");
    assert!(
        said.out.contains("r1") && said.out.contains("c1"),
        "replicas and clients are told of"
    );
}

#[test]
fn a_trace_leaves_heartbeats_out_unless_they_are_asked_for() {
    let path = scenario_path("smoke/hello");
    let traced = |more: &[&str]| {
        let mut arguments = arguments!["replay", path, "--seed", "1", "--trace"].to_vec();
        arguments.extend(more.iter().map(Into::into));
        omnisim(arguments).out
    };
    let (telling, all) = (traced(&[]), traced(&["--all"]));
    assert!(!telling.contains("Heartbeat") && all.contains("HeartbeatReply"));
    assert!(
        telling.contains("Prepare (1 of 3): accepted (0 of 0) up to 0"),
        "{telling}"
    );
}

#[test]
fn a_scenario_with_a_seed_replays_like_its_run() {
    let path = scenario_path("smoke/hello");
    let said = omnisim(arguments![
        "replay", path, "--seed", "0x1", "--format", "json"
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let digest = run(&scenario("smoke/hello"), 1, RunOptions::default()).digest;
    assert_eq!(said.objects()[0]["digest"], format!("{digest:#018x}"));
}
