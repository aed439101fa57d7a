//! Exhaustive search: verdicts and numbers of states that never change by chance, the same
//! by either way to recognise a state, and clear words where there is nothing to search.

use crate::arguments;
use crate::common::{Folder, Said, files, kv, omnisim, package, program, scenario, scenario_path};
use omnisim::explore::{Explored, Limits, Progress};
use omnisim::scenario::{Identity, Scenario};

fn explored_on(threads: usize, scenario: &Scenario) -> Explored {
    let limits = Limits {
        threads,
        ..Limits::default()
    };
    let explored = kv().explore(scenario, &limits, &mut |_: Progress| {});
    explored.unwrap_or_else(|error| panic!("{error}"))
}

fn explored(scenario: &Scenario) -> Explored {
    explored_on(1, scenario)
}

/// What a search found: the check that is broken after how many steps, or how many
/// different states there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Broken(&'static str, usize),
    States(u64),
}

fn found(explored: &Explored) -> Found {
    assert_eq!(explored.flaw, None);
    match &explored.violation {
        Some(violation) => Found::Broken(violation.check, explored.schedule.len()),
        None => {
            assert!(explored.complete, "nothing stopped it");
            Found::States(explored.progress.unique_states)
        }
    }
}

/// Small enough to be searched with every change.
const SMALL: [(&str, Found); 27] = [
    ("batches", Found::States(11_161)),
    ("broken_sessions", Found::States(77_682)),
    ("crash_and_losses", Found::States(297_042)),
    ("cut_and_lossy", Found::States(14_468)),
    ("cut_link", Found::States(74_746)),
    ("folded_log", Found::States(71_588)),
    ("forgotten_promise", Found::Broken("agreement", 13)),
    ("heartbeats", Found::States(19_366)),
    ("left_out", Found::Broken("completion", 13)),
    ("lost_messages", Found::States(95_205)),
    ("one_attempt", Found::States(968)),
    ("one_crash", Found::States(312_138)),
    ("repeated", Found::States(91_229)),
    ("retried_write", Found::States(16_877)),
    (
        "retried_write_without_dedup",
        Found::Broken("at_most_once", 10),
    ),
    ("settled", Found::States(68_872)),
    ("settled_after_a_crash", Found::States(71_998)),
    ("settled_after_losses", Found::States(1_408)),
    ("stale_read", Found::Broken("linearizability", 7)),
    ("taken_later", Found::States(3_224)),
    ("two_attempts", Found::States(170_463)),
    ("two_replicas", Found::States(3_059)),
    ("two_voices", Found::Broken("one_voice", 3)),
    ("two_writers", Found::States(107_303)),
    ("unsynced_disk", Found::States(150_666)),
    ("unsynced_promise", Found::Broken("one_voice", 3)),
    ("wide_quorum", Found::States(121_226)),
];

#[test]
fn every_small_search_finds_what_it_always_found() {
    for (name, expected) in SMALL {
        let scenario = scenario(&format!("model/{name}"));
        let explored = explored(&scenario);
        assert_eq!(found(&explored), expected, "{name}");
    }
}

#[test]
fn states_told_apart_by_all_they_went_through_give_the_same_verdicts() {
    for name in [
        "one_attempt",
        "retried_write_without_dedup",
        "settled_after_losses",
        "stale_read",
        "two_voices",
        "two_replicas",
        "unsynced_promise",
    ] {
        let mut scenario = scenario(&format!("model/{name}"));
        let by_behaviour = explored(&scenario);
        let model = scenario.model.as_mut().expect("it has bounds");
        model.identity = Identity::History;
        let by_history = explored(&scenario);
        match (found(&by_behaviour), found(&by_history)) {
            (Found::States(fewer), Found::States(more)) => {
                assert!(fewer < more, "{name}");
                let (one, other) = (by_behaviour.progress, by_history.progress);
                assert_eq!(one.depth, other.depth, "{name}");
                assert_eq!(by_behaviour.reached, by_history.reached, "{name}");
            }
            (one, other) => assert_eq!(one, other, "{name}"),
        }
    }
}

