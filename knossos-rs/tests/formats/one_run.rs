//! One run written as EDN, as vectors, as a log, as `history.txt` and as JSON has the same
//! operations and the same verdict.

use knossos::format::{Codec, Contents, FailedCas, Format, ReadOptions, read_with};
use knossos::models::cas_register::CasRegister;
use knossos::{Limits, OperationOf, check};
use proptest::prelude::*;

use crate::draw::{run, timed};
use crate::write::{Keys, Layout, edn, json, log, vectors};

/// How many steps a verdict may take.
const STEPS: u64 = 20_000;

/// The same run in each format.
fn written(events: &[crate::draw::Event]) -> [(Format, String); 7] {
    let mut plain = Layout::plain();
    let old = "2024-01-01 10:00:00,001{GMT}\tINFO\t[jepsen worker 0] jepsen.util: ";
    let new = "2026-04-01 10:00:00,001{GMT}\tINFO\t[jepsen worker 0] jepsen.print: [ 1350 ] ";
    [
        (Format::Edn, edn(events, Keys::None, &mut plain)),
        (Format::Edn, vectors(events)),
        (Format::JepsenLog, log(events, old, &mut plain)),
        (Format::JepsenLog, log(events, new, &mut plain)),
        (Format::JepsenLog, log(events, "", &mut plain)),
        (Format::JsonEvents, json(events, &mut plain)),
        (
            Format::JsonEvents,
            format!("[{}]", json(events, &mut plain).trim().replace('\n', ",")),
        ),
    ]
}

pub(crate) fn contents<C: Codec>(codec: &C, text: &str, failed_cas: FailedCas) -> Contents<C> {
    let options = ReadOptions {
        failed_cas,
        ..ReadOptions::default()
    };
    read_with(codec, text.as_bytes(), &options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn verdict(history: &[OperationOf<CasRegister>]) -> knossos::Verdict {
    let limits = Limits {
        steps: Some(STEPS),
        ..Limits::none()
    };
    check(&CasRegister, history, None, &limits).verdict
}

proptest! {
    #[test]
    fn one_run_has_one_history_and_one_verdict_in_every_format(events in run(40)) {
        for failed_cas in [FailedCas::DidNotHappen, FailedCas::DidNotMatch] {
            let mut first: Option<(Contents<CasRegister>, knossos::Verdict)> = None;
            for (format, text) in written(&events) {
                let has_clients = events.iter().any(|event| event.kind != "info");
                let contents = contents(&CasRegister, &text, failed_cas);
                if has_clients {
                    prop_assert_eq!(contents.format, format, "{}", text);
                }
                let verdict = verdict(&contents.operations);
                let (same, same_verdict) = first.get_or_insert_with(|| (contents_of(&contents), verdict.clone()));
                prop_assert_eq!(&contents.operations, &same.operations, "{}", text);
                prop_assert_eq!(contents.failed.len(), same.failed.len(), "{}", text);
                prop_assert_eq!(contents.left_out.nemesis_events, same.left_out.nemesis_events);
                prop_assert_eq!(&contents.client_names, &same.client_names);
                prop_assert_eq!(&verdict, same_verdict, "{}", text);
            }
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_events_decides_whatever_their_times_are(events in run(40), seed in any::<u64>()) {
        let mut plain = Layout::plain();
        let text = edn(&events, Keys::None, &mut plain);
        let without_times = contents(&CasRegister, &text, FailedCas::DidNotHappen).operations;
        let events = timed(&events, seed);
        for text in [edn(&events, Keys::None, &mut plain), json(&events, &mut plain)] {
            let with_times = contents(&CasRegister, &text, FailedCas::DidNotHappen).operations;
            prop_assert_eq!(with_times.len(), without_times.len());
            for (one, same) in with_times.iter().zip(&without_times) {
                prop_assert_eq!((&one.input, &one.output), (&same.input, &same.output));
                for (other, same_other) in with_times.iter().zip(&without_times) {
                    let is_before = same.precedes(same_other);
                    prop_assert_eq!(one.precedes(other), is_before, "{}", text);
                }
            }
            let verdicts = [&with_times, &without_times].map(|history| verdict(history));
            let [one, same] = verdicts.each_ref().map(std::mem::discriminant);
            prop_assert_eq!(one, same, "{}", text);
        }
    }
}

fn contents_of(contents: &Contents<CasRegister>) -> Contents<CasRegister> {
    Contents {
        format: contents.format,
        operations: contents.operations.clone(),
        failed: contents.failed.clone(),
        left_out: contents.left_out,
        client_names: contents.client_names.clone(),
        has_times: contents.has_times,
        late_by: contents.late_by,
        faults: contents.faults.clone(),
        begins_with: contents.begins_with.clone(),
    }
}

#[test]
fn drawn_runs_hold_what_is_to_be_compared() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut evaluated, mut failed, mut violations, mut consistent) = (0, 0, 0, 0);
    for _ in 0..300 {
        let events = run(40).new_tree(&mut runner).expect("a run").current();
        let text = edn(&events, Keys::None, &mut Layout::plain());
        let contents = contents(&CasRegister, &text, FailedCas::DidNotHappen);
        use knossos::models::cas_register::Output;
        let is_mismatch = |output| matches!(output, &Some(Output::Swapped(false)));
        evaluated += contents
            .operations
            .iter()
            .filter(|it| is_mismatch(&it.output))
            .count();
        failed += contents.failed.len();
        match verdict(&contents.operations) {
            knossos::Verdict::Violation(_) => violations += 1,
            _ => consistent += 1,
        }
    }
    let all = [evaluated, failed, violations, consistent];
    assert!(all.iter().all(|count| *count > 30), "{all:?}");
}
