//! The search for a linearization may take minutes: signals and the end of the time are heard in
//! the middle of it.

use std::process::{Child, Command};

use super::common::{Folder, Said};
use super::{outlives_its_terminal, pause, program, said, tells};

/// A run of a second whose history takes minutes to judge: clients ask at the same time, every
/// order leads to another state, and none explains the third answers.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write(
        "bad.toml",
        "cluster.system = \"misbehaving\"\nnetwork.contract = \"datagram\"\n\
         check.settle.bound = \"500ms\"\ncheck.search_steps = 1000000000000\n\
         [workload]\nclients = 16\nkeys.count = 1\n\
         phases = [{ duration = \"1s\", requests_per_sec = 500 }]\n",
    );
    folder
}

const MISDEED: &str = "answers that no order explains";

/// Starts a command, and waits until its search is well under way.
fn searching(folder: &Folder, arguments: &str) -> Child {
    let mut child = program(folder, MISDEED, arguments);
    let child = child.spawn().expect("it can be started");
    for _ in 0..30 {
        pause(100);
    }
    child
}

fn ended_by(signal: &str, child: Child) -> Said {
    let kill = format!("kill -{signal} {}", child.id());
    let sent = Command::new("sh").args(["-c", &kill]).status();
    assert!(sent.expect("there is a shell").success(), "it still runs");
    child.wait_with_output().expect("it ends").into()
}

pub(crate) fn a_signal_ends_a_long_search_of_a_run_a_hunt_and_a_shrink() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        if signal == "HUP" && outlives_its_terminal() {
            continue;
        }
        let folder = folder();
        let run = searching(&folder, "run bad.toml --seed 1 --quiet");
        let run = ended_by(signal, run);
        assert_eq!(run.code, Some(code), "{run:?}");
        // Not judged: it was stopped in the middle.
        run.complains(&["stopped after 0 of 1 runs"]);
    }
    let folder = folder();
    let hunt = searching(&folder, "hunt bad.toml --seeds 0..9 --jobs 1 --quiet");
    let hunt = ended_by("TERM", hunt);
    assert_eq!(hunt.code, Some(143), "{hunt:?}");
    tells(&hunt, &["nothing caught in 0 runs"]);
    let shrink = searching(&folder, "shrink bad.toml --seed 1 --for 60m --quiet");
    let shrink = ended_by("TERM", shrink);
    assert_eq!(shrink.code, Some(143), "{shrink:?}");
    shrink.complains(&["stopped before the first run was over"]);
}

/// What takes long is the search, and nothing before it.
pub(crate) fn the_same_run_is_over_soon_where_its_search_has_few_steps() {
    let folder = folder();
    let path = folder.path().join("bad.toml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    folder.write("bad.toml", &text.replace("1000000000000", "100000"));
    let run = said(&folder, MISDEED, "run bad.toml --seed 1");
    assert_eq!(run.code, Some(3), "{run:?}");
    tells(
        &run,
        &["UNKNOWN", "100000 steps ([check] search_steps allows more)"],
    );
}

pub(crate) fn the_end_of_its_time_ends_a_long_search_of_a_hunt_and_a_shrink() {
    let folder = folder();
    let hunt = said(&folder, MISDEED, "hunt bad.toml --for 2s --jobs 1 --quiet");
    assert_eq!(hunt.code, Some(0), "{hunt:?}");
    tells(&hunt, &["nothing caught in 0 runs"]);
    let shrink = said(
        &folder,
        MISDEED,
        "shrink bad.toml --seed 1 --for 2s --quiet",
    );
    assert_eq!(shrink.code, Some(3), "{shrink:?}");
    shrink.complains(&["stopped before the first run was over"]);
}