#[test]
fn threads_change_nothing_about_what_there_is() {
    let scenario = scenario("model/retried_write");
    let (one, two) = (explored_on(1, &scenario), explored_on(2, &scenario));
    assert_eq!(found(&one), found(&two));
    assert_eq!(one.reached, two.reached);
    assert_eq!(one.progress.states, two.progress.states);
}

#[test]
fn every_scenario_for_searches_has_its_expectation_tested() {
    let tested: Vec<_> = SMALL.iter().map(|(name, _)| *name).collect();
    for path in files(&package().join("scenarios/model"), "toml") {
        let scenario = Scenario::load(&path).unwrap_or_else(|error| panic!("{error}"));
        let model = scenario
            .model
            .expect("a scenario of this folder has bounds");
        let expected = SMALL.iter().find(|(name, _)| *name == scenario.name);
        let Some((_, expected)) = expected else {
            assert!(
                LARGE.contains(&scenario.name.as_str()),
                "{tested:?}: {}",
                scenario.name
            );
            continue;
        };
        match expected {
            Found::States(_) => assert!(model.violates.is_empty(), "{}", scenario.name),
            Found::Broken(check, _) => {
                assert!(
                    model.violates.iter().any(|name| name == check),
                    "{}",
                    scenario.name
                );
            }
        }
    }
}

/// Searched by hand; the README tells what came of them.
const LARGE: [&str; 1] = ["crash_and_broken_sessions"];

