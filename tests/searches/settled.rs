//! Exhaustive search looks at what comes of each state once nothing fails any more, and cuts
//! links for as long as it takes.

use crate::arguments;
use crate::common::{Folder, kv, omnisim};
use omnisim::explore::{Explored, Limits, Played, Progress, Reduction};
use omnisim::scenario::Scenario;

const ONE_ATTEMPT: &str = "[model]\nattempts = 1\nattempts_at = [1]\n\
    clients = [{ at = 1, does = [\"write\"] }]\n";

fn scenario(tables: &str) -> Scenario {
    Scenario::parse("settled", tables).unwrap_or_else(|error| panic!("{error}"))
}

fn explored(tables: &str, limits: &Limits) -> Explored {
    let explored = kv().explore(&scenario(tables), limits, &mut |_: Progress| {});
    let explored = explored.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(explored.flaw, None);
    explored
}

fn played(tables: &str, lines: &[&str]) -> Played {
    let player = kv().player(&scenario(tables), &Limits::default());
    let player = player.unwrap_or_else(|error| panic!("{error}"));
    let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
    player.play(&lines).expect("these are lines")
}

/// Takes all lines but for the last, which cannot happen.
fn stops_at_the_last(tables: &str, lines: &[&str]) {
    let played = played(tables, lines);
    let places: Vec<_> = played.passed_over.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [lines.len() - 1], "{:?}", played.passed_over);
}

fn happens(tables: &str, lines: &[&str]) {
    let played = played(tables, lines);
    assert_eq!(played.passed_over, [], "{lines:?}");
    assert_eq!(played.violation, None, "{lines:?}");
}

#[test]
fn that_everything_settles_is_looked_at_beside_the_search_and_changes_nothing_in_it() {
    let with = explored(
        &format!("{ONE_ATTEMPT}settles = true\n"),
        &Limits::default(),
    );
    let without = explored(ONE_ATTEMPT, &Limits::default());
    assert_eq!((&with.violation, &without.violation), (&None, &None));
    assert!(with.complete && without.complete);
    assert_eq!(with.progress.unique_states, without.progress.unique_states);
    assert_eq!(with.replica_states, without.replica_states);
    assert_eq!(without.settled, None);
    assert!(with.settled > Some(1), "{:?}", with.settled);
}

#[test]
fn the_system_settles_from_whatever_small_searches_come_by() {
    for name in [
        "batches",
        "heartbeats",
        "retried_write",
        "taken_later",
        "two_replicas",
    ] {
        let mut scenario = crate::common::scenario(&format!("model/{name}"));
        let model = scenario.model.as_mut().expect("it has bounds");
        model.settles = true;
        let explored = kv().explore(&scenario, &Limits::default(), &mut |_: Progress| {});
        let explored = explored.expect("the scenario suits the system");
        assert_eq!(explored.violation, None, "{name}");
        assert!(explored.complete && explored.flaw.is_none(), "{name}");
        assert!(
            explored.settled > Some(100),
            "{name}: {:?}",
            explored.settled
        );
    }
}

#[test]
fn a_batch_that_is_not_full_may_wait_for_the_leaders_flush_timer_and_then_for_a_followers() {
    for (flush_ticks, leader) in [(3, 1), (11, 3), (20, 3), (35, 2)] {
        let tables = format!(
            "[system]\nbatch_size = 5\nflush_ticks = {flush_ticks}\n\
             [model]\nattempts = 1\nattempts_at = [{leader}]\nsettles = true\n\
             clients = [{{ at = 1, does = [\"write\"] }}]\n"
        );
        let explored = explored(&tables, &Limits::default());
        assert_eq!(explored.violation, None, "{flush_ticks} {leader}");
        assert_eq!(
            explored.missing,
            [],
            "settling answers what no tick flushed before"
        );
        assert!(explored.complete);
    }
}

