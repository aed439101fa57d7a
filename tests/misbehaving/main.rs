//! Code under test may do anything, and so may omnisim: it is told, with scenario, seed and a
//! repro file, and the hunt goes on wherever it can.
//!
//! The program that is tested is this one: started with a misdeed in its environment it is the
//! command line of a system that commits it.

mod catches;
mod commands;
#[path = "../common/mod.rs"]
mod common;
mod long_searches;
mod searches;
mod system;

use std::process::{Command, ExitCode, Stdio};

use catches::*;
use commands::*;
use common::{Folder, Said};
use long_searches::*;
use omnisim::search::{Testable, Whole};
use omnisim::systems::BUILT_IN;
use searches::*;
use system::{MISDEED, Misbehaving};

fn main() -> ExitCode {
    if std::env::var_os(MISDEED).is_some() {
        let systems = [<Whole<Misbehaving> as Testable>::RUNNER, BUILT_IN[0]];
        return omnisim::cli::main(Box::leak(Box::new(systems)));
    }
    let wanted = std::env::args()
        .nth(1)
        .filter(|word| !word.starts_with('-'));
    for (name, test) in TESTS {
        if wanted
            .as_ref()
            .is_none_or(|wanted| name.contains(wanted.as_str()))
        {
            println!("{name} ...");
            test();
        }
    }
    ExitCode::SUCCESS
}

macro_rules! tests {
    ($($test:ident),* $(,)?) => {
        const TESTS: &[(&str, fn())] = &[$((stringify!($test), $test)),*];
    };
}

tests![
    a_system_that_behaves_passes,
    a_panic_beside_replicas_is_a_violation_with_its_place_and_replays,
    a_violation_is_not_lost_because_it_cannot_be_described,
    a_panic_of_omnisim_is_told_kept_and_no_verdict_on_the_system,
    traffic_that_feeds_itself_is_a_violation_with_its_kind_of_message,
    a_run_beyond_a_budget_is_unknown_and_the_hunt_goes_on,
    code_that_does_not_return_is_told_with_its_place_and_kept,
    a_seed_that_ends_the_process_is_told_by_the_next_and_skipped_in_the_end,
    memory_that_runs_out_is_told_with_the_seed_and_left_for_the_next,
    two_hunts_in_one_folder_are_refused,
    a_signal_and_the_end_of_its_time_stop_a_run_that_is_under_way,
    every_schedule_of_a_system_that_behaves_passes,
    a_panic_beside_replicas_is_a_violation_with_the_schedule_that_led_there,
    a_violation_of_a_schedule_is_not_lost_because_it_cannot_be_described,
    a_panic_of_omnisim_in_a_search_is_no_verdict_on_the_system,
    code_that_does_not_return_ends_a_search_with_the_schedule_that_led_there,
    a_search_that_ends_the_process_leaves_its_schedule_to_the_next,
    runs_outside_the_contract_that_shrink_to_within_it_are_one_finding_with_those,
    a_signal_ends_a_long_search_of_a_run_a_hunt_and_a_shrink,
    the_end_of_its_time_ends_a_long_search_of_a_hunt_and_a_shrink,
    the_same_run_is_over_soon_where_its_search_has_few_steps,
    memory_that_runs_out_in_a_search_is_told_with_its_scenario,
    a_swarm_is_drawn_for_the_system_that_is_named,
    graphs_tell_of_a_panic_and_keep_the_run,
    a_panic_of_omnisim_is_no_bug_that_was_found,
    a_candidate_that_hangs_ends_a_shrink_and_takes_nothing_away,
    a_shrink_that_ends_the_process_is_told_by_the_next_command,
];

/// Two scenarios: in one of them the misdeed is committed.
const BAD: &str = "bad";
const GOOD: &str = "good";

fn folder() -> Folder {
    let folder = Folder::new();
    for (name, keys) in [(BAD, 1), (GOOD, 2)] {
        let text = format!(
            "cluster.system = \"misbehaving\"\nnetwork.contract = \"datagram\"\n\
             check.settle.bound = \"500ms\"\nworkload.keys.count = {keys}\n\
             workload.phases = [{{ duration = \"2s\", requests_per_sec = 20 }}]\n"
        );
        folder.write(&format!("{name}.toml"), &text);
    }
    folder
}

