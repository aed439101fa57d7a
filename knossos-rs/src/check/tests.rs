//! Every path keeps to a limit of time. Time is told by how often somebody looks at the clock, so
//! that nothing here depends on how fast a machine is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::report::Reason;
use crate::{Operation, Text};

type KvOperation = OperationOf<KeyValue>;

/// More looks than any of these checks takes.
const PLENTY: i64 = 1 << 40;

/// What is asked of a key, and answered, as a function of what the key holds.
type Act = fn(u64, &Option<Text>) -> (Op, Output);

fn put_or_get(number: u64, holds: &Option<Text>) -> (Op, Output) {
    match number % 2 {
        0 => (Op::Put(number.to_string().into()), Output::Done),
        _ => (Op::Get, Output::Value(holds.clone())),
    }
}

fn append_or_get(number: u64, holds: &Option<Text>) -> (Op, Output) {
    match number % 2 {
        // What does not grow keeps the history small.
        0 => (Op::Append("".into()), Output::Done),
        _ => (Op::Get, Output::Value(holds.clone())),
    }
}

fn cas_that_matches(number: u64, holds: &Option<Text>) -> (Op, Output) {
    let (old, new) = (holds.clone(), Some(number.to_string().into()));
    match number % 3 {
        0 => (Op::Cas { old, new }, Output::Swapped(true)),
        _ => put_or_get(number, holds),
    }
}

fn cas_that_fails(number: u64, holds: &Option<Text>) -> (Op, Output) {
    let (old, new) = (Some("never".into()), Some("never".into()));
    match number % 3 {
        0 => (Op::Cas { old, new }, Output::Swapped(false)),
        _ => put_or_get(number, holds),
    }
}

/// A correct store, one operation after the other on each of `keys` keys; `overlap` operations
/// are open at once, and each takes effect when it is called.
fn history(operations: u64, keys: u64, overlap: u64, act: Act) -> Vec<KvOperation> {
    let mut holds: Vec<Option<Text>> = vec![None; keys as usize];
    let operation = |number: u64| {
        let cell = &mut holds[(number / 6 % keys) as usize];
        let (op, output) = act(number, cell);
        let key: Text = (number / 6 % keys).to_string().into();
        let input = Input { key, op };
        *cell = KeyValue
            .step(cell, &input, Some(&output))
            .expect("a correct store");
        let (call, ret) = (number * 10, (number + overlap) * 10 + 5);
        Operation::completed(number % (overlap + 1), input, output, call, ret)
    };
    (0..operations).map(operation).collect()
}

/// The decision when time is over after so many looks, and how many looks there were after that.
fn after_looks<'a>(
    history: &'a [KvOperation],
    hints: Option<&'a [u64]>,
    looks: i64,
) -> (Decision<'a, KeyValue>, i64) {
    let left = Arc::new(AtomicI64::new(looks));
    let meter = Meter::until_looks(&left);
    let decision = decision(&KeyValue, history, hints, meter, decide_parts);
    (decision, -left.load(Ordering::Relaxed))
}

/// Whenever time runs out, the check ends there; and it looks often.
fn keeps_to_its_time(history: &[KvOperation], hints: Option<&[u64]>) {
    let (whole, late) = after_looks(history, hints, PLENTY);
    assert!(whole.is_consistent().is_some());
    let looks = PLENTY + late;
    // A search looks every 256 turns, everybody else every 4096 operations.
    assert!(looks >= history.len() as i64 / 4_096, "{looks} looks");
    for looks in (0..looks).step_by((looks as usize / 50).max(1)) {
        let (decision, late) = after_looks(history, hints, looks);
        assert!(late <= 3, "{late} looks when time was over after {looks}");
        match decision.report().verdict {
            Verdict::Unknown { reason, .. } => assert_eq!(reason, Reason::Time),
            verdict => panic!("{verdict:?} when time was over after {looks} looks"),
        }
    }
}

#[test]
fn plain_registers_end_when_time_is_over() {
    keeps_to_its_time(&history(40_000, 1, 3, put_or_get), None);
    keeps_to_its_time(&history(40_000, 50, 3, put_or_get), None);
}

#[test]
fn zones_end_when_time_is_over() {
    keeps_to_its_time(&history(40_000, 1, 3, cas_that_matches), None);
}

#[test]
fn zones_of_many_keys_end_when_time_is_over() {
    keeps_to_its_time(&history(40_000, 50, 3, cas_that_matches), None);
}

#[test]
fn zones_with_reads_to_fit_in_end_when_time_is_over() {
    keeps_to_its_time(&history(20_000, 1, 3, cas_that_fails), None);
}

#[test]
fn a_search_ends_when_time_is_over() {
    keeps_to_its_time(&history(20_000, 1, 3, append_or_get), None);
    keeps_to_its_time(&history(20_000, 3, 3, append_or_get), None);
}

#[test]
fn verifying_an_order_ends_when_time_is_over() {
    let history = history(40_000, 1, 3, append_or_get);
    let hints: Vec<u64> = (0..40_000).collect();
    keeps_to_its_time(&history, Some(&hints));
}

#[test]
fn explaining_ends_when_time_is_over_and_the_verdict_stands() {
    let mut history = history(20_000, 1, 3, put_or_get);
    let stale = history.len() * 3 / 4 + 1;
    history[stale].output = Some(Output::Value(Some("0".into())));
    let (whole, late) = after_looks(&history, None, PLENTY);
    assert_eq!(whole.is_consistent(), Some(false));
    let deciding = PLENTY + late;
    for looks in (deciding..deciding + 60).step_by(3) {
        let left = Arc::new(AtomicI64::new(looks));
        let meter = Meter::until_looks(&left);
        let decision = decision(&KeyValue, &history, None, meter, decide_parts);
        let report = decision.report();
        assert!(matches!(report.verdict, Verdict::Violation(_)));
        let late = -left.load(Ordering::Relaxed);
        assert!(late <= 20, "{late} looks when time was over after {looks}");
    }
}