#[test]
fn a_schedule_after_which_nothing_settles_is_a_repro_file_that_replays_and_shrinks() {
    let folder = Folder::new();
    let text = format!("[selftest]\nplanted = \"decide-not-sent\"\n{ONE_ATTEMPT}settles = true\n");
    let path = folder.write("undecided.toml", &text);
    let out = folder.path();
    let said = omnisim(arguments!["model", path, "--out", out, "--format", "json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let object = said.objects().remove(0);
    assert_eq!(object["violation"]["check"], "completion");
    assert_eq!(object["violation"]["class"], "liveness");
    let actions = object["actions"].as_array().expect("a list");
    assert_eq!(actions.last(), Some(&"settle".into()), "{actions:?}");
    let properties = object["properties"].as_array().expect("a list");
    let listed = properties.iter().find(|one| one["name"] == "completion");
    assert_eq!(listed.expect("it is listed")["holds"], false);
    let repro = object["repro"].as_str().expect("something was broken");
    let said = omnisim(arguments!["replay", repro, "--trace"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.out.contains("VIOLATION completion"), "{}", said.out);
    assert!(said.out.contains("nothing fails any more"), "{}", said.out);
    assert!(said.out.contains("decided up to 1"), "{}", said.out);
    let said = omnisim(arguments![
        "shrink", repro, "--out", out, "--format", "json"
    ]);
    let object = said.objects().remove(0);
    assert_eq!(object["actions_before"], object["actions_after"]);
}

#[test]
fn what_settles_is_said_where_a_schedule_asks_for_it() {
    let tables = format!("{ONE_ATTEMPT}settles = true\n");
    let played = played(&tables, &["ask c1#1", "settle", "attempt r1", "settle"]);
    assert_eq!(played.violation, None);
    let [(1, settles), (3, is_busy)] = played.passed_over.as_slice() else {
        panic!("{:?}", played.passed_over);
    };
    assert!(settles.contains("everything settles here"), "{settles}");
    assert!(is_busy.contains("cannot happen here"), "{is_busy}");
}

#[test]
fn a_command_whose_client_asks_on_has_to_be_answered() {
    let tables = |bug: &str| {
        format!(
            "[selftest]\n{bug}[workload]\nretry = \"next\"\n{ONE_ATTEMPT}crashes = 1\n\
             crash_between_handlers = true\nsettles = true\n"
        )
    };
    let lines = ["ask c1#1", "crash r1", "start r1"];
    let to = |peers: [u8; 2]| peers.map(|peer| format!("session r1>r{peer}"));
    let from = |peers: [u8; 2]| peers.map(|peer| format!("session r{peer}>r1"));
    let news: Vec<_> = to([2, 3]).into_iter().chain(from([2, 3])).collect();
    let news = news.iter().map(String::as_str);
    let asks =
        ["r2>r1", "r3>r1", "r1>r2", "r1>r3"].map(|link| format!("deliver {link} PrepareReq"));
    let asks = asks.iter().map(String::as_str);
    let lines = lines.into_iter().chain(news).chain(asks);
    let lines: Vec<_> = lines.chain(["settle"]).collect();
    let clean = played(&tables(""), &lines);
    assert_eq!(clean.violation, None);
    let [(last, settles)] = clean.passed_over.as_slice() else {
        panic!("{:?}", clean.passed_over);
    };
    assert_eq!(*last, lines.len() - 1);
    assert!(settles.contains("everything settles here"), "{settles}");
    let broken = played(&tables("planted = \"retry-ignored\"\n"), &lines);
    assert_eq!(broken.passed_over, []);
    let violation = broken.violation.expect("its client waits for ever");
    assert_eq!(violation.check, "completion");
}

#[test]
fn a_cut_ends_a_session_for_as_long_as_it_lasts() {
    let tables = format!("{ONE_ATTEMPT}cuts = 1\nlosses = 1\n");
    let begin = ["attempt r1", "cut r1-r2"];
    let then = |lines: &[&'static str]| [&begin, lines].concat();
    let arrives = "deliver r1>r2 Prepare";
    happens(&tables, &then(&[arrives]));
    stops_at_the_last(&tables, &then(&[arrives, "deliver r2>r1 Promise"]));
    stops_at_the_last(&tables, &then(&["session r1>r2"]));
    happens(&tables, &then(&["heal r1-r2", arrives, "session r1>r2"]));
    happens(
        &tables,
        &then(&["heal r1-r2", "session r1>r2", "session r2>r1"]),
    );
    stops_at_the_last(&tables, &then(&["heal r1-r2", "session r1>r2", arrives]));
    stops_at_the_last(&tables, &then(&["heal r1-r2", "cut r1-r2"]));
    stops_at_the_last(&tables, &["heal r1-r2"]);
}

#[test]
fn a_replica_that_restarts_behind_a_cut_hears_of_its_session_when_it_heals() {
    let tables = format!("{ONE_ATTEMPT}cuts = 1\ncrashes = 1\n");
    let begin = ["cut r1-r2", "crash r1", "start r1"];
    let then = |lines: &[&'static str]| [&begin, lines].concat();
    happens(&tables, &then(&["session r1>r3", "session r3>r1"]));
    stops_at_the_last(&tables, &then(&["session r2>r1"]));
    happens(&tables, &then(&["heal r1-r2", "session r2>r1"]));
    let lines = ["cut r1-r2", "crash r1", "heal r1-r2", "start r1"];
    happens(&tables, &[&lines[..], &["session r2>r1"]].concat());
}

#[test]
fn a_cut_loses_what_would_arrive_where_there_are_no_sessions() {
    for contract in ["lossy", "datagram"] {
        let tables = format!("[network]\ncontract = \"{contract}\"\n{ONE_ATTEMPT}cuts = 1\n");
        let begin = ["attempt r1", "cut r1-r2"];
        let then = |lines: &[&'static str]| [&begin, lines].concat();
        let arrives = "deliver r1>r2 Prepare";
        stops_at_the_last(&tables, &then(&[arrives]));
        happens(&tables, &then(&["lose r1>r2 Prepare"]));
        happens(&tables, &then(&["heal r1-r2", arrives]));
        stops_at_the_last(&tables, &["attempt r1", "lose r1>r2 Prepare"]);
        let lost = ["cut r1-r2", "attempt r1", "heal r1-r2", arrives];
        stops_at_the_last(&tables, &lost);
    }
}

#[test]
fn a_crash_takes_the_last_writes_of_a_disk_that_was_not_synced() {
    let disk = "[disk]\ncontract = \"unsynced\"\n";
    let tables = format!("{disk}{ONE_ATTEMPT}crashes = 2\nunsynced = 1\n");
    let promised = ["attempt r1", "deliver r1>r2 Prepare", "crash r2"];
    let then = |lines: &[&'static str]| [&promised, lines].concat();
    happens(&tables, &then(&["start r2 without 1"]));
    stops_at_the_last(&tables, &then(&["start r2 without 2"]));
    let again = ["start r2 without 1", "crash r2", "start r2 without 1"];
    stops_at_the_last(&tables, &then(&again));
    let shows = |lines: &[&'static str]| {
        let played = played(&tables, &then(lines));
        let last = played.schedule.last().expect("it happened").clone();
        last.shows
            .iter()
            .any(|shown| shown.contains("promises (1 of 1)"))
    };
    assert!(shows(&["start r2"]), "the disk holds it");
    assert!(!shows(&["start r2 without 1"]), "it is gone");
}

#[test]
fn searches_with_cuts_and_rest_leave_nothing_out_that_shows() {
    let whole = Limits {
        without: Reduction::ALL.to_vec(),
        ..Limits::default()
    };
    let small = "[cluster]\nreplicas = 2\n";
    let bounds = "cuts = 1\ncrashes = 1\nsettles = true\n";
    for network in ["", "[network]\ncontract = \"lossy\"\n"] {
        let tables = format!("{small}{network}{ONE_ATTEMPT}{bounds}");
        let (reduced, all) = (
            explored(&tables, &Limits::default()),
            explored(&tables, &whole),
        );
        assert_eq!((&reduced.violation, &all.violation), (&None, &None));
        assert!(reduced.complete && all.complete);
        assert_eq!(reduced.reached, all.reached);
        assert_eq!(reduced.settled, all.settled, "the same states at rest");
        assert!(reduced.progress.unique_states < all.progress.unique_states);
    }
}
