//! A fault that a scenario names tells whether it began and what it struck; a scenario whose
//! fault never struck anything is incomplete, unless it says that this may be.

use crate::arguments;
use crate::common::{Folder, Said, fault_that_strikes, omnisim, run};
use omnisim::nemesis::{FaultKind, FaultSource};
use omnisim::scenario::Scenario;
use omnisim::search::{Judged, ScenarioTally};
use omnisim::world::RunOptions;

const SHORT: &str = "[workload]\nphases = [{ duration = \"2s\", requests_per_sec = 30 }]\n";

/// Kinds of fault that begin and have nothing to strike, with their keys. Cuts break
/// sessions, and crashes strike whoever is up: those strike nothing behind a crash.
const IDLE: [(FaultKind, &str); 9] = [
    (FaultKind::Clog, "links = [[1, 2]]"),
    (
        FaultKind::Hold,
        "links = [[1, 2]]\nmessage = \"ForwardStopSign\"",
    ),
    (
        FaultKind::CrashAtWrite,
        "replica = 1\nwrite = 70000\npoint = \"after\"",
    ),
    (FaultKind::DiskError, "replica = 3\nwrite = 70000"),
    (FaultKind::Pause, "replica = 2"),
    (FaultKind::Slow, "replica = 2\nby = \"1ms\""),
    (FaultKind::SlowDisk, "replica = 2\nby = \"1ms\""),
    // Nobody reads a clock without a start signal.
    (FaultKind::ClockStep, "replica = 1\nby = \"1ms\""),
    (FaultKind::ClockLie, "replica = 1\nby = \"1ms\""),
];

/// The tally of ten seeds of a scenario with one such fault, which begins at a time and
/// strikes for so long.
fn tally(kind: FaultKind, (keys, tables): (&str, &str), at: &str, lasts: &str) -> Judgement {
    let lasts = if kind.is_momentary() {
        String::new()
    } else {
        format!("for = \"{lasts}\"\n")
    };
    let text = format!(
        "{tables}{SHORT}[[fault]]\nat = \"{at}\"\n{lasts}kind = \"{kind}\"\n{keys}\n\
         [check]\nwithout = [\"completion\", \"convergence\"]\n"
    );
    let scenario = Scenario::parse("strikes", &text).unwrap_or_else(|error| panic!("{error}"));
    let mut tally = ScenarioTally::default();
    for seed in 0..10 {
        tally.add(&scenario, &run(&scenario, seed, RunOptions::default()));
    }
    Judgement {
        told: tally.impacts[&FaultSource::Fault(0)].to_string(),
        judged: tally.judge(&scenario),
    }
}

struct Judgement {
    told: String,
    judged: Judged,
}

#[test]
fn every_kind_of_fault_that_strikes_says_what_it_struck() {
    for kind in FaultKind::ALL {
        let at = match kind {
            FaultKind::ClockStep | FaultKind::ClockLie => "190ms",
            _ => "700ms",
        };
        let Judgement { told, judged } = tally(kind, fault_that_strikes(kind), at, "300ms");
        assert_eq!(judged, Judged::AsExpected, "{kind}: {told}");
        let struck = match kind {
            FaultKind::Partition | FaultKind::Isolate | FaultKind::OneWay | FaultKind::Cut => {
                "messages lost"
            }
            FaultKind::Clog | FaultKind::Hold => "messages held",
            FaultKind::Repeat => "messages repeated",
            FaultKind::SessionBreak => "sessions broken 10",
            FaultKind::Crash | FaultKind::CrashAtWrite => "crashes 10",
            FaultKind::Pause => "inputs delayed",
            FaultKind::Slow => "handlers slowed",
            FaultKind::SlowDisk => "writes slowed",
            FaultKind::DiskError => "disk calls failed 10",
            FaultKind::ClockStep | FaultKind::ClockLie => "wrong clock readings",
            kind => panic!("say here what is counted of a {kind}"),
        };
        assert!(told.contains(struck), "{kind}: {told}");
    }
}

