//! Systems, actions and messages that are not there.

use crate::arguments;
use crate::common::{Folder, omnisim, scenario_path};
use crate::refused;

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
    ] {
        refused(text).complains(&[message]);
        let said = omnisim(arguments!["scenarios", folder.write("bad.toml", text)]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[message]);
    }
}

#[test]
fn a_system_that_is_not_there_has_no_schema_and_no_scenarios() {
    for more in [
        arguments!["--schema"].to_vec(),
        arguments!["--swarm=1"].to_vec(),
        Vec::new(),
    ] {
        let list = arguments!["scenarios", "--system", "nope"];
        let said = omnisim(list.into_iter().chain(more));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&["--system nope: is not in this binary; it has kv"]);
    }
}
