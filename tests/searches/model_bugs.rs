//! Planted bugs that fit in a bound are found by exhaustive search, each by the shortest
//! schedule that shows it.

use crate::common::{kv, package};
use omnisim::explore::{Explored, Limits, Progress, Reduction};
use omnisim::scenario::Scenario;

/// What may happen in a search: the tuning of the system, and other tables.
struct Bounds {
    name: &'static str,
    system: &'static str,
    tables: &'static str,
}

const ONE_ATTEMPT: Bounds = Bounds {
    name: "one attempt",
    system: "",
    tables: "[model]\nclients = [{ at = 1, does = [\"write\", \"read\"] }]\n\
             attempts = 1\nattempts_at = [1]\n",
};

const TWO_CLIENTS: Bounds = Bounds {
    name: "two clients",
    system: "",
    tables: "[model]\nattempts = 1\nattempts_at = [1]\n\
             clients = [{ at = 1, does = [\"write\"] }, { at = 2, does = [\"read\"] }]\n",
};

const CRASH: Bounds = Bounds {
    name: "one crash",
    system: "",
    tables: "[model]\nclients = [{ at = 1, does = [\"write\", \"read\"] }]\n\
             attempts = 1\nattempts_at = [1]\ncrashes = 1\n",
};

const CRASH_OF_A_LEADER: Bounds = Bounds {
    name: "two attempts and a crash",
    system: "",
    tables: "[model]\nattempts = 2\nattempts_at = [1, 2]\ncrashes = 1\n\
             crash_between_handlers = true\n\
             clients = [{ at = 1, does = [\"write\"] }, { at = 2, does = [\"write\"] }]\n",
};

const TWO_ATTEMPTS: Bounds = Bounds {
    name: "two attempts",
    system: "",
    tables: "[model]\nattempts = 2\nattempts_at = [1, 2]\n\
             clients = [{ at = 1, does = [\"write\"] }, { at = 2, does = [\"write\"] }]\n",
};

const LOSS: Bounds = Bounds {
    name: "one lost message",
    system: "",
    tables: "[network]\ncontract = \"lossy\"\n\
             [model]\nattempts = 1\nattempts_at = [1]\nlosses = 1\n\
             clients = [{ at = 1, does = [\"write\"] }, { at = 2, does = [\"write\"] }]\n",
};

const RETRY: Bounds = Bounds {
    name: "one retry",
    system: "",
    tables: "[workload]\nretry = \"next\"\n\
             [model]\nclients = [{ at = 1, does = [\"write\", \"read\"] }]\n\
             attempts = 1\nattempts_at = [1]\nretries = 1\n",
};

const SNAPSHOTS: Bounds = Bounds {
    name: "snapshots and a crash",
    system: "snapshots = { every = 1 }\n",
    tables: CRASH.tables,
};

const SETTLED: Bounds = Bounds {
    name: "one attempt, settled",
    system: "",
    tables: "[model]\nclients = [{ at = 1, does = [\"write\", \"read\"] }]\n\
             attempts = 1\nattempts_at = [1]\nsettles = true\n",
};

const SETTLED_RETRY: Bounds = Bounds {
    name: "a crash and a retry, settled",
    system: "",
    tables: "[workload]\nretry = \"next\"\n\
             [model]\nclients = [{ at = 1, does = [\"write\"] }]\n\
             attempts = 1\nattempts_at = [1]\ncrashes = 1\nsettles = true\n",
};

