//! What a hunt catches is one finding where shrinking leaves the same of it.

use std::collections::BTreeSet;

use super::common::Folder;
use super::{said, tells};

/// Clocks lie in some of its runs and in others not, which has nothing to do with the misdeed.
const SCENARIO: &str = "cluster.system = \"misbehaving\"\nnetwork.contract = \"datagram\"\n\
    check.settle.bound = \"500ms\"\nworkload.keys.count = 1\n\
    workload.phases = [{ duration = \"2s\", requests_per_sec = 20 }]\n\
    [clock]\nquality = \"low\"\n\
    [nemesis]\nclock_lie = { every = \"2s\", for = \"200ms..1s\" }\n";

/// The seeds of all runs that are listed with catches, and whether each is listed once.
fn listed(folder: &Folder) -> (usize, BTreeSet<u64>, bool) {
    let state = folder.path().join("reports/hunt.state.json");
    let state = std::fs::read_to_string(state).expect("it is written");
    let state: serde_json::Value = serde_json::from_str(&state).expect("it is whole");
    let catches = state["catches"].as_array().expect("they are listed");
    let joined = catches.iter().flat_map(|catch| catch["joined"].as_array());
    let kinds = catches.iter().chain(joined.flatten());
    let seeds = kinds.flat_map(|kind| kind["seeds"]["bad"].as_array().expect("they are listed"));
    let seeds: Vec<_> = seeds.filter_map(serde_json::Value::as_u64).collect();
    let set: BTreeSet<_> = seeds.iter().copied().collect();
    let is_once = set.len() == seeds.len();
    (catches.len(), set, is_once)
}

pub(crate) fn runs_outside_the_contract_that_shrink_to_within_it_are_one_finding_with_those() {
    let folder = Folder::new();
    folder.write("bad.toml", SCENARIO);
    let hunt = "hunt bad.toml --keep-going --quiet --verify=none --seeds";
    let apart = format!("{hunt} 0..12 --no-shrink --out apart");
    let apart = said(&folder, "wrong answer", &apart);
    tells(&apart, &["2 violations caught in 12 runs"]);

    let one = said(&folder, "wrong answer", &format!("{hunt} 0..12"));
    assert_eq!(one.code, Some(1), "{one:?}");
    tells(
        &one,
        &[
            "1 violation caught in 12 runs",
            "12 of 12 runs fail",
            "  also      ",
            "within what the system is written for",
            "outside what the system is written for",
            "  left      no fault; 1 operation, ",
        ],
    );
    assert_eq!(listed(&folder), (1, (0..12).collect(), true));

    let more = format!("{hunt} 0..20 --resume");
    let more = said(&folder, "wrong answer", &more);
    assert_eq!(more.code, Some(1), "{more:?}");
    tells(&more, &["1 violation caught in 20 runs"]);
    assert_eq!(listed(&folder), (1, (0..20).collect(), true));
}

pub(crate) fn a_swarm_is_drawn_for_the_system_that_is_named() {
    let folder = Folder::new();
    for (system, drawn) in [
        ("", "kv"),
        (" --system misbehaving", "misbehaving"),
        (" --system kv", "kv"),
    ] {
        let swarm = said(&folder, "none", &format!("scenarios --swarm 3{system}"));
        assert_eq!(swarm.code, Some(0), "{swarm:?}");
        tells(&swarm, &[&format!("system = \"{drawn}\"")]);
    }
    let unknown = said(&folder, "none", "scenarios --swarm 3 --system sql");
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    unknown.complains(&["--system sql: is not in this binary; it has misbehaving, kv"]);
}