/// This program as the command line of the system that commits a misdeed.
fn program(folder: &Folder, misdeed: &str, arguments: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("it runs"));
    command
        .args(arguments.split_whitespace())
        .current_dir(folder.path())
        .env(MISDEED, misdeed)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn said(folder: &Folder, misdeed: &str, arguments: &str) -> Said {
    let output = program(folder, misdeed, arguments).output();
    output.expect("it can be started").into()
}

#[track_caller]
fn tells(said: &Said, parts: &[&str]) {
    for part in parts {
        assert!(said.out.contains(part), "{part:?} is not in {said:?}");
    }
}

fn a_system_that_behaves_passes() {
    let folder = folder();
    for name in [BAD, GOOD] {
        let run = said(
            &folder,
            "none",
            &format!("run {name}.toml --seeds 0..5 --quiet"),
        );
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{run:?}");
    }
    assert_eq!(folder.names(), ["bad.toml", "good.toml"], "nothing is left");
}

fn a_panic_beside_replicas_is_a_violation_with_its_place_and_replays() {
    for misdeed in ["panic in a workload", "panic in a model"] {
        let folder = folder();
        let run = said(&folder, misdeed, "run bad.toml --seed 7");
        assert_eq!(run.code, Some(1), "{run:?}");
        tells(
            &run,
            &[
                "violation of panic in bad, seed 7",
                "code under test, outside of any replica, panicked: no",
                "misbehaving/system.rs:",
                "repro     reports/bad-7.repro.toml",
            ],
        );
        let again = said(&folder, misdeed, "replay reports/bad-7.repro.toml");
        assert_eq!(again.code, Some(1), "{again:?}");
        let innocent = said(&folder, "none", "replay reports/bad-7.repro.toml");
        assert_eq!(innocent.code, Some(5), "{innocent:?}");
    }
}

fn a_violation_is_not_lost_because_it_cannot_be_described() {
    let folder = folder();
    let run = said(&folder, "panic in describe", "run bad.toml --seed 7");
    assert_eq!(run.code, Some(1), "{run:?}");
    tells(
        &run,
        &[
            "violation of linearizability in bad",
            "to describe it panics at",
        ],
    );
    let trace = "replay reports/bad-7.repro.toml --trace";
    let again = said(&folder, "panic in describe", trace);
    assert_eq!(again.code, Some(1), "{again:?}");

    let run = said(&folder, "panic in Debug", "run bad.toml --seed 7 --save");
    assert_eq!(run.code, Some(0), "nobody asked for words: {run:?}");
    let again = said(&folder, "panic in Debug", trace);
    assert_eq!(again.code, Some(0), "{again:?}");
    tells(&again, &["to describe it panics at"]);
}

fn a_panic_of_omnisim_is_told_kept_and_no_verdict_on_the_system() {
    let folder = folder();
    let hunt = "hunt bad.toml good.toml --seeds 0..3 --keep-going --no-shrink --quiet";
    let hunt = said(&folder, "panic of omnisim", hunt);
    assert_eq!(hunt.code, Some(70), "{hunt:?}");
    tells(
        &hunt,
        &[
            "caught omnisim at src/testing.rs:",
            "omnisim itself (a bug of omnisim, not of the system) panicked: as a test asked",
            "in 6 runs",
        ],
    );
    let run = said(
        &folder,
        "panic of omnisim",
        "run bad.toml --seed 0 --format json",
    );
    assert_eq!(run.code, Some(70), "{run:?}");
    assert_eq!(run.objects()[0]["verdict"], "unknown");
    let again = said(
        &folder,
        "panic of omnisim",
        "replay reports/bad-0.repro.toml",
    );
    assert_eq!(again.code, Some(70), "{again:?}");
}