/// The bug, what may happen, the check that finds it, and how many actions that takes.
const FOUND: [(&str, &Bounds, &str, usize); 23] = [
    ("promise-not-persisted", &ONE_ATTEMPT, "promise_durable", 1),
    (
        "accepted-round-not-persisted",
        &ONE_ATTEMPT,
        "acknowledged_stays",
        4,
    ),
    (
        "acknowledges-one-too-many",
        &ONE_ATTEMPT,
        "acknowledged_stays",
        4,
    ),
    ("accept-applied-twice", &ONE_ATTEMPT, "log_bounds", 14),
    ("sync-cut-short", &ONE_ATTEMPT, "log_bounds", 11),
    ("reply-before-decide", &ONE_ATTEMPT, "linearizability", 5),
    ("batch-applied-backwards", &ONE_ATTEMPT, "applied_state", 13),
    ("promise-quorum-off-by-one", &ONE_ATTEMPT, "panic", 18),
    ("local-get", &TWO_CLIENTS, "linearizability", 7),
    ("applied-off-by-one", &CRASH, "applied_state", 11),
    ("promise-forgotten-at-restart", &CRASH, "promise_durable", 2),
    ("log-tail-lost-at-restart", &CRASH, "acknowledged_stays", 5),
    ("decided-index-reset", &CRASH, "decided_stays", 7),
    ("reply-from-every-replica", &CRASH, "reply_integrity", 7),
    (
        "ballot-reused-after-restart",
        &CRASH_OF_A_LEADER,
        "one_voice",
        4,
    ),
    ("quorum-off-by-one", &TWO_ATTEMPTS, "agreement", 10),
    ("promise-without-suffix", &TWO_ATTEMPTS, "log_bounds", 10),
    ("gap-ignored", &LOSS, "agreement", 11),
    ("dedup-missing", &RETRY, "at_most_once", 10),
    ("ids-reused-after-restart", &RETRY, "at_most_once", 10),
    ("snapshot-ignored", &SNAPSHOTS, "applied_state", 11),
    ("decide-not-sent", &SETTLED, "completion", 1),
    ("retry-ignored", &SETTLED_RETRY, "completion", 12),
];

fn scenario(bug: Option<&str>, bounds: &Bounds) -> Scenario {
    let planted = bug.map_or_else(String::new, |bug| {
        format!("[selftest]\nplanted = \"{bug}\"\n")
    });
    let text = format!("[system]\n{}{planted}{}", bounds.system, bounds.tables);
    Scenario::parse(bounds.name, &text).unwrap_or_else(|error| panic!("{error}"))
}

fn explored(bug: Option<&str>, bounds: &Bounds, limits: &Limits) -> Explored {
    let explored = kv().explore(&scenario(bug, bounds), limits, &mut |_: Progress| {});
    let explored = explored.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(explored.flaw, None, "{bug:?}: recognised by behaviour");
    explored
}

#[test]
fn planted_bugs_are_found_by_the_shortest_schedules_that_show_them() {
    let found = FOUND.map(|(bug, bounds, ..)| {
        let explored = explored(Some(bug), bounds, &Limits::default());
        assert!(explored.deviations > 0, "{bug} is found and never acts");
        let check = explored.violation.map_or("nothing", |broken| broken.check);
        (bug, bounds.name, check, explored.schedule.len())
    });
    let expected = FOUND.map(|(bug, bounds, check, length)| (bug, bounds.name, check, length));
    assert_eq!(found, expected, "{found:#?}");
}

#[test]
fn a_search_that_leaves_nothing_out_finds_them_too() {
    let whole = Limits {
        without: Reduction::ALL.to_vec(),
        ..Limits::default()
    };
    for (bug, bounds, ..) in FOUND {
        let explored = explored(Some(bug), bounds, &whole);
        assert!(explored.violation.is_some(), "{bug}");
    }
}

#[test]
fn the_same_searches_without_a_bug_pass() {
    for bounds in [
        &ONE_ATTEMPT,
        &TWO_CLIENTS,
        &LOSS,
        &RETRY,
        &SETTLED,
        &SETTLED_RETRY,
    ] {
        let explored = explored(None, bounds, &Limits::default());
        assert_eq!(explored.violation, None, "{}", bounds.name);
        assert!(explored.complete, "{}", bounds.name);
    }
}

#[test]
fn the_published_table_says_what_the_searches_find() {
    let path = package().join("reports/shortest-counterexamples.md");
    let table = std::fs::read_to_string(path).expect("the report can be read");
    for (bug, bounds, check, length) in FOUND {
        let row = format!("| {bug} | {} | {check} | {length} |", bounds.name);
        assert!(table.contains(&row), "{row}");
    }
}
