//! Mutexes, counters and versioned registers, against brute force; and that they can go red.

use proptest::prelude::*;

use super::{footprints_are_true, pairs, unknown_outcomes_are_always_possible};
use crate::beginning::{Beginning, Beginnings, check_from};
use crate::drawn::any_kind::{check_any_kind, check_any_kind_from};
use crate::drawn::cases;
use crate::models::any::{Kind, Object};
use crate::models::counter::{self, Counter};
use crate::models::keyed::{self, Keyed};
use crate::models::mutex::{self, Mutex};
use crate::models::starting_with::StartingWith;
use crate::models::versioned_register::{self, VersionedRegister};
use crate::search::tests::oracle::is_linearizable;
use crate::{Consistency, Limits, Model, Operation, OperationOf, Report, Verdict};

/// Operations executed one after the other, of which some answers are lost, and some replaced by
/// the answer `other` to the same.
fn history<M: Model>(
    model: &M,
    drawn: Vec<(M::Input, u64, u64, u8)>,
    answer: impl Fn(&M::State, &M::Input, bool) -> Option<M::Output>,
) -> Vec<OperationOf<M>> {
    let mut drawn = drawn;
    drawn.sort_by_key(|(_, call, ..)| *call);
    let mut state = model.initial();
    let mut history = Vec::new();
    for (client, (input, call, length, fate)) in (0..).zip(drawn) {
        let output = answer(&state, &input, fate == 1);
        let Some(output) = output.filter(|_| fate > 0) else {
            history.push(Operation::unknown(client, input, call));
            continue;
        };
        if let Some(after) = model.step(&state, &input, Some(&output)) {
            state = after;
        }
        history.push(Operation::completed(
            client,
            input,
            output,
            call,
            call + length,
        ));
    }
    history
}

fn drawn<I: Clone + std::fmt::Debug + 'static>(
    inputs: Vec<I>,
) -> impl Strategy<Value = Vec<(I, u64, u64, u8)>> {
    let operation = (prop::sample::select(inputs), 0..14_u64, 0..6_u64, 0..9_u8);
    prop::collection::vec(operation, 0..8)
}

fn verdict<M: Kind>(model: M, history: &[OperationOf<M>]) -> bool {
    is_consistent(&check_any_kind(model, history, None, &Limits::none()))
}

fn is_consistent(report: &Report) -> bool {
    match report.verdict {
        Verdict::Consistent => true,
        Verdict::Violation(_) => false,
        Verdict::Unknown { .. } => panic!("there is no limit"),
    }
}

/// Whether the history is consistent from a beginning that nobody knows.
fn from_anything<M: Kind>(model: M, history: &[OperationOf<M>]) -> bool {
    let unknown = Beginnings::all(Beginning::Unknown);
    let report = check_any_kind_from(model, history, unknown, &Limits::none());
    report.verdict == Verdict::Consistent
}

