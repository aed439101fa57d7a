//! Systems, actions and messages that are not there.

use super::refused;
use crate::arguments;
use crate::common::{Folder, omnisim, scenario_path};

#[test]
fn an_action_that_the_system_does_not_know_is_refused_before_anything_is_run() {
    let said = refused("[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"dance\"\n");
    said.complains(&["dance", "try_become_leader"]);
}

#[test]
fn an_action_or_a_message_that_the_system_does_not_know_is_named_at_its_own_table_and_line() {
    let good = "[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"trim\"\n";
    let hold = "[[fault]]\nat = \"1s\"\nkind = \"hold\"\nlinks = [[1, 2]]\nfor = \"1ms\"\n";
    for (text, at) in [
        (
            format!("{good}[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"dance\"\n"),
            "bad.toml:8: action[1].do: ",
        ),
        (
            format!("{good}[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"set_priority\"\n"),
            "bad.toml:5: action[1].value: ",
        ),
        (
            format!("{good}value = 3\n"),
            "bad.toml:5: action[0].value: ",
        ),
        (
            format!("{hold}message = \"Decide\"\n{hold}message = \"Chatter\"\n"),
            "bad.toml:12: fault[1].message: ",
        ),
        (
            "[[nemesis.actions]]\ndo = \"trim\"\nevery = \"1s\"\n\
             [[nemesis.actions]]\nevery = \"1s\"\ndo = \"dance\"\n"
                .to_owned(),
            "bad.toml:6: nemesis.actions[1].do: ",
        ),
        (
            "[[nemesis.actions]]\ndo = \"trim\"\nevery = \"1s\"\nvalue_up_to = 3\n".to_owned(),
            "bad.toml:4: nemesis.actions[0].value_up_to: ",
        ),
        (
            "[[nemesis.actions]]\ndo = \"set_priority\"\nevery = \"1s\"\n".to_owned(),
            "bad.toml:1: nemesis.actions[0].value_up_to: ",
        ),
        (
            "[system]\nsnapshots = \"sync\"\n\
             [nemesis]\nactions = [{ do = \"snapshot\", every = \"1s\", value_up_to = 2 }]\n"
                .to_owned(),
            "bad.toml:4: nemesis.actions[0].value_up_to: ",
        ),
    ] {
        let said = refused(&text);
        assert!(said.err.contains(at), "{text}\n{}", said.err);
    }
}

#[test]
fn a_system_that_is_not_in_this_binary_is_named_with_those_that_are() {
    let said = refused("[cluster]\nsystem = \"raft\"\n");
    said.complains(&["bad.toml:2: cluster.system: \"raft\" is not in this binary; it has kv"]);
    let hello = scenario_path("smoke/hello");
    for (command, seed) in [
        ("run", "--seed=1"),
        ("hunt", "--seeds=1..2"),
        ("shrink", "--seed=1"),
        ("replay", "--seed=1"),
    ] {
        let said = omnisim(arguments![command, hello, seed, "--system", "raft"]);
        assert_eq!(said.code, Some(2), "{said:?}");
        said.complains(&["--system raft: is not in this binary; it has kv"]);
    }
}

#[test]
fn a_message_in_the_spelling_of_another_key_is_asked_for_in_its_own() {
    let fault = "[[fault]]\nat = \"1s\"\n";
    for (rest, message, meant) in [
        (
            "kind = \"crash\"\nreplica = 1\non = \"AcceptDecide\"\n",
            "bad.toml:5: fault[0].on: unknown message \"AcceptDecide\"; expected one of",
            "did you mean \"accept_decide\"?",
        ),
        (
            "kind = \"hold\"\nfor = \"1ms\"\nlinks = [[1, 2]]\nmessage = \"accept_decide\"\n",
            "bad.toml:6: fault[0].message: \"accept_decide\" is no kind of message; they are",
            "did you mean \"AcceptDecide\"?",
        ),
    ] {
        let said = refused(&format!("{fault}{rest}"));
        said.complains(&[message, meant]);
    }
}

#[test]
fn a_scenario_that_no_run_takes_is_not_listed_either() {
    let folder = Folder::new();
    for (text, message) in [
        ("[system]\ntack = 1\n", "bad.toml:2: system.tack: unknown"),
        (
            "[cluster]\nsystem = \"raft\"\n",
            "bad.toml:2: cluster.system: ",
        ),
        (
            "[[nemesis.targeted]]\non = \"chatter\"\nkind = \"crash\"\nchance = 0.1\n\
             for = \"1s\"\n",
            "bad.toml:2: nemesis.targeted[0].on: ",
        ),
        (
            "[[fault]]\nat = \"1s\"\nkind = \"crash\"\nreplica = \"king\"\n",
            "bad.toml:4: fault[0].replica: ",
        ),
        (
            "[cluster]\nnames = [\"head\", \"tail\"]\n\
             [[fault]]\nat = \"1s\"\nkind = \"crash\"\nreplica = \"middle\"\n",
            "bad.toml:6: fault[0].replica: unknown role \"middle\"; expected one of leader, \
             follower, head, tail",
        ),
        (
            "[cluster]\nnames = [\"head\", \"head\"]\n",
            "bad.toml:2: cluster.names: \"head\" names no replica, or more than one",
        ),
        (
            "[cluster]\nnames = [\"leader\", \"other\"]\n",
            "bad.toml:2: cluster.names: \"leader\" is a role of \"kv\"",
        ),
        (
            "[cluster]\nreplicas = true\n",
            "bad.toml:2: cluster.replicas: ",
        ),
        (
            "[check]\nknown = [\"nothing\"]\n",
            "bad.toml:2: check.known: \"nothing\" is no known finding; those of \"kv\" are ",
        ),
    ] {
        refused(text).complains(&[message]);
        let said = omnisim(arguments!["scenarios", folder.write("bad.toml", text)]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[message]);
    }
}

#[test]
fn a_system_is_named_for_a_swarm_alone() {
    let list = arguments!["scenarios", "--system", "nope"];
    let said = omnisim(list.iter().chain(&arguments!["--swarm=1"]));
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    said.complains(&["--system nope: is not in this binary; it has kv"]);
    for option in ["--system=nope", "--unlimited"] {
        let said = omnisim(arguments!["scenarios", "--schema", option]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&["--schema", &option[..8]]);
    }
}
