//! Random histories of up to nine operations: search, brute force, and hints.

use proptest::prelude::*;

use super::oracle::{is_linearizable, is_order_of};
use super::small::search;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::{self, Register};
use crate::{Footprint, Leaves, Model, Operation, Text};

fn value() -> impl Strategy<Value = Text> {
    prop_oneof![
        Just(Text::from("a")),
        Just(Text::from("b")),
        Just(Text::from("ab"))
    ]
}

fn value_or_nothing() -> impl Strategy<Value = Option<Text>> {
    prop_oneof![1 => Just(None), 3 => value().prop_map(Some)]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => Just(Op::Get),
        3 => value().prop_map(Op::Put),
        1 => Just(Op::Delete),
        2 => value().prop_map(Op::Append),
        3 => (value_or_nothing(), value_or_nothing()).prop_map(|(old, new)| Op::Cas { old, new }),
    ]
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_key_value_history_gets_the_verdict_of_brute_force(
        history in history(9),
        hints in prop::collection::vec(prop_oneof![0..9_u64, Just(u64::MAX)], 9),
    ) {
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
    fn a_key_value_footprint_tells_the_truth(
        operation in history(1), states in prop::collection::vec(value_or_nothing(), 4)
    ) {
        for Operation { input, output, .. } in operation {
            let Footprint { needs, leaves } = KeyValue.footprint(&input, output.as_ref());
            for state in states.iter().chain([&None]) {
                let after = KeyValue.step(state, &input, output.as_ref());
                match (&needs, &leaves) {
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