fn traffic_that_feeds_itself_is_a_violation_with_its_kind_of_message() {
    let folder = folder();
    let run = said(
        &folder,
        "rumours",
        "run bad.toml good.toml --seed 7 --quiet",
    );
    assert_eq!(run.code, Some(1), "{run:?}");
    tells(
        &run,
        &[
            "FAILED bad: bounded_traffic failed in seed 7",
            "violation of bounded_traffic in bad, seed 7",
            "replicas send without end",
            " Rumour",
            "ok good",
        ],
    );
    let again = said(
        &folder,
        "rumours",
        "replay reports/bad-7.repro.toml --format json",
    );
    assert_eq!(again.code, Some(1), "{again:?}");
    let object = &again.objects()[0];
    let remarks = object["remarks"].to_string();
    assert!(remarks.contains("budget.under_way"), "{remarks}");
}

fn a_run_beyond_a_budget_is_unknown_and_the_hunt_goes_on() {
    let folder = folder();
    let run = said(
        &folder,
        "none",
        "run good.toml --seed 7 --budget-events 500",
    );
    assert_eq!(run.code, Some(3), "{run:?}");
    tells(
        &run,
        &[
            "UNKNOWN",
            "used up its budget of 500 events (budget.events)",
        ],
    );
    let again = said(
        &folder,
        "none",
        "replay reports/good-7.repro.toml --format json",
    );
    assert_eq!(
        again.code,
        Some(3),
        "the budget is part of the repro: {again:?}"
    );
    assert_eq!(again.objects()[0]["events"], 500);
    assert_eq!(again.objects()[0]["budget"]["events"], 500);

    let enough = said(
        &folder,
        "none",
        "run good.toml --seed 7 --budget-events 50000",
    );
    assert_eq!(enough.code, Some(0), "{enough:?}");
    tells(&enough, &["allows 50,000 events"]);

    let hunt = "hunt good.toml --seeds 0..4 --quiet --budget-events 500";
    let hunt = said(&folder, "none", hunt);
    assert_eq!(hunt.code, Some(3), "{hunt:?}");
    tells(
        &hunt,
        &["nothing caught in 4 runs", "reached its budget in 4 runs"],
    );
}

fn code_that_does_not_return_is_told_with_its_place_and_kept() {
    for (misdeed, place) in [
        ("hang in a handler", "since a Request of c"),
        (
            "hang in a model",
            "since the history is judged by the model",
        ),
    ] {
        let folder = folder();
        let hunt = "hunt good.toml bad.toml --seeds 3..9 --quiet --jobs 1 --hang-after 2s";
        let hunt = said(&folder, misdeed, hunt);
        assert_eq!(hunt.code, Some(1), "{hunt:?}");
        tells(
            &hunt,
            &[
                "violation of hang in bad, seed 3",
                "code under test does not return for 2 s",
                place,
                "repro     reports/bad-3.repro.toml",
            ],
        );
        let again = "replay reports/bad-3.repro.toml --hang-after 2s";
        let again = said(&folder, misdeed, again);
        assert_eq!(again.code, Some(1), "{again:?}");
        tells(&again, &["violation of hang in bad, seed 3", place]);

        let rest = "hunt good.toml bad.toml --seeds 3..5 --quiet --hang-after 2s --resume";
        let rest = said(&folder, "none", rest);
        assert_eq!(rest.code, Some(3), "{rest:?}");
        rest.complains(&["bad, seed 3: hung in an earlier hunt, and is skipped"]);
        tells(&rest, &["skipped   1 seed, first 3"]);

        let rest = "hunt good.toml --seeds 3..9 --quiet --hang-after 2s";
        let rest = said(&folder, misdeed, rest);
        assert_eq!(rest.code, Some(0), "{rest:?}");
        rest.complains(&["bad-3.repro.toml: left out, because it does not return"]);
    }
}

