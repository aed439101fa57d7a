//! Every command that runs code under test tells what it does, keeps it, and is not misled.

use super::common::{Folder, Said};
use super::{folder, said, tells};

fn again(folder: &Folder, misdeed: &str, repro: &str) -> Said {
    said(folder, misdeed, &format!("replay {repro}"))
}

pub(crate) fn graphs_tell_of_a_panic_and_keep_the_run() {
    let folder = Folder::new();
    let graphs = "graphs --system misbehaving --seeds 1 --quiet --format json";
    let said = said(&folder, "panic everywhere", graphs);
    assert_eq!(said.code, Some(1), "{said:?}");
    said.complains(&[
        "seed 0: violation of panic: code under test, outside of any replica, panicked: nothing to ask",
        "repro     reports/graph-0.repro.toml",
    ]);
    assert_eq!(said.objects()[0]["violation"]["check"], "panic", "{said:?}");
    let again = again(&folder, "panic everywhere", "reports/graph-0.repro.toml");
    assert_eq!(again.code, Some(1), "{again:?}");
}

pub(crate) fn a_panic_of_omnisim_is_no_bug_that_was_found() {
    let folder = Folder::new();
    let bugs = "bugs misdeed --system misbehaving --hunts 1 --seeds-limit 2 --quiet";
    let said = said(&folder, "panic of omnisim everywhere", bugs);
    assert_eq!(said.code, Some(70), "{said:?}");
    said.complains(&["seed 0: omnisim itself (a bug of omnisim, not of the system) panicked"]);
}

pub(crate) fn a_candidate_that_hangs_ends_a_shrink_and_takes_nothing_away() {
    let folder = folder();
    let run = said(&folder, "wrong answer", "run bad.toml --seed 7");
    assert_eq!(run.code, Some(1), "{run:?}");
    let kept = || {
        let path = folder.path().join("reports/bad-7.repro.toml");
        std::fs::read_to_string(path).expect("it is kept")
    };
    let before = kept();
    // Its smaller candidates go where the whole run does not.
    let shrink = "shrink reports/bad-7.repro.toml --hang-after 1s --quiet --jobs 1";
    let shrink = said(&folder, "wrong answer, but few hang", shrink);
    assert_eq!(shrink.code, Some(1), "{shrink:?}");
    tells(
        &shrink,
        &[
            "violation of hang in bad, seed 7",
            "repro     reports/bad-7-hang.repro.toml",
        ],
    );
    assert_eq!(kept(), before, "the run that was shrunk is still there");
}

pub(crate) fn a_shrink_that_ends_the_process_is_told_by_the_next_command() {
    let folder = folder();
    let run = said(&folder, "wrong answer", "run bad.toml --seed 7");
    assert_eq!(run.code, Some(1), "{run:?}");
    let shrink = "shrink reports/bad-7.repro.toml --quiet";
    let shrink = said(&folder, "wrong answer, but few end the process", shrink);
    assert_eq!(shrink.out, "", "{shrink:?}");
    let next = said(&folder, "none", "run good.toml --seed 1 --quiet");
    assert_eq!(next.code, Some(0), "{next:?}");
    next.complains(&["bad, seed 7: was under way when an earlier omnisim ended"]);
}
