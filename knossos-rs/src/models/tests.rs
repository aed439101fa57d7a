//! Every ready-made model tells the truth about itself.

mod objects;

use super::{bank, queue, set, stack};
use crate::{Footprint, Leaves, Model, Text};

/// Checks the footprint of every operation in every state, reached or not.
fn footprints_are_true<M: Model>(
    model: &M,
    states: &[M::State],
    operations: &[(M::Input, Option<M::Output>)],
) where
    M::State: std::fmt::Debug,
{
    for (input, output) in operations {
        let what = model.describe(input, output.as_ref());
        let Footprint { needs, leaves } = model.footprint(input, output.as_ref());
        for state in states {
            let after = model.step(state, input, output.as_ref());
            match (&needs, &leaves) {
                (Some(changed), Leaves::Sometimes(_)) => {
                    assert!(changed == state || after.as_ref() == Some(state), "{what}");
                }
                (Some(needed), _) => assert_eq!(after.is_some(), needed == state, "{what}"),
                (None, Leaves::Always(_)) => assert!(after.is_some(), "{what}"),
                (None, _) => {}
            }
            let Some(after) = after else { continue };
            match &leaves {
                Leaves::Same => assert_eq!(&after, state, "{what}"),
                Leaves::Always(left) => assert_eq!(&after, left, "{what}"),
                Leaves::Sometimes(left) => assert!(after == *state || after == *left, "{what}"),
                Leaves::Anything => {}
            }
        }
    }
}

/// Whatever may be unknown may happen in every state.
fn unknown_outcomes_are_always_possible<M: Model>(
    model: &M,
    states: &[M::State],
    inputs: &[M::Input],
) {
    for input in inputs {
        for state in states {
            let what = model.describe(input, None);
            assert!(model.step(state, input, None).is_some(), "{what}");
            assert!(what.ends_with("(outcome unknown)"), "{what}");
        }
    }
}

fn texts(texts: &[&str]) -> Vec<Text> {
    texts.iter().map(|text| (*text).into()).collect()
}

#[test]
fn the_set_tells_the_truth_about_itself() {
    use set::{Input, Output};
    let states: Vec<_> = [&[][..], &["a"], &["b"], &["a", "b"]]
        .map(|elements| texts(elements).into_iter().collect())
        .into();
    let inputs = [
        Input::Add("a".into()),
        Input::Remove("a".into()),
        Input::Contains("b".into()),
        Input::Read,
    ];
    let outputs = [
        None,
        Some(Output::Done),
        Some(Output::Was(true)),
        Some(Output::Was(false)),
        Some(Output::Elements(texts(&["a"]).into_iter().collect())),
    ];
    footprints_are_true(&set::Set, &states, &pairs(&inputs, &outputs));
    unknown_outcomes_are_always_possible(&set::Set, &states, &inputs);
}

#[test]
fn the_queue_and_the_stack_take_from_opposite_ends() {
    let held = texts(&["a", "b"]);
    let states = [Vec::new(), held.clone()];
    let queues = states.clone().map(Into::into);
    let puts = [queue::Input::Enqueue("c".into()), queue::Input::Dequeue];
    unknown_outcomes_are_always_possible(&queue::Queue, &queues, &puts);
    let pushes = [stack::Input::Push("c".into()), stack::Input::Pop];
    unknown_outcomes_are_always_possible(&stack::Stack, &states, &pushes);
    let first = queue::Output::Value(Some("a".into()));
    let last = stack::Output::Value(Some("b".into()));
    let queue = queue::Queue.step(&held.clone().into(), &queue::Input::Dequeue, Some(&first));
    assert_eq!(queue, Some(texts(&["b"]).into()));
    let stack = stack::Stack.step(&held, &stack::Input::Pop, Some(&last));
    assert_eq!(stack, Some(texts(&["a"])));
    let nothing = queue::Output::Value(None);
    let empty = queue::Queue.step(&Vec::new().into(), &queue::Input::Dequeue, Some(&nothing));
    assert_eq!(empty, Some(Vec::new().into()));
}

#[test]
fn the_bank_tells_the_truth_about_itself_and_keeps_its_money() {
    use bank::{Bank, Input, Output};
    let bank = Bank::new([("a", 5), ("b", 2)]);
    let balances = |a: u64, b: u64| [("a".into(), a), ("b".into(), b)].into();
    let states: Vec<_> = (0..=7).map(|a| balances(a, 7 - a)).collect();
    let transfer = |from: &str, to: &str, amount| Input::Transfer {
        from: from.into(),
        to: to.into(),
        amount,
    };
    let inputs = [
        transfer("a", "b", 3),
        transfer("b", "a", 0),
        transfer("a", "a", 4),
        transfer("a", "nobody", 1),
        Input::Balance("a".into()),
        Input::Balance("nobody".into()),
        Input::Read,
    ];
    let outputs = [
        None,
        Some(Output::Moved(true)),
        Some(Output::Moved(false)),
        Some(Output::Holds(Some(5))),
        Some(Output::Holds(None)),
        Some(Output::Balances(balances(5, 2))),
    ];
    footprints_are_true(&bank, &states, &pairs(&inputs, &outputs));
    unknown_outcomes_are_always_possible(&bank, &states, &inputs);
    for (input, output) in pairs(&inputs, &outputs) {
        for state in &states {
            if let Some(after) = bank.step(state, &input, output.as_ref()) {
                assert_eq!(after.values().sum::<u64>(), 7);
            }
        }
    }
}

#[test]
#[should_panic(expected = "fit into 64 bits")]
fn a_bank_with_more_money_than_can_be_counted_is_refused() {
    let _ = bank::Bank::new([("a", u64::MAX), ("b", 1)]);
}

fn pairs<I: Clone, O: Clone>(inputs: &[I], outputs: &[O]) -> Vec<(I, O)> {
    inputs
        .iter()
        .flat_map(|input| {
            outputs
                .iter()
                .map(move |output| (input.clone(), output.clone()))
        })
        .collect()
}
