//! What the zones decide without a single step of the model, and how they hand over.

use super::compare::KvOperation;
use super::random::Random;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::{Limits, Operation, Report, Verdict, check};

fn input(op: Op) -> Input {
    Input {
        key: "k".into(),
        op,
    }
}

/// Puts and gets of distinct values by `clients`, each taking effect somewhere in its time;
/// of a hundred operations, `unknown` are of unknown outcome.
fn register(operations: u64, clients: u64, unknown: u64) -> Vec<KvOperation> {
    let mut random = Random(7);
    let mut effects: Vec<(u64, u64)> = (0..operations)
        .map(|number| {
            (
                (number / clients * 100 + random.below(100)) * operations + number,
                number,
            )
        })
        .collect();
    effects.sort_unstable();
    let mut state = None;
    let mut history = Vec::new();
    for (effect, number) in effects {
        let start = number / clients * 100 * operations;
        let (call, ret) = (
            start + number,
            start + 99 * operations + operations + number,
        );
        assert!(call <= effect && effect <= ret);
        let is_unknown = random.below(100) < unknown;
        let (op, output) = if random.below(2) == 0 {
            (Op::Get, Output::Value(state.clone()))
        } else {
            let value = number.to_string().into();
            (Op::Put(value), Output::Done)
        };
        if let Op::Put(value) = &op
            && (!is_unknown || random.below(2) == 0)
        {
            state = Some(value.clone());
        }
        history.push(match is_unknown {
            true => Operation::unknown(number % clients, input(op), call),
            false => Operation::completed(number % clients, input(op), output, call, ret),
        });
    }
    history.sort_by_key(|operation| operation.call);
    history
}

fn without_steps(history: &[KvOperation]) -> Report {
    let report = check(&KeyValue, history, None, &Limits::none());
    assert_eq!(report.steps, 0, "the search was asked");
    report
}

#[test]
fn distinct_values_are_decided_without_search_whatever_is_unknown() {
    for unknown in [0, 10, 50] {
        let report = without_steps(&register(20_000, 64, unknown));
        assert_eq!(report.verdict, Verdict::Consistent);
    }
}

#[test]
fn a_stale_read_in_a_long_history_is_found_and_explained_without_search() {
    let mut history = register(20_000, 16, 5);
    let stale = history
        .iter()
        .find_map(|operation| match (&operation.input.op, &operation.output) {
            (Op::Put(value), Some(_)) => Some(Output::Value(Some(value.clone()))),
            _ => None,
        })
        .unwrap();
    let late = (10_000..)
        .find(|place| matches!(history[*place].output, Some(Output::Value(_))))
        .unwrap();
    history[late].output = Some(stale);
    let Verdict::Violation(violation) = without_steps(&history).verdict else {
        panic!("a stale read");
    };
    assert_eq!(violation.culprit, Some(late));
    assert!(violation.excerpt_suffices);
    assert!(violation.excerpt.len() <= 3, "{violation:?}");
    assert!(violation.explained.len() > 9_000);
}

#[test]
fn the_first_of_many_violations_is_told() {
    let mut history = Vec::new();
    for number in 0..1_000_u64 {
        let time = number * 10;
        let value = |number: u64| Some(number.to_string().into());
        let put = input(Op::Put(number.to_string().into()));
        history.push(Operation::completed(1, put, Output::Done, time, time + 3));
        let seen = if number < 500 { number } else { number - 1 };
        let seen = Output::Value(value(seen));
        history.push(Operation::completed(
            2,
            input(Op::Get),
            seen,
            time + 5,
            time + 8,
        ));
    }
    // As the last, an operation that makes the whole history one long zone.
    let first = Output::Value(Some("0".into()));
    history.push(Operation::completed(
        3,
        input(Op::Get),
        first,
        20_000,
        20_001,
    ));
    let Verdict::Violation(violation) = without_steps(&history).verdict else {
        panic!("stale reads");
    };
    assert_eq!(violation.culprit, Some(1_001));
    assert_eq!(violation.excerpt, [998, 1_000, 1_001]);
}