fn a_seed_that_ends_the_process_is_told_by_the_next_and_skipped_in_the_end() {
    for misdeed in ["exit", "overflow the stack"] {
        let folder = folder();
        let hunt = "hunt bad.toml --seeds 5..8 --quiet --jobs 1";
        let resume = format!("{hunt} --resume");
        said(&folder, misdeed, hunt);
        let told = "bad, seed 5: was under way when an earlier hunt ended";
        let second = said(&folder, misdeed, &resume);
        second.complains(&[told, "--seeds 5..6"]);
        let third = said(&folder, misdeed, &resume);
        third.complains(&[told]);
        // What can do no harm any more is not skipped for having been beside what did.
        let rest = said(&folder, "none", &resume);
        assert_eq!(rest.code, Some(3), "{rest:?}");
        tells(&rest, &["skipped   1 seed, first 5", "in 3 runs"]);

        let run = said(&folder, misdeed, "run bad.toml --seed 9 --quiet");
        assert_eq!(run.out, "", "{run:?}");
        let next = said(&folder, misdeed, "run good.toml --seed 9 --quiet");
        assert_eq!(next.code, Some(0), "{next:?}");
        next.complains(&["bad, seed 9: was under way when an earlier omnisim ended"]);
        let later = said(&folder, misdeed, "run good.toml --seed 9 --quiet");
        assert_eq!(later.err, "", "told once: {later:?}");
    }
}

fn memory_that_runs_out_is_told_with_the_seed_and_left_for_the_next() {
    let folder = folder();
    let hunt = "hunt bad.toml --seeds 5..8 --quiet --jobs 1 --process-memory 200";
    let hunt = said(&folder, "use up memory", hunt);
    assert_eq!(hunt.code, Some(3), "{hunt:?}");
    hunt.complains(&["--process-memory", "under way are bad, seed 5"]);
    let next = said(
        &folder,
        "none",
        "hunt bad.toml --seeds 5..8 --quiet --resume",
    );
    assert_eq!(next.code, Some(0), "{next:?}");
    next.complains(&["bad, seed 5: was under way when an earlier hunt ended"]);
}

/// A scenario that takes minutes.
fn long(folder: &Folder) {
    let text = std::fs::read_to_string(folder.path().join("good.toml")).expect("it is there");
    folder.write("long.toml", &text.replace("\"2s\"", "\"100000s\""));
}

fn two_hunts_in_one_folder_are_refused() {
    let folder = folder();
    long(&folder);
    let mut first = program(
        &folder,
        "none",
        "hunt long.toml --seeds 0..9 --quiet --jobs 1",
    );
    let mut first = first.spawn().expect("it can be started");
    while !folder.path().join("reports/hunt.state.json").exists() {
        pause(10);
    }
    let second = said(&folder, "none", "hunt good.toml --seeds 0..2 --quiet");
    let other = said(
        &folder,
        "none",
        "hunt good.toml --seeds 0..2 --quiet --out other",
    );
    first.kill().expect("it runs");
    first.wait().expect("it ends");
    assert_eq!(second.code, Some(2), "{second:?}");
    second.complains(&["another hunt writes into it", "--out"]);
    assert_eq!(other.code, Some(0), "{other:?}");
    let third = said(&folder, "none", "hunt good.toml --seeds 0..2 --quiet");
    assert_eq!(
        third.code,
        Some(0),
        "nobody hunts there any more: {third:?}"
    );
}

fn a_signal_and_the_end_of_its_time_stop_a_run_that_is_under_way() {
    let folder = folder();
    long(&folder);
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        if signal == "HUP" && outlives_its_terminal() {
            continue;
        }
        let mut run = program(&folder, "none", "run long.toml --seeds 0..2 --quiet");
        let run = run.spawn().expect("it can be started");
        let notes = format!("reports/{}.under-way", run.id());
        while !folder.path().join(&notes).exists() {
            pause(10);
        }
        let kill = format!("kill -{signal} {}", run.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("there is a shell").success());
        let said: Said = run.wait_with_output().expect("it ends").into();
        assert_eq!(said.code, Some(code), "{said:?}");
        said.complains(&["stopped after 0 of 2 runs"]);
    }
    let hunt = said(&folder, "none", "hunt long.toml --for 1s --quiet");
    assert_eq!(hunt.code, Some(0), "{hunt:?}");
    tells(&hunt, &["nothing caught in 0 runs"]);
}

/// Whether this test was started so, as `nohup` does: then what it starts ignores SIGHUP, too.
fn outlives_its_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
fn pause(millis: u64) {
    std::thread::sleep(std::time::Duration::from_millis(millis));
}
