//! What the register has not is refused when a scenario is loaded, with what there is.

use std::path::Path;
use std::process::Command;

/// What the program says of a scenario that ends with these lines.
fn refusal(subcommand: &str, name: &str, lines: &str) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.toml"));
    let text = format!("[cluster]\nsystem = \"register\"\n{lines}\n");
    std::fs::write(&file, text).expect("it can be written");
    let mut program = Command::new(env!("CARGO_BIN_EXE_register"));
    let said = program.arg(subcommand).arg(&file).output();
    let said = said.expect("it was built");
    let error = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(2), "{error}");
    error
}

/// It is refused at this line, with these words.
fn is_refused(name: &str, lines: &str, line: u32, words: &str) {
    let error = refusal("run", name, lines);
    assert!(error.contains(&format!("{name}.toml:{line}: ")), "{error}");
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_role_that_no_replica_has_is_refused_with_those_that_there_are() {
    let fault = "[[fault]]\nat = \"1s\"\nfor = \"1s\"\nkind = \"crash\"\nreplica = \"leader\"";
    let words = "unknown role \"leader\"; expected one of holder";
    is_refused("unknown_role", fault, 7, words);
}

#[test]
fn a_message_that_is_never_sent_is_refused_with_those_that_are() {
    let fault = "[[fault]]\non = \"promise\"\nfor = \"1s\"\nkind = \"crash\"\nreplica = \"holder\"";
    let words = "unknown message \"promise\"; expected one of ask, answer, reply";
    is_refused("unknown_cue", fault, 4, words);
}

#[test]
fn a_key_of_the_system_that_is_unknown_or_makes_no_sense_is_refused() {
    let unknown = "[system]\nask_twice = \"1s\"";
    is_refused("unknown_key", unknown, 4, "ask_again");
    let endless = "[system]\nask_again = \"0s\"";
    is_refused("endless", endless, 4, "write a time above 0");
}

#[test]
fn a_key_of_the_workload_that_is_unknown_or_wrong_is_refused() {
    let unknown = "[workload.own]\nclear = 0.5";
    is_refused("unknown_own", unknown, 4, "clear_ratio");
    let often = "[workload.own]\nclear_ratio = 2.0";
    is_refused("too_often", often, 4, "workload.own.clear_ratio");
}

#[test]
fn a_bug_that_cannot_be_planted_is_refused_with_those_that_can() {
    let words = "expected one of stale-forwarder, forgetful-holder";
    is_refused("unknown_bug", "[selftest]\nplanted = \"amnesia\"", 4, words);
}

#[test]
fn a_check_that_there_is_not_is_refused_with_those_of_the_registers_own_too() {
    let check = "[check]\nwithout = [\"two_answers\"]";
    is_refused("unknown_check", check, 4, "omnisim, one_answer");
    let model = "[model]\nclients = [{ at = 2, does = [\"write\"] }]\nviolates = [\"one_answer\"]";
    let error = refusal("model", "check_of_runs", model);
    assert!(error.contains("is a check of whole runs"), "{error}");
}

#[test]
fn clients_of_a_search_ask_what_the_workload_names() {
    let steal = "[model]\nclients = [{ at = 2, does = [\"steal\"] }]";
    let error = refusal("model", "unknown_operation", steal);
    assert!(error.contains("clear"), "{error}");
}

#[test]
fn what_once_tuned_omnipaxos_is_not_advised_as_a_key_of_the_register() {
    let error = refusal("run", "moved", "tick = \"5ms\"");
    assert!(error.contains("moved.toml:3: cluster.tick: "), "{error}");
    assert!(
        error.contains("services over OmniPaxos take tick"),
        "{error}"
    );
}

#[test]
fn a_swarm_excuses_no_defect_of_a_library_that_the_register_does_not_use() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_register"));
    let said = program.args(["scenarios", "--swarm", "1"]).output();
    let drawn = String::from_utf8(said.expect("it was built").stdout).expect("it is text");
    assert!(drawn.contains("system = \"register\""), "{drawn}");
    assert!(drawn.contains("known = [\"lost-with-holder\"]"), "{drawn}");
}