#[test]
fn a_fault_that_begins_and_strikes_nothing_makes_its_scenario_incomplete() {
    for (kind, keys) in IDLE {
        let Judgement { told, judged } = tally(kind, (keys, ""), "1s", "1ns");
        let Judged::Incomplete(why) = judged else {
            panic!("{kind} cannot strike: {told}")
        };
        assert!(why.contains("fault[0] ("), "{why}");
        assert!(
            why.contains("began and struck nothing in 10 seeds"),
            "{why}"
        );
    }
}

#[test]
fn a_fault_on_a_replica_that_is_down_strikes_nothing() {
    let down = "[[fault]]\nat = \"500ms\"\nkind = \"crash\"\nreplica = 2\n";
    for second in [
        "kind = \"crash\"\nreplica = 2",
        "kind = \"pause\"\nreplica = 2\nfor = \"100ms\"",
        "kind = \"slow\"\nreplica = 2\nby = \"1ms\"\nfor = \"100ms\"",
        "kind = \"crash_at_write\"\nreplica = 2\nwrite = 1\npoint = \"before\"",
        "kind = \"session_break\"\nlinks = [[1, 2]]",
        "kind = \"cut\"\nlinks = [[1, 2]]\nfor = \"100ms\"",
    ] {
        let text = format!("{SHORT}{down}[[fault]]\nat = \"1s\"\n{second}\n");
        let scenario = Scenario::parse("down", &text).unwrap_or_else(|error| panic!("{error}"));
        let outcome = run(&scenario, 3, RunOptions::default());
        assert!(!outcome.impacts[&FaultSource::Fault(0)].is_void());
        let impact = &outcome.impacts[&FaultSource::Fault(1)];
        assert_eq!(
            (impact.began, impact.is_void()),
            (1, true),
            "{second}: {impact}"
        );
    }
}

#[test]
fn actions_and_targeted_faults_count_too() {
    let text = format!(
        "{SHORT}[[fault]]\nat = \"500ms\"\nkind = \"crash\"\nreplica = 2\n\
         [[action]]\nat = \"1s\"\nreplica = 2\ndo = \"try_become_leader\"\n\
         [[action]]\nat = \"1s\"\nreplica = 1\ndo = \"try_become_leader\"\n\
         [[nemesis.targeted]]\non = \"accepted\"\nkind = \"pause\"\nchance = 0.5\nfor = \"5ms\"\n\
         [[nemesis.targeted]]\non = \"accepted\"\nkind = \"pause\"\nchance = 0.000001\nfor = \"5ms\"\n"
    );
    let scenario = Scenario::parse("acts", &text).unwrap_or_else(|error| panic!("{error}"));
    let mut tally = ScenarioTally::default();
    tally.add(&scenario, &run(&scenario, 1, RunOptions::default()));
    let missed = tally.missed(&scenario);
    assert_eq!(
        missed,
        [FaultSource::Targeted(1), FaultSource::Action(0)],
        "{:?}",
        tally.impacts
    );
}

/// Runs a scenario of one file, seed 0.
fn said(folder: &Folder, text: &str, more: &[&str]) -> Said {
    let path = folder.write("idle.toml", text);
    let mut all = arguments!["run", path, "--seed", "0", "--out", folder.path()].to_vec();
    all.extend(more.iter().map(Into::into));
    omnisim(all)
}

const NEVER: &str = "[[fault]]\non = \"accepted\"\nnth = 400000\nfor = \"300ms\"\n\
                     kind = \"crash\"\nreplica = \"leader\"\n";

#[test]
fn a_run_whose_fault_never_began_exits_3_and_names_its_line() {
    let folder = Folder::new();
    let said = said(&folder, &format!("{SHORT}{NEVER}"), &[]);
    assert_eq!(said.code, Some(3), "{said:?}");
    for part in [
        "fault[0] (crash the leader): never began",
        "INCOMPLETE idle: fault[0] (crash the leader) never began in 1 seed",
        "may_miss = true",
        "idle.toml:3: fault[0]",
    ] {
        assert!(said.out.contains(part), "{part:?} is not in {}", said.out);
    }
}

