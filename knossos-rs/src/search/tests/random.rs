//! Random histories of up to nine operations: search, brute force, and hints.

use proptest::prelude::*;

use super::oracle::{is_linearizable, is_order_of};
use super::small::search;
use crate::entry::Entry;
use crate::limits::Meter;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::{self, Register};
use crate::search::{Outcome, Search};
use crate::{Footprint, Leaves, Limits, Model, Operation, Text, Verdict, Violation, check};

fn value() -> BoxedStrategy<Text> {
    prop_oneof![
        Just(Text::from("a")),
        Just(Text::from("b")),
        Just(Text::from("ab"))
    ]
    .boxed()
}

fn value_or_nothing() -> BoxedStrategy<Option<Text>> {
    prop_oneof![1 => Just(None), 3 => value().prop_map(Some)].boxed()
}

fn op() -> BoxedStrategy<Op> {
    prop_oneof![
        4 => Just(Op::Get),
        3 => value().prop_map(Op::Put),
        1 => Just(Op::Delete),
        2 => value().prop_map(Op::Append),
        3 => (value_or_nothing(), value_or_nothing()).prop_map(|(old, new)| Op::Cas { old, new }),
    ]
    .boxed()
}

/// Operations whose outputs come from one sequential execution in a random order, so that
/// most histories are nearly linearizable; then some outputs are lost and some are changed.
fn history(length: usize) -> impl Strategy<Value = Vec<Operation<Input, Output>>> {
    let operation = (
        op(),
        0..12_u64,
        0..8_u64,
        any::<prop::sample::Index>(),
        0..6_u8,
        value_or_nothing(),
    );
    prop::collection::vec(operation, 0..=length).prop_map(|drawn| {
        let mut order: Vec<usize> = (0..drawn.len()).collect();
        order.sort_by_key(|index| drawn[*index].1 + drawn[*index].3.index(5) as u64);
        let mut state = None;
        let mut outputs = vec![None; drawn.len()];
        for index in order {
            let (op, .., change, other) = &drawn[index];
            let input = Input {
                key: "k".into(),
                op: op.clone(),
            };
            let after = KeyValue
                .step(&state, &input, None)
                .expect("always possible");
            outputs[index] = match op {
                _ if *change == 0 => None,
                Op::Get if *change == 1 => Some(Output::Value(other.clone())),
                Op::Get => Some(Output::Value(state.clone())),
                Op::Cas { old, .. } => Some(Output::Swapped(*old == state)),
                Op::Delete if *change < 3 => Some(Output::Swapped(state.is_some())),
                _ => Some(Output::Done),
            };
            // A lost operation takes effect half of the time.
            if *change != 0 || other.is_none() {
                state = after;
            }
        }
        drawn
            .into_iter()
            .zip(outputs)
            .enumerate()
            .map(|(index, ((op, call, length, ..), output))| Operation {
                client: index as u64,
                input: Input {
                    key: "k".into(),
                    op,
                },
                ret: output.is_some().then_some(call + length),
                output,
                call,
            })
            .collect()
    })
}

fn as_register(
    operation: Operation<Input, Output>,
) -> Option<Operation<register::Input, register::Output>> {
    let Operation {
        client,
        input,
        output,
        call,
        ret,
    } = operation;
    let (input, output) = match (input.op, output) {
        (Op::Get, Some(Output::Value(value))) => {
            (register::Input::Read, Some(register::Output::Value(value)))
        }
        (Op::Get, _) => (register::Input::Read, None),
        (Op::Put(value), output) => (
            register::Input::Write(value),
            output.map(|_| register::Output::Done),
        ),
        _ => return None,
    };
    Some(Operation {
        client,
        input,
        output,
        call,
        ret,
    })
}

/// Leaves out the operations that keep the part from being exact, or from growing only, so
/// that the rules for such parts are met often.
fn keep(history: Vec<Operation<Input, Output>>, mix: Mix) -> Vec<Operation<Input, Output>> {
    let mut history = history;
    history.retain(|operation| match (mix, &operation.input.op) {
        (Mix::All, _) | (Mix::Exact | Mix::Growing, Op::Get) => true,
        (Mix::Exact, Op::Put(_)) => true,
        (Mix::Exact, Op::Delete) => operation.output != Some(Output::Swapped(true)),
        (Mix::Exact, Op::Cas { .. }) => operation.output == Some(Output::Swapped(true)),
        (Mix::Growing, Op::Append(_)) => true,
        (Mix::Exact | Mix::Growing, _) => false,
    });
    history
}

#[derive(Clone, Copy, Debug)]
enum Mix {
    All,
    Exact,
    Growing,
}

fn mix() -> impl Strategy<Value = Mix> {
    prop_oneof![Just(Mix::All), Just(Mix::Exact), Just(Mix::Growing)]
}