fn counts(state: &counter::State, input: &counter::Input, lies: bool) -> Option<counter::Output> {
    Some(match (input, state) {
        (counter::Input::Read, counter::State::Is(count)) => {
            counter::Output::Count(i64::try_from(*count).ok()? + i64::from(lies))
        }
        _ => counter::Output::Done,
    })
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn mutexes_get_the_verdict_of_brute_force(
        drawn in drawn(vec![mutex::Input::Acquire, mutex::Input::Release]),
    ) {
        // What does not go well fails, and is no part of the history; a lie is that it went well.
        let answer = |state: &_, input: &_, lies| {
            (lies || Mutex.step(state, input, Some(&())).is_some()).then_some(())
        };
        let history = history(&Mutex, drawn, answer);
        let free = is_linearizable(&Mutex, &history);
        prop_assert_eq!(verdict(Mutex, &history), free);
        let held = StartingWith::new(Mutex).everywhere(mutex::State::Held);
        let held = is_linearizable(&held, &history);
        prop_assert_eq!(from_anything(Mutex, &history), free || held);
    }

    #[test]
    fn counters_get_the_verdict_of_brute_force(
        drawn in drawn(vec![
            counter::Input::Read,
            counter::Input::Read,
            counter::Input::Add(1),
            counter::Input::Add(2),
            counter::Input::Add(-1),
        ]),
    ) {
        let counter = Counter::default();
        let history = history(&counter, drawn, counts);
        prop_assert_eq!(verdict(counter, &history), is_linearizable(&counter, &history));
        let any = (-20..20).any(|count| {
            let from = StartingWith::new(counter).everywhere(counter::State::Is(count));
            is_linearizable(&from, &history)
        });
        prop_assert_eq!(from_anything(Counter::beginning_anywhere(), &history), any);
    }

    #[test]
    fn versioned_registers_get_the_verdict_of_brute_force(
        drawn in drawn(vec![
            versioned_register::Input::Read,
            versioned_register::Input::Write(Some("a".into())),
            versioned_register::Input::Write(None),
            versioned_register::Input::Cas { old: Some("a".into()), new: Some("b".into()) },
        ]),
        tells in any::<u8>(),
    ) {
        let model = VersionedRegister;
        let answer = |state: &versioned_register::State, input: &_, lies: bool| {
            let after = model.step(state, input, Some(&versioned_register::Output {
                version: None,
                value: None,
            }))?;
            let is_told = tells >> (after.version % 8) & 1 == 0;
            Some(versioned_register::Output {
                version: is_told.then_some(after.version + u64::from(lies)),
                value: (*input == versioned_register::Input::Read).then_some(after.value),
            })
        };
        let history = history(&model, drawn, answer);
        prop_assert_eq!(verdict(model, &history), is_linearizable(&model, &history));
    }

    #[test]
    fn objects_with_keys_are_judged_one_by_one(
        drawn in drawn(vec![(0, true), (0, false), (1, true), (1, false)]),
    ) {
        let own = |wanted: u8| {
            let own = drawn.iter().filter(|((key, _), ..)| *key == wanted);
            let own = own.map(|((_, acquires), call, length, fate)| {
                let input = if *acquires { mutex::Input::Acquire } else { mutex::Input::Release };
                (input, *call, *length, *fate)
            });
            history(&Mutex, own.collect(), |_, _, _| Some(()))
        };
        let with_key = |key: &str, own: &[OperationOf<Mutex>]| -> Vec<OperationOf<Keyed<Object>>> {
            Mutex::any_history(own).into_iter().map(|op| Operation {
                client: op.client,
                input: keyed::Input { key: Some(key.into()), input: op.input },
                output: op.output,
                call: op.call,
                ret: op.ret,
            }).collect()
        };
        let (first, second) = (own(0), own(1));
        let both = [with_key("a", &first), with_key("b", &second)].concat();
        let expected = is_linearizable(&Mutex, &first) && is_linearizable(&Mutex, &second);
        let (usual, level) = (Beginnings::default(), Consistency::Linearizable);
        let keyed = Keyed::new(Mutex.object());
        let (_, report) = check_from(keyed, &both, &usual, level, &Limits::none());
        prop_assert_eq!(is_consistent(&report), expected);
    }
}

