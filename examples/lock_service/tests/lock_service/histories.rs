//! `check` judges what clients of the service saw, in the simulator or of the real one.

use std::path::Path;
use std::process::Command;

fn program(arguments: &[&str]) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_lock_service"));
    let said = program.args(arguments).output().expect("it was built");
    let told = [said.stdout, said.stderr].concat();
    (
        said.status.code(),
        String::from_utf8_lossy(&told).into_owned(),
    )
}

/// The verdict on a history with these lines.
fn checked(name: &str, text: &str) -> (Option<i32>, String) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("the folder is there");
    let path = path.display().to_string();
    program(&["check", &path, "--model", "lock_service"])
}

fn line(client: u64, ask: &str, answer: &str, call: u64) -> String {
    let ret = call + 5;
    format!(
        "{{\"client\":{client},\"op\":\"command\",\"in\":{{\"lock\":\"door\",\"client\":{client},\
         \"ask\":\"{ask}\"}},\"out\":{answer},\"call\":{call},\"ret\":{ret}}}\n"
    )
}

#[test]
fn a_lock_that_was_granted_twice_is_a_violation_and_one_that_was_not_is_none() {
    let first = line(1, "acquire", "\"granted\"", 0);
    let late = line(2, "acquire", "{\"held_by\":1}", 10);
    let (code, told) = checked("sound.jsonl", &format!("{first}{late}"));
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("; at first as the model begins; "), "{told}");
    let twice = line(2, "acquire", "\"granted\"", 10);
    let (code, told) = checked("twice.jsonl", &format!("{first}{twice}"));
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("acquire \"door\" for client 2 = granted"),
        "{told}"
    );
}

#[test]
fn what_a_run_leaves_of_its_clients_is_read() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("histories");
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/partitions.toml");
    let out = folder.display().to_string();
    let (code, told) = program(&["run", scenario, "--seed", "1", "--save", "--out", &out]);
    // One seed alone does not meet everything that the scenario requires.
    assert!(matches!(code, Some(0 | 3)), "{told}");
    let history = folder.join("partitions-1.history.jsonl");
    let history = history.display().to_string();
    let (code, told) = program(&["check", &history, "--model", "lock_service"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains(": linearizable ("), "{told}");
}

#[test]
fn what_is_no_command_or_no_model_is_refused_with_its_line_or_those_there_are() {
    let first = line(1, "acquire", "\"granted\"", 0);
    let (code, told) = checked(
        "stolen.jsonl",
        &format!("{first}{}", line(1, "steal", "\"granted\"", 10)),
    );
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("stolen.jsonl:2: "), "{told}");
    let (code, told) = program(&["check", "-", "--model", "locks"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("lock_service, kv, register"), "{told}");
    let (code, told) = program(&["check", "--list-models"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.starts_with("lock_service\n  operations  command: {"),
        "{told}"
    );
}
