//! Bad input: one message that says where and what would be right, exit 2, and
//! nothing written.

mod common;

use common::{Folder, Said, omnisim, scenario_path};

/// Runs a scenario that is wrong; nothing may come of it but the message.
fn refused(text: &str) -> Said {
    let (texts, out) = (Folder::new(), Folder::new());
    let path = texts.write("bad.toml", text);
    let said = omnisim(arguments!["run", path, "--save", "--out", out.path()]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    assert!(out.names().is_empty(), "{:?}", out.names());
    assert_eq!(said.err.matches("error: ").count(), 1, "{}", said.err);
    said
}

/// The message names the line, and what would be right.
fn refused_at(line: usize, text: &str, right: &str) {
    let said = refused(text);
    let names_it = said.err.contains(&format!("bad.toml:{line}: "));
    assert!(names_it && said.err.contains(right), "{text}\n{}", said.err);
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_keys_there_are() {
    let said = refused("[cluster]\nreplcas = 5\n");
    said.complains(&["bad.toml:2: ", "replcas"]);
    said.complains(&["`replicas`", "2 | replcas = 5"]);
}

#[test]
fn a_partition_of_a_replica_that_does_not_exist_is_named_with_those_that_do() {
    let said = refused("[[fault]]\nat = \"1s\"\nkind = \"partition\"\ngroups = [[1, 2], [9]]\n");
    said.complains(&["bad.toml:4: fault[0].groups: "]);
    said.complains(&["there is no replica 9: they are 1 to 3"]);
}

#[test]
fn a_wrong_unit_a_wrong_type_and_a_contradiction_are_named_at_their_line() {
    for (text, line, right) in [
        ("[workload]\n\ntimeout = \"10 parsecs\"\n", 3, "ms"),
        ("[cluster]\nreplicas = \"three\"\n", 2, "three"),
        (
            "[system]\nquorum = { read = 2, write = 2 }\n[cluster]\nreplicas = 5\n",
            2,
            "read + write > 5",
        ),
        ("[network]\nloss = 0.1\n", 2, "session_breaks"),
        ("[check]\nwithout = [\"sanity\"]\n", 2, "agreement"),
        (
            "[[action]]\nat = \"1s\"\nreplica = 1\ndo = \"snapshot\"\n",
            4,
            "system.snapshots",
        ),
    ] {
        refused_at(line, text, right);
    }
}

#[test]
fn times_and_rates_with_which_no_run_would_end_are_refused_at_their_line() {
    for (text, line, right) in [
        (
            "[clock]\ndrift_ppb = 1_000_000_000\n",
            2,
            "200_000 for 200 ppm",
        ),
        ("[workload]\ntimeout = \"1ns\"\n", 2, "at least 10us"),
        ("[system]\ntake_outgoing = { every = \"1ns\" }\n", 2, "1us"),
        (
            "[check.settle]\nbound = \"18446744073709551615ns\"\n",
            2,
            "8760h",
        ),
        (
            "[nemesis]\npartition = { every = \"1s\", for = \"1s..5124095h\" }\n",
            2,
            "8760h",
        ),
        (
            "[workload]\nmode = \"closed\"\nthink = \"0s\"\n\
             [network]\nlatency = { shape = { constant = \"0s\" } }\n",
            3,
            "network.client_latency",
        ),
    ] {
        refused_at(line, text, right);
    }
}

#[test]
fn a_link_that_leads_back_to_its_folder_is_not_followed() {
    let folder = Folder::new();
    folder.write("one.toml", "about = \"a scenario\"\n");
    for name in ["a", "b"] {
        let link = std::os::unix::fs::symlink(folder.path(), folder.path().join(name));
        link.expect("links can be made");
    }
    let said = omnisim(arguments!["scenarios", folder.path()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
}

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
fn what_is_said_of_random_walks_is_refused_where_none_are_taken() {
    for option in ["--walks=7", "--seed=7"] {
        let model = arguments!["model", scenario_path("model/two_replicas"), option];
        let said = omnisim(model.iter());
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[&option[..6], "add --search random"]);
    }
}

#[test]
fn a_system_that_is_not_in_this_binary_is_named_with_those_that_are() {
    let said = refused("[cluster]\nsystem = \"raft\"\n");
    said.complains(&["bad.toml:2: cluster.system: \"raft\" is not in this binary; it has kv"]);
    let hello = common::scenario_path("smoke/hello");
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
fn a_value_of_the_wrong_shape_is_named_by_its_key_and_not_in_words_of_rust() {
    let crash = "[[fault]]\nat = \"1s\"\nkind = \"crash\"\n";
    for (text, message) in [
        (
            format!("{crash}replica = 1.5\n"),
            "bad.toml:4: fault[0].replica: a replica is named by its number, or by its role",
        ),
        (
            "[system]\nsnapshots = {}\n".to_owned(),
            "bad.toml:2: system.snapshots: ",
        ),
        (
            "[cluster]\nreplicas = \"three\"\n".to_owned(),
            "bad.toml:2: cluster.replicas: ",
        ),
        (
            "[check]\nexpect = \"nothing\"\n".to_owned(),
            "bad.toml:2: check.expect: ",
        ),
    ] {
        let said = refused(&text);
        assert!(said.err.contains(message), "{text}\n{}", said.err);
        for word in ["untagged", "enum", "variant", "map"] {
            assert!(!said.err.contains(word), "{word}: {}", said.err);
        }
    }
}

#[test]
fn a_repro_file_is_not_run_but_told_how_to_be_replayed() {
    let out = Folder::new();
    let saved = arguments!["--seed", "1", "--save", "--out", out.path()];
    let run = arguments!["run", scenario_path("smoke/hello")];
    assert_eq!(omnisim(run.iter().chain(&saved)).code, Some(0));
    let repro = out.path().join("hello-1.repro.toml");
    let said = omnisim(arguments!["run", repro]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    let command = format!("omnisim replay {}", repro.display());
    said.complains(&[&command]);
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_into_is_refused_and_not_waited_for() {
    let folder = Folder::new();
    let pipe = folder.path().join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is a mkfifo").success());
    for command in ["run", "replay"] {
        let said = omnisim(arguments![command, pipe]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&["is no regular file"]);
    }
}

#[test]
fn a_text_about_digests_is_no_repro_and_a_scenario_is_told_from_one() {
    let folder = Folder::new();
    let text = "# a page\ndigest    0x598f1bc0277eaaff\n[scenario\n";
    let page = folder.write("page.toml", &text.replace("[scenario", "schedule"));
    let said = omnisim(arguments!["run", page]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["page.toml:2: "]);
    let said = omnisim(arguments!["shrink", scenario_path("smoke/hello")]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["is a scenario, not a repro file"]);
}

#[test]
fn a_bad_scenario_beside_a_good_one_stops_both_before_anything_is_run() {
    let (texts, out) = (Folder::new(), Folder::new());
    let bad = texts.write("bad.toml", "nonsense\n");
    let good = scenario_path("smoke/hello");
    let said = omnisim(arguments!["run", good, bad, "--save", "--out", out.path()]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
    assert!(out.names().is_empty(), "{:?}", out.names());
}

#[test]
fn a_file_or_folder_that_is_not_there_or_empty_is_said_so() {
    let empty = Folder::new();
    let missing = empty.path().join("missing.toml");
    for (arguments, message) in [
        (
            arguments!["run", missing],
            "missing.toml: there is no such file",
        ),
        (
            arguments!["replay", missing],
            "missing.toml: there is no such file",
        ),
        (arguments!["run", empty.path()], "holds no scenario"),
    ] {
        let said = omnisim(arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&[message]);
    }
}

#[test]
fn a_seed_that_is_no_number_and_a_range_without_seeds_are_refused_with_what_would_be_right() {
    let path = scenario_path("smoke/hello");
    for (option, right) in [
        ("--seed=forty-two", "decimal or 0x hexadecimal"),
        ("--seed=-1", "from 0 to 2^64 - 1"),
        ("--seeds=7", "A..B"),
        ("--seeds=9..3", "smaller number first"),
        ("--seed -1", "from 0 to 2^64 - 1"),
        ("--seeds -1..3", "from 0 to 2^64 - 1"),
    ] {
        let run = arguments!["run", path];
        let said = omnisim(run.into_iter().chain(option.split(' ').map(Into::into)));
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.err.contains(right), "{option}: {}", said.err);
    }
}

#[test]
fn a_scenario_is_not_replayed_without_a_seed() {
    let said = omnisim(arguments!["replay", scenario_path("smoke/hello")]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&["--seed 42"]);
}

#[test]
fn a_repro_that_is_cut_short_anywhere_is_refused_and_never_run() {
    let out = Folder::new();
    let said = omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seed",
        "1",
        "--save",
        "--out",
        out.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let path = out.path().join("hello-1.repro.toml");
    let whole = std::fs::read_to_string(&path).expect("it was saved");
    let tables = whole.find("[scenario").expect("the scenario is in it");
    for cut in [tables / 4, tables / 2, tables - 1, tables + 5, tables + 40] {
        let cut = out.write("cut.repro.toml", &whole[..cut]);
        let said = omnisim(arguments!["replay", cut]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        said.complains(&["cut.repro.toml"]);
    }
}

#[test]
fn a_mistake_in_the_scenario_of_a_repro_is_named_at_its_line_of_the_repro() {
    let out = Folder::new();
    omnisim(arguments![
        "run",
        scenario_path("smoke/hello"),
        "--seed",
        "1",
        "--save",
        "--out",
        out.path()
    ]);
    let whole =
        std::fs::read_to_string(out.path().join("hello-1.repro.toml")).expect("it was saved");
    let edited = whole.replacen("replicas = 3", "replicas = 99", 1);
    let line = 1 + edited[..edited.find("replicas = 99").expect("it was replaced")]
        .matches('\n')
        .count();
    let said = omnisim(arguments![
        "replay",
        out.write("edited.repro.toml", &edited)
    ]);
    assert_eq!(said.code, Some(2), "{said:?}");
    said.complains(&[&format!(
        "edited.repro.toml:{line}: cluster.replicas: 99 is not between"
    )]);
}
