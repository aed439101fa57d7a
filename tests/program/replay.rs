//! What a run leaves behind leads back to it: repro files and histories.

use std::path::{Path, PathBuf};

use crate::arguments;
use crate::common::{Folder, Said, omnisim, run, scenario, scenario_path};
use omnisim::decision::{Kept, Plan, Site};
use omnisim::repro::{Build, Repro};
use omnisim::world::{RunOptions, Verdict};

/// Whether the first operation of client 1 is issued; question 0 of its stream is when.
const FIRST_OPERATION: &str = "operation/c1.1/1";

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

#[test]
fn a_flaw_does_not_show_when_every_decision_is_boring() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    let boring = edited(&repro, "keep = \"all\"", "keep = []");
    let said = replay(&boring);
    assert_eq!(said.code, Some(5), "{said:?}");
    said.complains(&["the violation of agreement does not come"]);
    assert!(said.out.contains("PASS, not reproduced"), "{said:?}");
    let object = replayed_object(&boring);
    assert_eq!(
        object["faults"],
        serde_json::json!({}),
        "nothing goes wrong"
    );
    assert_eq!(object["verdict"], "pass");
}

#[test]
fn a_kept_operation_is_the_only_one_issued_and_is_the_seeded_one() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let operations = |path: &Path| {
        let operations = &replayed_object(path)["operations"];
        operations["ok"].as_u64().expect("a count") + operations["info"].as_u64().expect("a count")
    };
    let none = operations(&edited(&repro, "keep = \"all\"", "keep = []"));
    let one = operations(&edited(
        &repro,
        "keep = \"all\"",
        &format!("keep = [{FIRST_OPERATION:?}]"),
    ));
    assert_eq!(one, none + 1, "the others are probes of the settle phase");
}

#[test]
fn an_answer_set_by_hand_is_honoured() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let boring = edited(&repro, "keep = \"all\"", "keep = []");
    let none = replayed_object(&boring)["operations"]["ok"]
        .as_u64()
        .expect("a count");
    let set = edited(
        &repro,
        "keep = \"all\"",
        "keep = []\nset = { \"operation/c1.1/1\" = 1, \"operation/c2.1/1\" = 1 }",
    );
    let two = replayed_object(&set)["operations"]["ok"]
        .as_u64()
        .expect("a count");
    assert_eq!(two, none + 2);

    // The same through the library, and the other way round: an operation is taken away.
    let site = Site::parse(FIRST_OPERATION).expect("it is a site");
    let plan = Plan {
        kept: Kept::All,
        set: [(site, 0)].into(),
    };
    let options = RunOptions {
        plan,
        keep_history: true,
        ..RunOptions::default()
    };
    let history = run(&scenario("smoke/hello"), 1, options)
        .history
        .expect("it was kept");
    let whole = RunOptions {
        keep_history: true,
        ..RunOptions::default()
    };
    let whole = run(&scenario("smoke/hello"), 1, whole)
        .history
        .expect("it was kept");
    let of_client_1 = |history: &[String]| {
        history
            .iter()
            .filter(|line| line.contains("\"client\":1,"))
            .count()
    };
    assert_eq!(of_client_1(&history) + 1, of_client_1(&whole));
}

#[test]
fn an_answer_for_a_site_that_is_never_asked_changes_nothing() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    let set = edited(
        &repro,
        "keep = \"all\"",
        "keep = \"all\"\nset = { \"loss/nowhere/7\" = 1 }",
    );
    let said = replay(&set);
    assert_eq!(said.code, Some(0));
    assert!(
        said.out
            .contains("loss/nowhere/7 changed nothing: it was never asked"),
        "{}",
        said.out
    );
    assert!(!replay(&repro).out.contains("never asked"));
}

#[test]
fn a_malformed_site_is_refused_with_its_right_form() {
    let out = Folder::new();
    let repro = passing_repro(&out);
    for (decisions, key) in [
        ("keep = [\"loss\"]", "decisions.keep: "),
        (
            "keep = \"all\"\nset = { \"loss\" = 1 }",
            "decisions.set.loss: ",
        ),
    ] {
        let said = replay(&edited(&repro, "keep = \"all\"", decisions));
        assert_eq!(said.code, Some(2), "{said:?}");
        said.complains(&["kind/scope/number", key]);
    }
    let said = replay(&edited(&repro, "keep = \"all\"", "keep = 3"));
    said.complains(&["decisions.keep: write keep = \"all\""]);
}

#[test]
fn a_repro_that_says_what_cannot_be_is_refused_at_its_line() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    for (from, to, message) in [
        (
            digest_line(&repro),
            "digest = \"a lot\"",
            ":4: digest: \"a lot\" is no digest: write 0x and 16 lower-case hexadecimal digits",
        ),
        (
            "check = \"agreement\"".to_owned(),
            "check = \"sanity\"",
            ":7: violation.check: there is no check \"sanity\"; the checks are",
        ),
    ] {
        let said = replay(&edited(&repro, &from, to));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[message]);
    }
}

#[test]
fn a_digest_that_the_same_build_does_not_give_is_not_reproduced() {
    let out = Folder::new();
    for repro in [passing_repro(&out), flawed_repro("amnesia", &out).0] {
        let altered = edited(
            &repro,
            &digest_line(&repro),
            "digest = \"0x0000000000000001\"",
        );
        let said = replay(&altered);
        assert_eq!(said.code, Some(5), "{said:?}");
        said.complains(&["not 0x0000000000000001"]);
        let headline = said.out.lines().next().unwrap_or_default();
        assert!(headline.contains("not"), "the headline agrees: {headline}");
    }
}

#[test]
fn what_is_replayed_alone_is_a_document_of_every_format() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    for (format, begins) in [("json", "{"), ("junit", "<?xml")] {
        let said = omnisim(arguments!["replay", repro, "--format", format]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.out.starts_with(begins), "{said:?}");
    }
}

#[test]
fn an_edited_repro_without_its_digest_is_judged_by_its_violation_alone() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("local_reads", &out);
    let edited = edited(&repro, &digest_line(&repro), "");
    let said = replay(&edited);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(said.err, "", "there is nothing to remark");
}

#[test]
fn another_build_may_take_other_steps_as_long_as_the_violation_comes() {
    let out = Folder::new();
    let (repro, _) = flawed_repro("amnesia", &out);
    let other = edited(
        &repro,
        &digest_line(&repro),
        "digest = \"0x0000000000000001\"",
    );
    let version = format!("omnisim = {:?}", Build::current().omnisim);
    let said = replay(&edited(&other, &version, "omnisim = \"0.0.1\""));
    assert_eq!(said.code, Some(1), "{said:?}");
    said.complains(&["made by another build", "0.0.1"]);
}

#[test]
fn a_repro_of_one_seed_is_not_replayed_with_another() {
    let out = Folder::new();
    let said = omnisim(arguments!["replay", passing_repro(&out), "--seed", "2"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["seed 1"]);
}

#[test]
fn a_seed_beyond_the_integers_of_toml_survives_its_repro() {
    let out = Folder::new();
    let path = scenario_path("smoke/quiet");
    let seed = u64::MAX.to_string();
    let said = omnisim(arguments![
        "run",
        path,
        "--seed",
        seed,
        "--save",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let repro = out.path().join(format!("quiet-{seed}.repro.toml"));
    assert_eq!(seed_of(&repro), u64::MAX);
    assert_eq!(replay(&repro).code, Some(0));
}