fn entries(history: &[Operation<Input, Output>]) -> Vec<Entry> {
    history
        .iter()
        .enumerate()
        .map(|(index, op)| Entry { index, ret: op.ret })
        .collect()
}

/// The operations of the excerpt, as far as they were known when the culprit returned.
fn excerpt_of(
    history: &[Operation<Input, Output>],
    violation: &Violation,
) -> Vec<Operation<Input, Output>> {
    let moment = violation
        .culprit
        .and_then(|culprit| history[culprit].ret)
        .unwrap();
    violation
        .excerpt
        .iter()
        .map(|index| match &history[*index] {
            known if known.ret.is_some_and(|ret| ret <= moment) => known.clone(),
            open => Operation::unknown(open.client, open.input.clone(), open.call),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_key_value_history_gets_the_verdict_of_brute_force(
        history in history(9),
        mix in mix(),
        hints in prop::collection::vec(prop_oneof![0..9_u64, Just(u64::MAX)], 9),
    ) {
        let history = keep(history, mix);
        let expected = is_linearizable(&KeyValue, &history);
        for hints in [None, Some(&hints[..history.len()])] {
            let order = search(&KeyValue, &history, hints);
            prop_assert_eq!(order.is_some(), expected);
            if let Some(order) = order {
                prop_assert!(is_order_of(&KeyValue, &history, &order));
            }
        }
    }

    #[test]
    fn a_random_register_history_gets_the_verdict_of_brute_force(
        history in history(14),
        hints in prop::collection::vec(prop_oneof![0..9_u64, Just(u64::MAX)], 14),
    ) {
        let history: Vec<_> = history.into_iter().filter_map(as_register).collect();
        let expected = is_linearizable(&Register, &history);
        for hints in [None, Some(&hints[..history.len()])] {
            let order = search(&Register, &history, hints);
            prop_assert_eq!(order.is_some(), expected);
            if let Some(order) = order {
                prop_assert!(is_order_of(&Register, &history, &order));
            }
        }
    }

    #[test]
    fn keys_are_checked_apart_and_explained(
        history in history(9), mix in mix(), keys in prop::collection::vec(0..2_u8, 9),
    ) {
        let mut history = keep(history, mix);
        for (operation, key) in history.iter_mut().zip(keys) {
            operation.input.key = key.to_string().into();
        }
        let is_key_fine = |key: &str| {
            let mut part = history.clone();
            part.retain(|operation| &*operation.input.key == key);
            is_linearizable(&KeyValue, &part)
        };
        match check(&KeyValue, &history, None, &Limits::none()).verdict {
            Verdict::Consistent => prop_assert!(is_key_fine("0") && is_key_fine("1")),
            Verdict::Violation(violation) => {
                prop_assert!(!is_key_fine(violation.partition.as_deref().unwrap()));
                prop_assert!(violation.excerpt.contains(&violation.culprit.unwrap()));
                if violation.excerpt_suffices {
                    let excerpt = excerpt_of(&history, &violation);
                    prop_assert!(!is_linearizable(&KeyValue, &excerpt));
                }
            }
            unknown => prop_assert!(false, "without limits: {unknown:?}"),
        }
    }

    #[test]
    fn pauses_do_not_change_a_verdict(history in history(9), mix in mix()) {
        let history = keep(history, mix);
        let mut meter = Meter::start(&Limits::none());
        let all = entries(&history).into_iter();
        let mut paused = Search::new(&KeyValue, &history, all, None, &meter, 0).unwrap();
        let verdict = loop {
            match paused.run(&mut meter, 1, 0) {
                Outcome::Paused => {}
                verdict => break verdict,
            }
        };
        let is_consistent = search(&KeyValue, &history, None).is_some();
        prop_assert_eq!(verdict == Outcome::Consistent, is_consistent);
    }

    #[test]
    fn a_key_value_footprint_tells_the_truth(
        operation in history(1), states in prop::collection::vec(value_or_nothing(), 4)
    ) {
        for Operation { input, output, .. } in operation {
            let Footprint { needs, leaves } = KeyValue.footprint(&input, output.as_ref());
            for state in states.iter().chain([&None]) {
                let after = KeyValue.step(state, &input, output.as_ref());
                match (&needs, &leaves) {
                    (Some(changed), Leaves::Sometimes(_)) => {
                        prop_assert!(changed == state || after.as_ref() == Some(state));
                    }
                    (Some(needed), _) => prop_assert_eq!(after.is_some(), needed == state),
                    (None, Leaves::Always(_)) => prop_assert!(after.is_some()),
                    (None, _) => {}
                }
                let Some(after) = after else { continue };
                match &leaves {
                    Leaves::Same => prop_assert_eq!(&after, state),
                    Leaves::Always(left) => prop_assert_eq!(&after, left),
                    Leaves::Sometimes(left) => prop_assert!(after == *state || after == *left),
                    Leaves::Anything => {}
                }
            }
        }
    }
}
