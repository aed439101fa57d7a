//! The program of one's own runs what comes with omnisim: scenarios that name no system are
//! about its only one, and bugs are planted in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lock_service"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shipped");
    command
        .args(arguments)
        .arg("--quiet")
        .current_dir(scenarios());
    if arguments[0] != "bugs" {
        command.arg("--out").arg(out);
    }
    command.output().expect("it was built")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn scenarios_that_name_no_system_are_about_the_only_one() {
    let folders = ["smoke", "network", "partial_connectivity"];
    let said = program(&[&["run"], &folders[..], &["--seeds", "0..2"]].concat());
    assert_eq!(said.status.code(), Some(0), "{}", text(&said));
    let json = program(&["run", "smoke/hello.toml", "--seed", "1", "--format", "json"]);
    assert!(
        text(&json).contains("\"scenario\":\"hello\""),
        "{}",
        text(&json)
    );
}

#[test]
fn a_repro_names_the_system_that_ran() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shipped");
    let said = program(&["run", "smoke/hello.toml", "--seed", "1", "--save"]);
    assert_eq!(said.status.code(), Some(0), "{}", text(&said));
    let repro = std::fs::read_to_string(out.join("hello-1.repro.toml"));
    let repro = repro.expect("it was saved");
    assert!(repro.contains("system = \"lock_service\""), "{repro}");
}

#[test]
fn a_system_that_is_named_and_not_there_is_replaced_only_when_asked_for() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("named.toml");
    let scenario = "[cluster]\nsystem = \"kv\"\n[workload]\nphases = [{ duration = \"1s\" }]\n";
    std::fs::write(&file, scenario).expect("it can be written");
    let file = file.to_str().expect("it is text");
    let said = program(&["run", file, "--seed", "1"]);
    assert_eq!(said.status.code(), Some(2), "{}", text(&said));
    assert!(
        text(&said).contains("it has lock_service"),
        "{}",
        text(&said)
    );
    let asked = program(&["run", file, "--seed", "1", "--system", "lock_service"]);
    assert_eq!(asked.status.code(), Some(0), "{}", text(&asked));
}

#[test]
fn planted_bugs_are_hunted_in_it() {
    let said = program(&["bugs", "quorum-off-by-one", "--hunts", "1"]);
    assert_eq!(said.status.code(), Some(0), "{}", text(&said));
}
