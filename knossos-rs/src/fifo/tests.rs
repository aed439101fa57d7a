//! The patterns against brute force, on every small history and on many random ones.

use proptest::prelude::*;

use super::{Finding, decide};
use crate::drawn::any_kind::check_any_kind;
use crate::entry::Entry;
use crate::limits::{Limits, Meter};
use crate::models::queue::{Input, Output, Queue};
use crate::search::tests::oracle::is_linearizable;
use crate::shapes::shapes;
use crate::{Operation, OperationOf, Reason, Verdict};

type History = Vec<OperationOf<Queue>>;

/// What the patterns say, if anything; a conflict has to be a violation by itself.
fn judged(history: &[OperationOf<Queue>]) -> Option<bool> {
    let entry = |(index, operation): (usize, &OperationOf<Queue>)| Entry {
        index,
        ret: operation.ret,
    };
    let entries = history.iter().enumerate().map(entry);
    let meter = Meter::start(&Limits::none());
    let finding = decide(&Queue, history, entries, &meter, 0).expect("no limits")?;
    if let Finding::Violation(conflict) = &finding {
        let alone: History = conflict
            .iter()
            .map(|index| history[*index].clone())
            .collect();
        assert!(
            !is_linearizable(&Queue, &alone),
            "{history:#?}\n{conflict:?}"
        );
    }
    Some(finding == Finding::Consistent)
}

fn value(text: &str) -> Option<Output> {
    Some(Output::Value(Some(text.into())))
}

/// What one operation can be.
fn kinds(values: &[&str]) -> Vec<(Input, Option<Output>)> {
    let mut kinds = vec![
        (Input::Dequeue, None),
        (Input::Dequeue, Some(Output::Value(None))),
    ];
    for text in values {
        kinds.push((Input::Enqueue((*text).into()), Some(Output::Done)));
        kinds.push((Input::Enqueue((*text).into()), None));
        kinds.push((Input::Dequeue, value(text)));
    }
    kinds
}

/// Compares the patterns with brute force on every history of `count` operations of these kinds;
/// how many they said were linearizable, how many not, and of how many they said nothing.
fn compare_all(kinds: &[(Input, Option<Output>)], count: usize) -> [u64; 3] {
    let mut counts = [0; 3];
    for shape in shapes(count) {
        for mut choice in 0..kinds.len().pow(count as u32) {
            let history: History = (0..)
                .zip(&shape)
                .map(|(client, (call, ret))| {
                    let (input, output) = kinds[choice % kinds.len()].clone();
                    choice /= kinds.len();
                    let ret = output.is_some().then_some(*ret);
                    Operation {
                        client,
                        input,
                        output,
                        call: *call,
                        ret,
                    }
                })
                .collect();
            let judged = judged(&history);
            if let Some(judged) = judged {
                assert_eq!(judged, is_linearizable(&Queue, &history), "{history:#?}");
            }
            counts[judged.map_or(2, |judged| usize::from(!judged))] += 1;
        }
    }
    counts
}

#[test]
fn every_history_of_up_to_four_operations_gets_the_verdict_of_brute_force() {
    for count in 1..=4 {
        let [consistent, violations, unsaid] = compare_all(&kinds(&["a", "b"]), count);
        assert!(consistent > 0 && violations > 0 && (unsaid > 0) == (count > 1));
    }
}

#[test]
#[ignore = "minutes: five operations on three values"]
fn every_history_of_five_operations_gets_the_verdict_of_brute_force() {
    compare_all(&kinds(&["a", "b", "c"]), 5);
}

