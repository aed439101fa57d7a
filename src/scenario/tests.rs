use super::*;

fn error(text: &str) -> String {
    Scenario::parse("bad.toml", text).unwrap_err().to_string()
}

#[test]
fn an_empty_scenario_is_a_whole_one() {
    let scenario = Scenario::parse("empty", "").unwrap();
    assert_eq!(scenario.cluster.system, "kv");
    assert_eq!(scenario.check.expect, Expectation::Pass);
}

#[test]
fn a_scenario_survives_a_round_trip_through_toml() {
    let text = r#"
        about = "everything"
        [cluster]
        replicas = 5
        [system]
        quorum = { read = 4, write = 2 }
        snapshots = { every = 100 }
        take_outgoing = { every = "5ms" }
        [network]
        latency = { shape = { exponential = { mean = "2ms" } }, tail = { probability = 0.001, up_to = "100ms" } }
        [nemesis]
        partition = { every = "5s", for = "500ms..2s" }
        [[fault]]
        at = "1s"
        kind = "crash_at_write"
        replica = "leader"
        write = 3
        point = "torn"
        [[action]]
        at = "2s"
        replica = 1
        do = "snapshot"
        [check]
        require = ["leader_change"]
    "#;
    let scenario = Scenario::parse("whole", text).unwrap();
    let written = scenario.to_text();
    assert_eq!(Scenario::parse("whole", &written).unwrap(), scenario);
}

#[test]
fn a_name_is_refused_because_the_file_has_one() {
    for name in ["name = \"mine\"", "name = \"\"", "name = 7"] {
        let error = error(&format!("about = \"mine\"\n{name}\n"));
        assert!(
            error.starts_with("bad.toml:2: name: is no key of a scenario")
                && error.contains("remove it"),
            "{error}"
        );
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_keys_that_exist() {
    let error = error("[cluster]\nreplicas = 3\nreplcas = 5\n");
    assert!(
        error.starts_with("bad.toml:3: cluster.replcas: unknown key `replcas`"),
        "{error}"
    );
    assert!(
        error.contains("`replicas`") && error.contains("3 | replcas = 5"),
        "{error}"
    );
}

#[test]
fn a_wrong_unit_is_named_with_what_would_be_right() {
    let error = error("[workload]\ntimeout = \"10 parsecs\"\n");
    assert!(
        error.starts_with("bad.toml:2: ") && error.contains("ms"),
        "{error}"
    );
    let error = self::error("[workload]\ntimeout = 10\n");
    assert!(error.contains("\"150ms\""), "{error}");
}

#[test]
fn a_partition_of_a_replica_that_does_not_exist_is_refused_at_its_line() {
    let error = error("[[fault]]\nat = \"1s\"\nkind = \"partition\"\ngroups = [[1, 2], [7]]\n");
    assert!(
        error.starts_with("bad.toml:4: fault[0].groups: there is no replica 7: they are 1 to 3"),
        "{error}"
    );
}

#[test]
fn a_key_that_does_nothing_for_a_fault_is_refused() {
    let error = error("[[fault]]\nat = \"1s\"\nkind = \"crash\"\nreplica = 1\nwrite = 3\n");
    assert!(
        error.starts_with("bad.toml:5: fault[0].write: the kind \"crash\" has no write"),
        "{error}"
    );
}

#[test]
fn an_expected_violation_names_the_check_that_fails() {
    assert!(error("[check]\nexpect = \"violation\"\n").contains("violates"));
}

#[test]
fn the_schema_names_every_table() {
    let schema = Scenario::schema();
    for table in [
        "cluster", "network", "disk", "clock", "workload", "nemesis", "fault", "action", "check",
    ] {
        assert!(
            schema["properties"].get(table).is_some(),
            "{table} is missing"
        );
    }
}
