//! What scripts rely on: exit codes, JSON, what goes to which stream.

mod common;

use common::{Folder, Said, omnisim, program, scenario_path};

fn hello() -> std::path::PathBuf {
    scenario_path("smoke/hello")
}

#[test]
fn a_folder_is_run_as_all_its_scenarios_with_their_own_seeds() {
    let out = Folder::new();
    let said = omnisim(arguments![
        "run",
        common::package().join("scenarios/smoke"),
        "--out",
        out.path()
    ]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let lines: Vec<_> = said.out.lines().collect();
    let (hello, quiet) = (lines[0], lines[1]);
    assert!(
        hello.starts_with("ok hello") && hello.contains("10 seeds"),
        "{hello}"
    );
    assert!(
        quiet.starts_with("ok quiet") && quiet.contains("10 seeds"),
        "{quiet}"
    );
    assert!(
        out.names().is_empty(),
        "runs that pass leave nothing behind"
    );
    let last = lines[lines.len() - 1];
    let all =
        "2 scenarios, 20 seeds: all as expected; 2 seeds run twice with the same steps; took ";
    assert!(last.starts_with(all), "{last}");
}

#[test]
fn a_single_run_is_told_in_detail() {
    let said = omnisim(arguments!["run", hello(), "--seed", "1"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for row in [
        "about", "contract", "faults", "clients", "cluster", "messages", "checks", "digest",
    ] {
        assert!(
            said.out.contains(&format!("\n  {row} ")),
            "{row} is missing:\n{}",
            said.out
        );
    }
    assert!(
        said.out.lines().all(|line| line.chars().count() <= 110),
        "{}",
        said.out
    );
}

#[test]
fn a_seed_that_was_run_twice_says_so() {
    let run = |format| {
        omnisim(arguments![
            "run",
            hello(),
            "--seed",
            "1",
            "--verify",
            "--format",
            format
        ])
    };
    let text = run("text");
    assert!(text.out.contains("run twice: the same "), "{}", text.out);
    assert_eq!(run("json").objects()[0]["verified"], true);
    let many = omnisim(arguments!["run", hello(), "--seeds", "0..2", "--verify"]);
    assert!(
        many.out
            .contains("(2 seeds, each run twice with the same steps, "),
        "{}",
        many.out
    );
}

#[test]
fn by_default_the_first_seed_and_every_64th_is_run_twice_and_a_flag_says_otherwise() {
    let texts = Folder::new();
    let short =
        "[workload]\nphases = [{ duration = \"100ms\" }]\n[check]\nsettle = { bound = \"1s\" }\n";
    let quiet = texts.write("short.toml", short);
    let verified = |more: &[&str]| {
        let mut arguments =
            arguments!["run", quiet, "--seeds", "7..80", "--format", "json"].to_vec();
        arguments.extend(more.iter().map(Into::into));
        let said = omnisim(arguments);
        assert_eq!(said.code, Some(0), "{said:?}");
        let twice = |run: &serde_json::Value| run["verified"] == true;
        let runs = said.objects().into_iter().filter(twice);
        runs.map(|run| run["seed"].as_u64().expect("a seed"))
            .collect::<Vec<_>>()
    };
    assert_eq!(verified(&[]), [7, 71]);
    assert_eq!(verified(&["--jobs", "2", "--verify=sample"]), [7, 71]);
    assert_eq!(verified(&["--verify=none"]), [0; 0]);
    assert_eq!(verified(&["--verify"]).len(), 73);
}

#[test]
fn a_violation_that_only_the_end_shows_is_said_to_be_seen_at_the_end() {
    let out = Folder::new();
    let seen = |name: &str| {
        let path = scenario_path(&format!("known_flaws/{name}"));
        let run = arguments!["run", path, "--out", out.path(), "--seed", "7"];
        let said = omnisim(run);
        said.out
            .lines()
            .filter(|line| line.starts_with("violation of "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let at_end = seen("local_reads");
    assert_eq!(at_end.len(), 2, "{at_end:?}");
    assert!(
        at_end
            .iter()
            .all(|line| line.contains("seed 7, at the end, 17.4 s: ")),
        "{at_end:?}"
    );
    let at_once = seen("amnesia");
    assert!(at_once[0].contains("seed 7, after "), "{at_once:?}");
}

#[test]
fn files_of_scenarios_of_the_same_name_are_told_apart_by_their_folders() {
    let (texts, out) = (Folder::new(), Folder::new());
    let text = "[workload]\nphases = [{ duration = \"1s\" }]\n";
    for folder in ["one", "two"] {
        std::fs::create_dir(texts.path().join(folder)).expect("a folder can be made");
        texts.write(&format!("{folder}/same.toml"), text);
    }
    texts.write("other.toml", text);
    let said = omnisim(arguments![
        "run",
        texts.path(),
        "--seed",
        "1",
        "--save",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let repros: Vec<_> = out
        .names()
        .into_iter()
        .filter(|name| name.ends_with(".repro.toml"))
        .collect();
    assert_eq!(
        repros,
        [
            "one-same-1.repro.toml",
            "other-1.repro.toml",
            "two-same-1.repro.toml"
        ]
    );
}

#[test]
fn a_failure_is_told_once_and_one_seed_is_one() {
    let texts = Folder::new();
    let text = std::fs::read_to_string(scenario_path("known_flaws/local_reads"));
    let text = text.expect("it is there");
    let (tables, _) = text.split_once("[check]").expect("it says what it expects");
    let surprising = texts.write("surprising.toml", tables);
    let said = omnisim(arguments![
        "run",
        surprising,
        "--seeds",
        "7..8",
        "--out",
        texts.path()
    ]);
    let failed = said.out.lines().last().expect("there is a verdict");
    assert!(
        failed.starts_with("FAILED surprising: ") && failed.ends_with(" failed in seed 7"),
        "{failed}"
    );
    let quiet = scenario_path("smoke/quiet");
    let both = omnisim(arguments!["run", hello(), quiet, "--seed", "1"]);
    assert!(both.out.contains("(1 seed, "), "{}", both.out);
}

#[test]
fn an_unexpected_violation_ends_with_1_and_is_told_with_its_repro() {
    let (out, texts) = (Folder::new(), Folder::new());
    let text =
        std::fs::read_to_string(scenario_path("known_flaws/local_reads")).expect("it is there");
    let (tables, _) = text.split_once("[check]").expect("it says what it expects");
    let surprising = texts.write("surprising.toml", tables);
    let said = omnisim(arguments![
        "run",
        surprising,
        "--seeds",
        "0..3",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("FAILED surprising"), "{}", said.out);
    assert!(
        said.out.contains("violation of ") && said.out.contains("omnisim replay "),
        "{}",
        said.out
    );
    let names = out.names();
    assert!(
        names.iter().any(|name| name.ends_with(".repro.toml")),
        "{names:?}"
    );
    assert!(
        names.iter().any(|name| name.ends_with(".history.jsonl")),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.ends_with(".tmp")),
        "{names:?}"
    );
}

#[test]
fn an_expected_violation_that_does_not_come_in_all_its_seeds_ends_with_1_and_in_fewer_with_3() {
    let texts = Folder::new();
    let text = "[check]\nexpect = \"violation\"\nviolates = [\"agreement\"]\nseeds = 3\n";
    let promising = texts.write("promising.toml", text);
    let all = omnisim(arguments!["run", promising, "--out", texts.path()]);
    assert_eq!(all.code, Some(1), "{all:?}");
    let fewer = omnisim(arguments![
        "run",
        promising,
        "--seeds",
        "0..2",
        "--out",
        texts.path()
    ]);
    assert_eq!(fewer.code, Some(3), "{fewer:?}");
    assert!(fewer.out.contains("promised within 3"), "{}", fewer.out);
}

#[test]
fn a_required_event_that_never_occurs_ends_with_3() {
    let texts = Folder::new();
    let text = "[workload]\nphases = [{ duration = \"1s\" }]\n[check]\nrequire = [\"restart\"]\n";
    let said = omnisim(arguments!["run", texts.write("vacuous.toml", text)]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(
        said.out
            .contains("INCOMPLETE vacuous: restart never occurred"),
        "{}",
        said.out
    );
}

#[test]
fn a_search_that_reaches_its_budget_is_unknown_and_ends_with_3() {
    let texts = Folder::new();
    let text = "[workload]\nclients = 6\nphases = [{ duration = \"2s\", requests_per_sec = 50 }]\n\
                mix = { append = 1 }\n[check]\nsearch_steps = 1\n";
    let path = texts.write("exhausted.toml", text);
    let said = omnisim(arguments![
        "run",
        path,
        "--format",
        "json",
        "--out",
        texts.path()
    ]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert_eq!(said.objects()[0]["verdict"], "unknown");
}

#[test]
fn one_run_is_one_object_with_the_promised_fields() {
    let said = omnisim(arguments![
        "run",
        hello(),
        "--seeds",
        "3..5",
        "--format",
        "json"
    ]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let runs = said.objects();
    assert_eq!(
        [&runs[0]["seed"], &runs[1]["seed"]],
        [3, 4],
        "in the order of seeds"
    );
    let run = &runs[0];
    for field in [
        "scenario",
        "seed",
        "verdict",
        "expected",
        "contract",
        "violations",
        "checks",
        "faults",
        "digest",
        "events",
        "messages",
        "operations",
        "decided",
        "leader_changes",
        "simulated_ns",
        "wall_ns",
        "build",
        "replay",
    ] {
        assert!(run.get(field).is_some(), "{field} is missing: {run}");
    }
    for (object, fields) in [
        (
            "messages",
            &["sent", "delivered", "dropped", "duplicated"][..],
        ),
        ("operations", &["ok", "fail", "info"]),
    ] {
        for field in fields {
            assert!(run[object][field].is_u64(), "{object}.{field}: {run}");
        }
    }
    assert_eq!(
        (&run["scenario"], &run["verdict"]),
        (&"hello".into(), &"pass".into())
    );
    assert_eq!(
        run["faults"],
        serde_json::json!({ "crash": 1, "isolate": 1 })
    );
    assert!(
        run["checks"]
            .as_array()
            .is_some_and(|checks| checks.iter().all(|check| check["name"].is_string()))
    );
    assert!(
        run["events"].as_u64() > Some(1_000) && run["operations"]["ok"].as_u64() > Some(100),
        "{run}"
    );
    let digest = run["digest"].as_str().expect("a digest is text");
    assert!(digest.starts_with("0x") && digest.len() == 18, "{digest}");
}

#[test]
fn a_violation_in_json_says_what_when_who_and_whether_in_contract() {
    let out = Folder::new();
    let path = scenario_path("known_flaws/amnesia");
    let said = omnisim(arguments![
        "run",
        path,
        "--format",
        "json",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let runs = said.objects();
    let run = runs
        .iter()
        .find(|run| run["verdict"] == "violation")
        .expect("the flaw shows");
    let violation = &run["violations"][0];
    assert_eq!(
        (&violation["check"], &violation["class"]),
        (&"agreement".into(), &"safety".into())
    );
    assert_eq!(
        violation["in_contract"], false,
        "amnesia is outside what the library is written for"
    );
    assert!(
        violation["at_ns"].is_u64() && violation["replicas"].is_array(),
        "{violation}"
    );
    assert!(
        violation["message"]
            .as_str()
            .is_some_and(|message| message.contains("replica")),
        "{violation}"
    );
    assert_eq!(run["expected"], "violation");
    let replay = run["replay"].as_str().expect("a command");
    let again = std::process::Command::new("sh")
        .args(["-c", replay])
        .output();
    let again = Said::from(again.expect("there is a shell"));
    assert_eq!(again.code, Some(1), "{replay}");
}

#[test]
fn the_schema_is_json_and_the_list_names_every_scenario() {
    let schema = omnisim(["scenarios", "--schema"]);
    let parsed: serde_json::Value = serde_json::from_str(&schema.out).expect("a schema is JSON");
    assert!(parsed["properties"]["fault"].is_object());
    let list = omnisim(["scenarios", "--format", "json"]);
    let files = common::files(&common::package().join("scenarios"), "toml");
    assert_eq!((list.code, list.objects().len()), (Some(0), files.len()));
}

#[test]
fn quiet_says_the_same_on_standard_output_and_nothing_else() {
    let digest = |said: &Said| said.objects()[0]["digest"].clone();
    let loud = omnisim(arguments![
        "run",
        hello(),
        "--seed",
        "1",
        "--format",
        "json"
    ]);
    let quiet = omnisim(arguments![
        "run",
        hello(),
        "--seed",
        "1",
        "--format",
        "json",
        "--quiet"
    ]);
    assert_eq!(digest(&loud), digest(&quiet));
    assert_eq!((quiet.code, quiet.err.as_str()), (Some(0), ""));
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    use std::io::{BufRead, BufReader};
    let mut child = program(arguments![
        "run",
        hello(),
        "--seeds",
        "0..40",
        "--format",
        "json"
    ])
    .spawn()
    .expect("the program can be started");
    let mut line = String::new();
    let output = child.stdout.take().expect("it is piped");
    BufReader::new(output)
        .read_line(&mut line)
        .expect("there is a line");
    assert!(line.starts_with('{'), "{line}");
    let said: Said = child.wait_with_output().expect("it ends").into();
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
}

#[test]
fn a_passing_run_needs_no_folder_and_leaves_none() {
    let out = Folder::new();
    let file = out.write("file", "not a folder");
    for below in [file.join("below"), out.path().join("new/below")] {
        let said = omnisim(arguments!["run", hello(), "--seed", "1", "--out", below]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
        assert!(said.out.contains("PASS"), "{said:?}");
    }
    assert_eq!(out.names(), ["file"]);
}

#[test]
fn a_verdict_is_told_although_it_cannot_be_kept_and_the_flag_that_would_help_is_named() {
    let out = Folder::new();
    let below = out.write("file", "not a folder").join("below");
    let flaw = scenario_path("known_flaws/local_reads");
    let said = omnisim(arguments![
        "run", flaw, "--seeds", "0..3", "--save", "--out", below
    ]);
    assert_eq!(said.code, Some(74), "{said:?}");
    let verdict = "ok local_reads, applied_state in 3 of 3 seeds";
    assert!(said.out.contains(verdict), "{said:?}");
    let message = format!(
        "{}/local_reads-0.repro.toml: cannot be written",
        below.display()
    );
    said.complains(&[&message, "name another folder with --out"]);
    said.complains(&["3 runs could not be kept"]);
}

#[test]
fn what_a_seed_draws_is_printed_as_a_scenario_that_can_be_run() {
    let folder = Folder::new();
    let drawn = omnisim(["scenarios", "--swarm", "42"]);
    assert_eq!(drawn.code, Some(0), "{drawn:?}");
    let file = folder.write("drawn.toml", &drawn.out);
    let said = omnisim(arguments![
        "run",
        file,
        "--seed",
        "42",
        "--out",
        folder.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let unlimited = omnisim(["scenarios", "--swarm", "42", "--unlimited"]);
    assert_ne!(unlimited.out, drawn.out);
}