#[test]
fn the_program_prints_one_object_and_exits_as_the_scenario_expects() {
    let path = scenario_path("model/stale_read");
    let folder = Folder::new();
    let out = folder.path();
    let said = omnisim(arguments!["model", path, "--out", out, "--format", "json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let objects = said.objects();
    let [object] = objects.as_slice() else {
        panic!("{said:?}");
    };
    assert_eq!(object["verdict"], "violation");
    assert_eq!(object["complete"], false);
    assert_eq!(object["violation"]["check"], "linearizability");
    let properties = object["properties"].as_array().expect("a list");
    let holds = |name: &str| {
        let property = properties.iter().find(|property| property["name"] == name);
        property.expect("it is listed")["holds"].clone()
    };
    assert_eq!(holds("linearizability"), false);
    assert_eq!(holds("agreement"), true);
}

#[test]
fn a_search_that_is_stopped_is_unknown_and_says_how_far_it_came() {
    let path = scenario_path("model/crash_and_losses");
    let said = omnisim(arguments![
        "model", path, "--states", "1000", "--format", "json"
    ]);
    assert_eq!(said.code, Some(3), "{said:?}");
    let object = said.objects().remove(0);
    assert_eq!(
        (&object["verdict"], &object["complete"]),
        (&"unknown".into(), &false.into())
    );
    assert!(object["unique_states"].as_u64() >= Some(1000), "{object}");
}

#[test]
fn an_interrupted_search_ends_with_its_signal_and_prints_what_was_covered() {
    let path = scenario_path("model/crash_and_broken_sessions");
    let child = program(arguments!["model", path, "--format", "json", "--quiet"]).spawn();
    let child = child.expect("the program can be started");
    pause();
    let kill = format!("kill -INT {}", child.id());
    let sent = std::process::Command::new("sh")
        .args(["-c", &kill])
        .status();
    assert!(sent.expect("there is a shell").success());
    let said: Said = child.wait_with_output().expect("it ends").into();
    assert_eq!(said.code, Some(130), "{said:?}");
    assert_eq!(said.objects()[0]["verdict"], "unknown");
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(1500));
}

#[test]
fn bounds_that_are_missing_or_wrong_are_told_with_what_would_be_right() {
    let folder = Folder::new();
    for (text, message) in [
        ("about = \"no bounds\"\n", "has no [model] table"),
        ("[model]\ncrashs = 1\n", "`crashes`"),
        (
            "[model]\nlosses = 1\n",
            "bad.toml:2: model.losses: session links lose messages only",
        ),
        (
            "[model]\nclients = [{ at = 4, does = [\"write\"] }]\n",
            "there is no replica 4: they are 1 to 3",
        ),
        (
            "[cluster]\nreplicas = 7\n[model]\nattempts = 1\n",
            "7 replicas are too many to search: at most 5",
        ),
        (
            "[model]\nviolates = [\"sanity\"]\n",
            "there is no check \"sanity\"",
        ),
        (
            "[disk]\ncontract = \"unsynced\"\n[model]\ncrashes = 1\n",
            "set unsynced to how many writes crashes take away",
        ),
        (
            "[model]\ncrashes = 1\nunsynced = 1\n",
            "bad.toml:3: model.unsynced: only a disk with contract = \"unsynced\"",
        ),
        ("[model]\nlosses = 1\n", "set breaks or cuts, too"),
        (
            "[model]\nclients = [{ at = 1, does = [\"wirte\"] }]\n",
            "bad.toml:2: model.clients: \"wirte\" is no operation of this system's clients: \
             they can write, read, get, put, delete, append, cas",
        ),
        ("[model]\nrequire = [\"answers\"]\n", "`answer`"),
        ("[model]\ntime = 33\n", "bad.toml:2: model.time: at most 32"),
        (
            "[cluster]\nsystem = \"raft\"\n[model]\nattempts = 1\n",
            "is not in this binary",
        ),
    ] {
        let path = folder.write("bad.toml", text);
        let said = omnisim(arguments!["model", path]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.err.contains(message), "{text}\n{}", said.err);
    }
}

#[test]
fn a_search_in_which_too_little_happens_is_incomplete_and_says_what_and_what_to_do() {
    let folder = Folder::new();
    let write = "clients = [{ at = 1, does = [\"write\"] }]\n";
    for (bounds, missing, advice) in [
        (
            write,
            "a client is answered, or that an entry is decided, or that an answered command \
             changes the object",
            "no timer fires: set model.attempts, ticks or time",
        ),
        (
            "attempts = 1\n",
            "a client is answered, or that an entry is decided",
            "no client asks anything: say what clients do",
        ),
        (
            "attempts = 1\nclients = [{ at = 1, does = [\"delete\", \"get\"] }]\n",
            "an answered command changes the object",
            "what changes something: they can write, read, get, put, delete, append, cas",
        ),
        (
            "attempts = 1\nrequire = [\"snapshot\"]\nclients = [{ at = 1, does = [\"write\"] }]\n",
            "a snapshot is stored;",
            "raise the bounds of the [model] table",
        ),
    ] {
        let path = folder.write(
            "little.toml",
            &format!("[cluster]\nreplicas = 2\n[model]\n{bounds}"),
        );
        let said = omnisim(arguments!["model", path]);
        assert_eq!(said.code, Some(3), "{bounds}\n{said:?}");
        let headline = said.out.lines().next().unwrap_or_default();
        assert!(
            headline.starts_with("little: incomplete: no schedule"),
            "{headline}"
        );
        assert!(headline.contains(missing), "{headline}");
        assert!(headline.contains(advice), "{headline}");
        let said = omnisim(arguments!["model", path, "--format", "json"]);
        let object = said.objects().remove(0);
        assert_eq!(
            (&object["verdict"], &object["complete"]),
            (&"unknown".into(), &true.into())
        );
        assert_ne!(object["missing"], serde_json::json!([]), "{object}");
    }
}

#[test]
fn what_a_search_must_come_by_can_be_said() {
    let folder = Folder::new();
    for (require, code) in [("[]", 0), ("[\"election\"]", 0), ("[\"recovery\"]", 3)] {
        let text = format!("[cluster]\nreplicas = 2\n[model]\nattempts = 1\nrequire = {require}\n");
        let path = folder.write("leads.toml", &text);
        let said = omnisim(arguments!["model", path]);
        assert_eq!(said.code, Some(code), "{require}\n{said:?}");
    }
}
