//! A key that is not there, or whose value is wrong.

use super::{refused, refused_at};

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
            "[check]\nexpect = \"violation\"\nviolates = [\"sanity\"]\n",
            3,
            "there is no check \"sanity\"",
        ),
        (
            "[check]\nexpect = \"violation\"\nviolates = [\"agreement\"]\nmay_violate = [\"sanity\"]\n",
            4,
            "there is no check \"sanity\"",
        ),
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
            "[system]\ntake_outgoing = { every = \"1m\" }\n",
            2,
            "an election timeout of 100ms: runs would only wait for a leader that cannot stand",
        ),
        (
            "[system]\nelection_ticks = 200\ntake_outgoing = { every = \"2001ms\" }\n",
            3,
            "write every = \"2s\" or less",
        ),
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
