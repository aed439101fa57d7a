//! What scripts rely on: JSON, and what goes where.

use crate::arguments;
use crate::common::{Folder, Said, omnisim, scenario_path};

#[test]
fn a_folder_is_run_as_all_its_scenarios_with_their_own_seeds() {
    let out = Folder::new();
    let said = omnisim(arguments![
        "run",
        crate::common::package().join("scenarios/smoke"),
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
    let said = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seed",
        "1"
    ]);
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
            scenario_path("smoke/hello"),
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
    let many = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seeds",
        "0..2",
        "--verify"
    ]);
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
fn one_run_is_one_object_with_the_promised_fields() {
    let said = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
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
    let files = crate::common::files(&crate::common::package().join("scenarios"), "toml");
    assert_eq!((list.code, list.objects().len()), (Some(0), files.len()));
}

#[test]
fn quiet_says_the_same_on_standard_output_and_nothing_else() {
    let digest = |said: &Said| said.objects()[0]["digest"].clone();
    let loud = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seed",
        "1",
        "--format",
        "json"
    ]);
    let quiet = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
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