#[test]
fn a_fault_that_may_miss_is_told_and_does_not_count() {
    let folder = Folder::new();
    let text = format!("{SHORT}{NEVER}may_miss = true\n");
    let said = said(&folder, &text, &["--format", "json"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let object = &said.objects()[0];
    let fault = &object["scripted"][0];
    assert_eq!(fault["key"], "fault[0]");
    assert_eq!(
        (&fault["began"], &fault["may_miss"]),
        (&0.into(), &true.into())
    );
    assert_eq!(fault["struck"], serde_json::json!({}));
}

#[test]
fn a_repro_whose_fault_never_struck_is_replayed_all_the_same() {
    let folder = Folder::new();
    let said = said(&folder, &format!("{SHORT}{NEVER}"), &["--save"]);
    assert_eq!(said.code, Some(3), "{said:?}");
    let repro = folder.path().join("idle-0.repro.toml");
    let said = omnisim(arguments!["replay", repro]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

#[test]
fn random_kinds_that_never_began_are_told_and_do_not_count() {
    let folder = Folder::new();
    let text = format!("{SHORT}[nemesis]\ncrash = {{ every = \"1000h\" }}\n");
    let said = said(&folder, &text, &["--seeds", "0..2"]);
    assert_eq!(said.code, Some(2), "one of --seed and --seeds is enough");
    let path = folder.path().join("idle.toml");
    let said = omnisim(arguments![
        "run",
        path,
        "--seeds",
        "0..2",
        "--out",
        folder.path()
    ]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.out.contains("never began: nemesis.crash"),
        "{}",
        said.out
    );
}

#[test]
fn a_check_that_may_fail_and_has_nothing_to_evaluate_makes_the_run_incomplete() {
    let text = "[selftest]\nplanted = \"cas-always-yes\"\n\
                [workload]\nphases = [{ duration = \"2s\" }]\nmix = { put = 1, cas = 1 }\n\
                [check]\nexpect = \"violation\"\nviolates = [\"linearizability\"]\nseeds = 3\n\
                may_violate = [\"snapshot_fold\"]\n";
    let scenario = Scenario::parse("idle", text).unwrap_or_else(|error| panic!("{error}"));
    let mut tally = ScenarioTally::default();
    for seed in 0..3 {
        tally.add(&scenario, &run(&scenario, seed, RunOptions::default()));
    }
    let judged = tally.judge(&scenario);
    let Judged::Incomplete(why) = judged else {
        panic!("there are no snapshots to fold: {judged:?}")
    };
    assert!(
        why.contains("snapshot_fold, which may fail, had nothing to evaluate"),
        "{why}"
    );
}

#[test]
fn a_replica_with_a_name_is_struck_by_it_and_called_so_in_the_trace() {
    let text = |replica: &str| {
        format!(
            "cluster.names = [\"head\", \"middle\", \"tail\"]\n{SHORT}\
             [[fault]]\nat = \"1s\"\nfor = \"100ms\"\nkind = \"crash\"\nreplica = {replica}\n"
        )
    };
    let outcome = |replica: &str| {
        let scenario = Scenario::parse("named", &text(replica));
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
        let options = RunOptions {
            trace: Some(omnisim::world::Shown::All),
            ..RunOptions::default()
        };
        run(&scenario, 3, options)
    };
    let (by_name, by_number) = (outcome("\"tail\""), outcome("3"));
    assert_eq!(
        by_name.operations, by_number.operations,
        "tail is replica 3"
    );
    let has = |who: &str, words: &str| {
        let mut lines = by_name.trace.iter();
        lines.any(|line| line.who == who && line.what.contains(words))
    };
    assert!(has("r3", "CRASHES") && has("r3", "starts, incarnation 2, called tail"));
}
