//! Drains against brute force, on every small history.

use super::*;
use crate::drawn::any_kind::check_any_kind;
use crate::format::codec::Codec;
use crate::model::Model;
use crate::search::tests::oracle::is_linearizable;
use crate::shapes::shapes;

type History = Vec<OperationOf<Queue>>;

/// A moment of an operation: what happens at it, and the last moment of the same operation.
struct Moment {
    input: Input,
    output: Option<Output>,
    operation: usize,
}

/// Whether the history is linearizable where a drain is one dequeue after the other and then one
/// that finds nothing, by the definition.
fn is_possible(history: &[OperationOf<Queue>]) -> bool {
    let moments: Vec<Vec<Moment>> = (0..).zip(history).map(moments).collect();
    completes(
        history,
        &moments,
        &Queue.initial(),
        &mut vec![0; history.len()],
    )
}

fn moments((operation, of): (usize, &OperationOf<Queue>)) -> Vec<Moment> {
    let Some(Output::Drained(values)) = &of.output else {
        let (input, output) = (of.input.clone(), of.output.clone());
        return vec![Moment {
            input,
            output,
            operation,
        }];
    };
    let found = values.iter().cloned().map(Some).chain([None]);
    let moment = |value| Moment {
        input: Input::Dequeue,
        output: Some(Output::Value(value)),
        operation,
    };
    found.map(moment).collect()
}

/// Whether what is left can be put in order, when so many moments of each operation are over.
fn completes(
    history: &[OperationOf<Queue>],
    moments: &[Vec<Moment>],
    state: &<Queue as Model>::State,
    over: &mut [usize],
) -> bool {
    let left: Vec<usize> = (0..history.len())
        .filter(|of| over[*of] < moments[*of].len())
        .collect();
    if left.iter().all(|of| history[*of].output.is_none()) {
        return true;
    }
    let is_next = |of: usize| {
        left.iter()
            .all(|other| !history[*other].precedes(&history[of]))
    };
    left.iter().filter(|of| is_next(**of)).any(|of| {
        let Moment {
            input,
            output,
            operation,
        } = &moments[*of][over[*of]];
        let after = Queue.step(state, input, output.as_ref());
        after.is_some_and(|after| {
            over[*operation] += 1;
            let completes = completes(history, moments, &after, over);
            over[*operation] -= 1;
            completes
        })
    })
}

/// What one operation can be.
fn kinds() -> Vec<(Input, Option<Output>)> {
    let took = |value: Option<&str>| Some(Output::Value(value.map(Into::into)));
    let drained = |values: &[&str]| {
        let values = values.iter().map(|value| (*value).into()).collect();
        (Input::Drain, Some(Output::Drained(values)))
    };
    vec![
        (Input::Enqueue("a".into()), Some(Output::Done)),
        (Input::Enqueue("b".into()), Some(Output::Done)),
        (Input::Dequeue, took(Some("a"))),
        (Input::Dequeue, None),
        drained(&[]),
        drained(&["a"]),
        drained(&["a", "b"]),
        drained(&["b", "a"]),
    ]
}

/// Whether a drain that took something overlaps another operation that takes.
fn overlaps_another(history: &[OperationOf<Queue>]) -> bool {
    let drains = history
        .iter()
        .filter(|of| matches!(&of.output, Some(Output::Drained(values)) if !values.is_empty()));
    drains.into_iter().any(|drain| {
        let takes = history
            .iter()
            .filter(|of| !matches!(of.input, Input::Enqueue(_)) && *of != drain);
        takes
            .into_iter()
            .any(|take| !take.precedes(drain) && !drain.precedes(take))
    })
}

/// Compares what drains are taken apart into with brute force on every history of so many
/// operations, where one moment is `scale` nanoseconds; how many were impossible, and how many of
/// those passed all the same.
fn compare_all(count: usize, scale: u64) -> [u64; 2] {
    let (kinds, mut counts) = (kinds(), [0; 2]);
    for shape in shapes(count) {
        for mut choice in 0..kinds.len().pow(count as u32) {
            let of = |(client, (call, ret)): (u64, &(u64, u64))| {
                let (input, output) = kinds[choice % kinds.len()].clone();
                choice /= kinds.len();
                let ret = output.is_some().then_some(*ret * scale);
                Operation {
                    client,
                    input,
                    output,
                    call: *call * scale,
                    ret,
                }
            };
            let history: History = (0..).zip(&shape).map(of).collect();
            let right = is_possible(&history);
            let expanded = Queue.expand(history.clone(), Consistency::Linearizable);
            let read = is_linearizable(&Queue, &expanded);
            assert!(read || !right, "too strict: {history:#?}\n{expanded:#?}");
            let is_lax = read && !right;
            assert!(
                !is_lax || overlaps_another(&history),
                "{history:#?}\n{expanded:#?}"
            );
            let other = Queue.expand(history, Consistency::Sequential);
            assert!(!read || is_linearizable(&Queue, &other), "{other:#?}");
            counts[0] += u64::from(!right);
            counts[1] += u64::from(is_lax);
        }
    }
    counts
}

#[test]
fn drains_of_every_small_history_are_dequeues_in_turn_until_there_is_nothing() {
    for scale in [1, 10] {
        for count in 1..=4 {
            let [impossible, passed] = compare_all(count, scale);
            assert!(
                impossible > 0 && passed * 50 <= impossible,
                "{passed} of {impossible}"
            );
        }
    }
}

fn enqueue(value: &str, at: u64) -> OperationOf<Queue> {
    Operation::completed(1, Input::Enqueue(value.into()), Output::Done, at, at + 10)
}

#[test]
fn a_drain_takes_what_came_first_first_and_leaves_nothing() {
    for length in [1, 1_000] {
        for (drained, is_right) in [
            (&["a", "b"][..], true),
            (&["b", "a"], false),
            (&["a"], false),
            (&[], false),
        ] {
            let drained = Output::Drained(drained.iter().map(|value| (*value).into()).collect());
            let drain = Operation::completed(2, Input::Drain, drained, 40, 40 + length);
            let history = vec![enqueue("a", 0), enqueue("b", 20), drain];
            let expanded = Queue.expand(history, Consistency::Linearizable);
            let report = check_any_kind(Queue, &expanded, None, &crate::Limits::none());
            let is_consistent = report.verdict == crate::Verdict::Consistent;
            assert_eq!(is_consistent, is_right, "{expanded:#?}");
        }
    }
}

#[test]
fn the_dequeues_of_a_drain_share_its_time_to_the_last_nanosecond() {
    let drained = Output::Drained(vec!["a".into(), "b".into()]);
    let drain = Operation::completed(2, Input::Drain, drained, 0, u64::MAX);
    let expanded = Queue.expand(vec![drain], Consistency::Linearizable);
    assert_eq!((expanded[0].call, expanded[2].ret), (0, Some(u64::MAX)));
    assert!(expanded.windows(2).all(|pair| pair[0].precedes(&pair[1])));
}