#[test]
fn the_new_objects_tell_the_truth_about_themselves() {
    let states = [mutex::State::Free, mutex::State::Held];
    let inputs = [mutex::Input::Acquire, mutex::Input::Release];
    footprints_are_true(&Mutex, &states, &pairs(&inputs, &[None, Some(())]));
    unknown_outcomes_are_always_possible(&Mutex, &states, &inputs);

    let states: Vec<_> = (-2..3)
        .flat_map(|count| [counter::State::Is(count), counter::State::Grew(count)])
        .collect();
    let inputs = [
        counter::Input::Add(2),
        counter::Input::Add(0),
        counter::Input::Read,
    ];
    let outputs = [
        None,
        Some(counter::Output::Done),
        Some(counter::Output::Count(1)),
    ];
    let known: Vec<_> = states
        .iter()
        .copied()
        .filter(|state| matches!(state, counter::State::Is(_)))
        .collect();
    footprints_are_true(&Counter::default(), &known, &pairs(&inputs, &outputs));
    footprints_are_true(
        &Counter::beginning_anywhere(),
        &states,
        &pairs(&inputs, &outputs),
    );
    unknown_outcomes_are_always_possible(&Counter::default(), &states, &inputs);

    use versioned_register::{Input, Output, State};
    let values = [None, Some("a".into()), Some("b".into())];
    let states: Vec<State> = (0..4)
        .flat_map(|version| values.clone().map(|value| State { version, value }))
        .collect();
    let inputs = [
        Input::Read,
        Input::Write(Some("a".into())),
        Input::Cas {
            old: None,
            new: Some("b".into()),
        },
        Input::Cas {
            old: Some("a".into()),
            new: Some("a".into()),
        },
    ];
    let mut outputs = vec![None];
    for version in [None, Some(0), Some(2)] {
        for value in [None, Some(None), Some(Some("a".into()))] {
            outputs.push(Some(Output { version, value }));
        }
    }
    footprints_are_true(&VersionedRegister, &states, &pairs(&inputs, &outputs));
    unknown_outcomes_are_always_possible(&VersionedRegister, &states, &inputs);
}

#[test]
fn a_mutex_with_thousands_of_operations_and_many_unknown_is_decided() {
    let mut history = Vec::new();
    for at in 0..4_000_u64 {
        let input = if at % 2 == 0 {
            mutex::Input::Acquire
        } else {
            mutex::Input::Release
        };
        history.push(Operation::completed(
            at % 5,
            input,
            (),
            at * 10,
            at * 10 + 12,
        ));
        if at % 50 == 0 {
            history.push(Operation::unknown(9 + at, mutex::Input::Acquire, at * 10));
        }
    }
    let limits = Limits {
        steps: Some(2_000_000),
        ..Limits::none()
    };
    let report = check_any_kind(Mutex, &history, None, &limits);
    assert_eq!(
        report.verdict,
        Verdict::Consistent,
        "{} steps",
        report.steps
    );
    let twice = mutex::Input::Acquire;
    history.push(Operation::completed(1, twice, (), 50_000, 50_001));
    history.push(Operation::completed(1, twice, (), 50_002, 50_003));
    let report = check_any_kind(Mutex, &history, None, &limits);
    assert!(!matches!(report.verdict, Verdict::Consistent));
}

#[test]
fn no_version_comes_after_the_largest_one() {
    use versioned_register::{Input, Output};
    let largest = versioned_register::State {
        version: u64::MAX,
        value: Some("a".into()),
    };
    let told = |version, value| Output { version, value };
    let change = Input::Write(Some("b".into()));
    let swap = Input::Cas {
        old: Some("a".into()),
        new: Some("b".into()),
    };
    for input in [&change, &swap] {
        let done = told(None, None);
        let after = VersionedRegister.step(&largest, input, Some(&done));
        assert_eq!(after, None, "{input:?}");
    }
    let inputs = [change.clone(), swap.clone()];
    let beginning = StartingWith::new(VersionedRegister).everywhere(largest.clone());
    unknown_outcomes_are_always_possible(&beginning, std::slice::from_ref(&largest), &inputs);
    for input in inputs {
        let seen = told(Some(u64::MAX), Some(Some("a".into())));
        let read = Operation::completed(1, Input::Read, seen, 0, 5);
        let done = Operation::completed(1, input.clone(), told(None, None), 10, 15);
        let lost = Operation::unknown(1, input, 10);
        assert!(!from_anything(
            VersionedRegister,
            &[read.clone(), done.clone()]
        ));
        assert!(from_anything(
            VersionedRegister,
            &[read.clone(), lost.clone()]
        ));
        assert!(!is_linearizable(&beginning, &[read.clone(), done]));
        assert!(is_linearizable(&beginning, &[read, lost]));
    }
}
