//! What no scenario says is said beside it: which system a swarm is drawn for, and which one is
//! tried in every graph.

use std::path::Path;
use std::process::{Command, Output};

fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lock_service"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let command = command.args(arguments).current_dir(folder);
    command.output().expect("it was built")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_swarm_is_drawn_for_the_only_system_or_for_the_one_that_is_named() {
    let only = program(&["scenarios", "--swarm", "7"]);
    assert_eq!(only.status.code(), Some(0), "{}", text(&only));
    assert!(
        text(&only).contains("system = \"lock_service\""),
        "{}",
        text(&only)
    );
    let named = program(&["scenarios", "--swarm", "7", "--system", "lock_service"]);
    assert_eq!(text(&named), text(&only));
}

#[test]
fn a_system_that_is_not_there_is_refused_with_those_that_are() {
    for arguments in [
        &["scenarios", "--swarm", "7", "--system", "kv"][..],
        &["graphs", "--seeds", "1", "--quiet", "--system", "kv"],
    ] {
        let said = program(arguments);
        assert_eq!(said.status.code(), Some(2), "{}", text(&said));
        let why = "--system kv: is not in this binary; it has lock_service";
        assert!(text(&said).contains(why), "{}", text(&said));
    }
    let said = program(&["scenarios", "--system", "lock_service"]);
    assert_eq!(
        said.status.code(),
        Some(2),
        "only a swarm is drawn: {}",
        text(&said)
    );
}

#[test]
fn every_graph_is_tried_with_the_system_that_is_named() {
    let graphs = ["graphs", "--seeds", "1", "--quiet", "--format", "json"];
    let named = program(&[&graphs[..], &["--system", "lock_service"]].concat());
    assert_eq!(named.status.code(), Some(0), "{}", text(&named));
    assert!(named.stdout.iter().filter(|byte| **byte == b'\n').count() > 20);
}

#[test]
fn a_system_that_a_scenario_names_is_not_called_the_one_that_is_meant_where_none_is() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("names_kv.toml");
    std::fs::write(&file, "[cluster]\nsystem = \"kv\"\n").expect("it can be written");
    let said = program(&["run", "names_kv.toml"]);
    assert_eq!(said.status.code(), Some(2), "{}", text(&said));
    let why = "names_kv.toml:2: cluster.system: \"kv\" is not in this binary; it has lock_service";
    assert!(text(&said).contains(why), "{}", text(&said));
}
