//! How a search goes: in which order, within what limits, and what it leaves out because
//! something else shows the same.

use crate::arguments;
use crate::common::{Folder, Said, kv, omnisim, scenario, scenario_path};
use omnisim::explore::{Explored, Limits, Progress, Reduction, Search};
use omnisim::scenario::Scenario;

fn explored(scenario: &Scenario, limits: &Limits) -> Explored {
    let explored = kv().explore(scenario, limits, &mut |_: Progress| {});
    explored.unwrap_or_else(|error| panic!("{error}"))
}

fn without(reductions: &[Reduction]) -> Limits {
    Limits {
        without: reductions.to_vec(),
        ..Limits::default()
    }
}

fn broken(explored: &Explored) -> Option<&'static str> {
    assert_eq!(explored.flaw, None);
    explored.violation.as_ref().map(|violation| violation.check)
}

#[test]
fn a_search_that_leaves_nothing_out_gives_the_same_verdicts() {
    for name in [
        "forgotten_promise",
        "lost_messages",
        "one_crash",
        "two_voices",
        "two_writers",
        "wide_quorum",
    ] {
        let scenario = scenario(&format!("model/{name}"));
        let reduced = explored(&scenario, &Limits::default());
        let whole = explored(&scenario, &without(&Reduction::ALL));
        assert!(!reduced.reductions.is_empty(), "{name} is reduced");
        assert!(whole.reductions.is_empty(), "{name}");
        assert_eq!(broken(&reduced), broken(&whole), "{name}");
        if broken(&whole).is_none() {
            assert_eq!(reduced.complete, whole.complete, "{name}");
            assert_eq!(reduced.reached, whole.reached, "{name}");
            // Clients whose parts are exchanged have another history, which shows the same.
            let exchanged = reduced.reductions.contains(&Reduction::Clients);
            assert_eq!(
                reduced.histories < whole.histories,
                exchanged,
                "{name}: {} and {}",
                reduced.histories,
                whole.histories
            );
            let (fewer, more) = (reduced.progress, whole.progress);
            assert!(fewer.unique_states < more.unique_states, "{name}");
        }
    }
}

#[test]
fn each_reduction_alone_gives_the_same_verdict_with_fewer_states() {
    for (name, reduction) in [
        ("one_crash", Reduction::Restarts),
        ("lost_messages", Reduction::Losses),
        ("two_writers", Reduction::Clients),
    ] {
        let scenario = scenario(&format!("model/{name}"));
        let with = explored(&scenario, &Limits::default());
        let without = explored(&scenario, &without(&[reduction]));
        assert_eq!(broken(&with), broken(&without), "{name}");
        let (fewer, more) = (with.progress.unique_states, without.progress.unique_states);
        assert!(fewer < more, "{name}, {reduction}: {fewer} and {more}");
    }
}

#[test]
fn depth_first_finds_the_same_states_and_the_same_violations() {
    let depth_first = Limits {
        search: Search::DepthFirst,
        ..Limits::default()
    };
    for name in ["one_attempt", "two_replicas", "stale_read", "two_voices"] {
        let scenario = scenario(&format!("model/{name}"));
        let (wide, deep) = (
            explored(&scenario, &Limits::default()),
            explored(&scenario, &depth_first),
        );
        assert_eq!(broken(&wide), broken(&deep), "{name}");
        if broken(&wide).is_none() {
            assert_eq!(wide.progress.unique_states, deep.progress.unique_states);
            assert_eq!(wide.reached, deep.reached, "{name}");
        } else {
            assert!(wide.schedule.len() <= deep.schedule.len(), "{name}");
        }
    }
}

#[test]
fn random_walks_are_the_same_for_a_seed_and_never_complete() {
    let walks = |seed| Limits {
        search: Search::Random { seed, walks: 300 },
        ..Limits::default()
    };
    let passes = scenario("model/one_attempt");
    let explored_twice = [(); 2].map(|()| explored(&passes, &walks(7)));
    let [one, other] = explored_twice;
    assert_eq!(broken(&one), None);
    assert!(!one.complete, "nobody knows what other walks find");
    assert_eq!(one.progress.walks, Some(300));
    assert_eq!(one.progress.states, other.progress.states);
    let fails = scenario("model/stale_read");
    let [one, other] = [(); 2].map(|()| explored(&fails, &walks(7)));
    assert_eq!(broken(&one), Some("linearizability"));
    assert_eq!(one.schedule, other.schedule);
}

fn model(arguments: &[&str], name: &str) -> Said {
    let path = scenario_path(&format!("model/{name}"));
    let folder = Folder::new();
    let path = path.to_str().expect("it is plain");
    let out = folder.path().to_str().expect("it is plain");
    let all = ["model", path, "--out", out];
    omnisim(all.iter().chain(arguments))
}

#[test]
fn a_limit_that_is_reached_makes_the_result_unknown_and_is_named() {
    for (arguments, bound) in [
        (["--memory-limit", "1MiB"], "the memory limit of 1 MiB"),
        (["--time-limit", "300ms"], "the time limit of 300ms"),
        (["--states", "1000"], "the limit of 1,000 states"),
    ] {
        let said = model(&arguments, "crash_and_losses");
        assert_eq!(said.code, Some(3), "{said:?}");
        let wanted = format!("unknown: {bound} came before every schedule was taken");
        assert!(said.out.contains(&wanted), "{}", said.out);
    }
}

#[test]
fn what_random_walks_do_not_find_is_unknown() {
    let arguments = ["--search", "random", "--walks", "20", "--seed", "3"];
    let said = model(&arguments, "one_attempt");
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.out.contains("on 20 random walks"), "{}", said.out);
    assert!(said.out.contains("prove nothing"), "{}", said.out);
}

#[test]
fn what_is_no_search_is_told_with_what_would_be_one() {
    for (arguments, complaint) in [
        (
            ["--search", "sideways"],
            "breadth-first, depth-first, random",
        ),
        (["--memory-limit", "4"], "KiB, MiB or GiB, as 4GiB"),
        (["--without-reduction", "luck"], "restarts, losses, clients"),
    ] {
        let said = model(&arguments, "one_attempt");
        assert_eq!(said.code, Some(2), "{said:?}");
        said.complains(&[complaint]);
    }
}

#[test]
fn a_long_way_to_a_violation_shrinks_to_the_length_of_a_shortest() {
    let folder = Folder::new();
    let out = folder.path();
    let path = scenario_path("model/stale_read");
    let said = omnisim(arguments![
        "model", path, "--out", out, "--search", "random", "--seed", "2"
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let repro = out.join("stale_read-schedule.repro.toml");
    let said = omnisim(arguments![
        "shrink", repro, "--out", out, "--format", "json"
    ]);
    let object = said.objects().remove(0);
    assert_eq!(object["actions_before"], 11, "{object}");
    assert_eq!(object["actions_after"], 7, "{object}");
}
