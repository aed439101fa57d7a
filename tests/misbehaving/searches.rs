//! Code under test may do anything while every schedule is taken, too: the schedule that led
//! there is reported and kept, and taken again it does the same.

use std::path::Path;

use super::common::Folder;
use super::{said, tells};

/// Two scenarios whose every schedule is taken: in one of them the misdeed is committed.
fn folder() -> Folder {
    let folder = Folder::new();
    for (name, keys) in [("bad", 1), ("good", 2)] {
        let text = format!(
            "cluster.system = \"misbehaving\"\nnetwork.contract = \"datagram\"\n\
             workload.keys.count = {keys}\n\
             [model]\nrequire = [\"answer\"]\n\
             clients = [{{ at = 1, does = [\"write\", \"write\", \"write\", \"read\"] }}]\n"
        );
        folder.write(&format!("{name}.toml"), &text);
    }
    folder
}

const REPRO: &str = "reports/bad-schedule.repro.toml";

fn is_kept(folder: &Folder) -> bool {
    folder.path().join(Path::new(REPRO)).exists()
}

pub(crate) fn every_schedule_of_a_system_that_behaves_passes() {
    let folder = folder();
    for name in ["bad", "good"] {
        let model = said(&folder, "none", &format!("model {name}.toml --quiet"));
        assert_eq!((model.code, model.err.as_str()), (Some(0), ""), "{model:?}");
    }
    assert_eq!(folder.names(), ["bad.toml", "good.toml"], "nothing is left");
}

pub(crate) fn a_panic_beside_replicas_is_a_violation_with_the_schedule_that_led_there() {
    for (misdeed, steps) in [("panic in a workload", 0), ("panic in a model", 1)] {
        let folder = folder();
        let model = said(&folder, misdeed, "model bad.toml --quiet --format json");
        assert_eq!(model.code, Some(1), "{model:?}");
        let object = &model.objects()[0];
        assert_eq!(object["verdict"], "violation", "{model:?}");
        assert_eq!(object["violation"]["check"], "panic", "{model:?}");
        let (message, place) = (
            &object["violation"]["message"],
            &object["violation"]["place"],
        );
        let begins = "code under test, outside of any replica, panicked: no";
        assert!(message.to_string().contains(begins), "{message}");
        assert!(
            place.to_string().contains("misbehaving/system.rs:"),
            "{place}"
        );
        let actions = object["actions"].as_array().map(Vec::len);
        assert_eq!(actions, Some(steps), "{model:?}");
        let again = said(&folder, misdeed, &format!("replay {REPRO}"));
        assert_eq!(again.code, Some(1), "{again:?}");
        tells(&again, &["VIOLATION panic, reproduced: code under test"]);
        let innocent = said(&folder, "none", &format!("replay {REPRO}"));
        assert_eq!(innocent.code, Some(5), "{innocent:?}");
        let good = said(&folder, misdeed, "model good.toml --quiet");
        assert_eq!(good.code, Some(0), "{good:?}");
    }
}

pub(crate) fn a_violation_of_a_schedule_is_not_lost_because_it_cannot_be_described() {
    let folder = folder();
    let model = said(&folder, "panic in describe", "model bad.toml --quiet");
    assert_eq!(model.code, Some(1), "{model:?}");
    tells(
        &model,
        &[
            "VIOLATION linearizability",
            "to describe it panics at",
            "repro     reports/bad-schedule.repro.toml",
        ],
    );
    let again = said(
        &folder,
        "panic in describe",
        &format!("replay {REPRO} --trace"),
    );
    assert_eq!(again.code, Some(1), "{again:?}");
}

pub(crate) fn a_panic_of_omnisim_in_a_search_is_no_verdict_on_the_system() {
    let folder = folder();
    let model = "model bad.toml --quiet --format json";
    let model = said(&folder, "panic of omnisim", model);
    assert_eq!(model.code, Some(70), "{model:?}");
    let object = &model.objects()[0];
    assert_eq!(object["verdict"], "unknown", "{model:?}");
    assert_eq!(object["violation"]["check"], "omnisim", "{model:?}");
    let again = said(&folder, "panic of omnisim", &format!("replay {REPRO}"));
    assert_eq!(again.code, Some(70), "{again:?}");
}

pub(crate) fn code_that_does_not_return_ends_a_search_with_the_schedule_that_led_there() {
    for (misdeed, last, steps) in [
        ("hang in a handler", "since client 1 asks replica 1: ", 3),
        ("hang in a model", "since ", 1),
    ] {
        let folder = folder();
        for jobs in ["1", "2"] {
            let model = format!("model bad.toml --quiet --hang-after 1s --jobs {jobs}");
            let model = said(&folder, misdeed, &model);
            assert_eq!(model.code, Some(1), "{model:?}");
            tells(
                &model,
                &[
                    "VIOLATION hang: code under test does not return for 1 s",
                    last,
                    &format!("      {steps}.  client 1 asks replica 1"),
                    REPRO,
                ],
            );
        }
        let again = format!("replay {REPRO} --hang-after 1s");
        let again = said(&folder, misdeed, &again);
        assert_eq!(again.code, Some(1), "{again:?}");
        tells(&again, &["VIOLATION hang", last]);
        let shrunk = format!("shrink {REPRO} --hang-after 1s --quiet");
        let shrunk = said(&folder, misdeed, &shrunk);
        assert_eq!(shrunk.code, Some(1), "{shrunk:?}");
        tells(
            &shrunk,
            &["VIOLATION hang", "code under test does not return"],
        );
        let innocent = format!("replay {REPRO} --hang-after 1s");
        let innocent = said(&folder, "none", &innocent);
        assert_eq!(innocent.code, Some(5), "{innocent:?}");
    }
}

pub(crate) fn a_search_that_ends_the_process_leaves_its_schedule_to_the_next() {
    for misdeed in ["exit", "overflow the stack"] {
        let folder = folder();
        let first = said(&folder, misdeed, "model bad.toml --quiet");
        assert_eq!(first.out, "", "{first:?}");
        assert!(!is_kept(&folder));
        let told = "bad: its schedules were being taken when an earlier omnisim ended";
        let second = said(&folder, misdeed, "model bad.toml --quiet");
        second.complains(&[told, "the schedule that led there", REPRO]);
        assert_eq!(second.out, "", "it ends the process again: {second:?}");
        assert!(is_kept(&folder));
        let shown = std::fs::read_to_string(folder.path().join(REPRO)).expect("it is kept");
        assert_eq!(shown.matches("\"ask c1#").count(), 3, "{shown}");
        let again = said(&folder, misdeed, &format!("replay {REPRO}"));
        assert_eq!(again.out, "", "{again:?}");
        // What can do no harm any more is no verdict on anything.
        let innocent = said(&folder, "none", "model bad.toml --quiet");
        assert_eq!(innocent.code, Some(0), "{innocent:?}");
        innocent.complains(&[told]);
        let later = said(&folder, "none", "model bad.toml --quiet");
        assert_eq!((later.code, later.err.as_str()), (Some(0), ""), "{later:?}");
    }
}

pub(crate) fn memory_that_runs_out_in_a_search_is_told_with_its_scenario() {
    let folder = folder();
    let model = "model bad.toml --quiet --process-memory 200";
    let model = said(&folder, "use up memory", model);
    assert_eq!(model.code, Some(3), "{model:?}");
    model.complains(&["the search ends with what it has", "the search of bad"]);
    let next = said(&folder, "none", "model bad.toml --quiet");
    assert_eq!(next.code, Some(0), "{next:?}");
    next.complains(&["bad: its schedules were being taken when an earlier omnisim ended"]);
}