/// Histories near to what a queue does: its operations one after the other, each with a longer
/// interval, some of unknown outcome, and some answers swapped.
fn nearly_right(operations: usize) -> impl Strategy<Value = History> {
    let operation = (any::<bool>(), 0..40_u64, 0..40_u64, 0..8_u8);
    let swap = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let parts = (
        prop::collection::vec(operation, 1..=operations),
        prop::option::of(swap),
    );
    parts.prop_map(|(operations, swap)| {
        let (mut history, mut queue, mut put) =
            (History::new(), std::collections::VecDeque::new(), 0);
        for (client, (puts, before, after, unknown)) in (0..).zip(operations) {
            let at = 100 + client * 10;
            let (input, output) = if puts {
                put += 1;
                queue.push_back(put.to_string());
                (Input::Enqueue(put.to_string().into()), Output::Done)
            } else {
                let front = queue.pop_front().map(Into::into);
                (Input::Dequeue, Output::Value(front))
            };
            let known = unknown > 0;
            history.push(Operation {
                client,
                input,
                output: known.then_some(output),
                call: at - before,
                ret: known.then_some(at + after),
            });
        }
        if let Some((one, other)) = swap {
            let (one, other) = (one.index(history.len()), other.index(history.len()));
            let (first, second) = (history[one].output.clone(), history[other].output.clone());
            if let (Some(Output::Value(_)), Some(Output::Value(_))) = (&first, &second) {
                (history[one].output, history[other].output) = (second, first);
            }
        }
        history
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn histories_near_to_what_a_queue_does_get_the_verdict_of_brute_force(
        history in nearly_right(8),
    ) {
        if let Some(judged) = judged(&history) {
            prop_assert_eq!(judged, is_linearizable(&Queue, &history));
        }
    }
}

/// As many enqueues at once, then dequeues one after the other in any order.
fn all_at_once(count: u64, order: impl Fn(u64) -> u64) -> History {
    let put = |client: u64| {
        let input = Input::Enqueue(client.to_string().into());
        Operation::completed(client, input, Output::Done, 0, 10)
    };
    let take = |place: u64| {
        let (at, output) = (20 + place * 10, value(&order(place).to_string()));
        Operation::completed(count, Input::Dequeue, output.expect("a value"), at, at + 5)
    };
    (0..count).map(put).chain((0..count).map(take)).collect()
}

#[test]
fn enqueues_that_overlap_cost_nothing_however_many_there_are() {
    let mut history = all_at_once(20_000, |place| 19_999 - place);
    let report = check_any_kind(Queue, &history, None, &Limits::none());
    assert_eq!((report.verdict, report.steps), (Verdict::Consistent, 0));
    // The value that is taken first was put in after all others had been.
    (history[19_999].call, history[19_999].ret) = (11, Some(12));
    let report = check_any_kind(Queue, &history, None, &Limits::none());
    let Verdict::Violation(violation) = report.verdict else {
        panic!("it was overtaken: {:?}", report.verdict)
    };
    // What was put in before, and that the other one was taken although that one never was.
    assert_eq!(violation.core.len(), 2, "{}", violation.message);
}

#[test]
fn a_memory_budget_is_kept() {
    let history = all_at_once(1_000, |place| place);
    let limits = Limits {
        memory_bytes: Some(10_000),
        ..Limits::none()
    };
    let report = check_any_kind(Queue, &history, None, &limits);
    assert!(
        matches!(
            report.verdict,
            Verdict::Unknown {
                reason: Reason::Memory,
                ..
            }
        ),
        "{:?}",
        report.verdict
    );
}

#[test]
fn of_many_that_took_one_value_the_second_is_named() {
    let put = Operation::completed(0, Input::Enqueue("a".into()), Output::Done, 0, 10);
    let take = |client: u64| {
        let (at, output) = (client * 20, value("a").expect("a value"));
        Operation::completed(client, Input::Dequeue, output, at, at + 10)
    };
    for order in [
        [1, 2, 3],
        [1, 3, 2],
        [2, 1, 3],
        [2, 3, 1],
        [3, 1, 2],
        [3, 2, 1],
    ] {
        let takes = order.map(take).into_iter();
        let history: History = takes.chain([put.clone()]).collect();
        judged(&history);
        let report = check_any_kind(Queue, &history, None, &Limits::none());
        let Verdict::Violation(violation) = report.verdict else {
            panic!("one value is taken by three");
        };
        let culprit = violation.culprit.map(|culprit| history[culprit].client);
        assert_eq!(culprit, Some(2), "{order:?}: {}", violation.message);
    }
}
