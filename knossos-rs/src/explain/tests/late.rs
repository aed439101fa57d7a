//! Long histories that become impossible in the middle, and go on: after a split brain every
//! second read is stale, and the first of them is the one to show.

use super::properties::KvOperation;
use super::violation;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::zones::tests::random::Random;
use crate::{Anomaly, Limits, Model, Operation, Text};

/// What kind of operations a history has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Puts of new values.
    Distinct,
    /// Puts of a few values, again and again.
    Repeated,
    /// Puts of a few values, and compare-and-swap of them.
    Swapped,
    /// Compare-and-swap of each value into a new one.
    Chained,
    /// Appends to a text.
    Appended,
}

/// What to make a history of.
#[derive(Clone, Copy, Debug)]
struct Plan {
    kind: Kind,
    operations: u64,
    /// About how many operations are open at once.
    clients: u64,
    keys: u64,
    /// After how many per cent of the operations the brain splits.
    split: u64,
    seed: u64,
}

/// A history that is linearizable up to a split brain. From then on, half of the
/// reads are served by a replica that stands still. With it comes the stale read that returned first.
fn split_brain(plan: Plan) -> (Vec<KvOperation>, usize) {
    let random = &mut Random(plan.seed);
    let split = plan.operations * plan.split / 100;
    let mut states: Vec<Option<Text>> = vec![None; plan.keys as usize];
    let mut still = states.clone();
    let mut history = Vec::new();
    let mut first: Option<(u64, usize)> = None;
    for number in 0..plan.operations {
        let key = random.below(plan.keys);
        // All is quiet around the split, so that it is certain what is stale.
        let quiet = if number > split { 2_000_000 } else { 0 };
        let moment = 1_000_000 + number * 10 + quiet;
        let width = plan.clients * 10;
        let (call, ret) = (
            moment - random.below(width),
            moment + 1 + random.below(width),
        );
        let state = &mut states[key as usize];
        let (op, output, is_stale) = match random.below(2) {
            0 if number > split && random.below(2) == 0 => {
                (Op::Get, Output::Value(still[key as usize].clone()), true)
            }
            0 => (Op::Get, Output::Value(state.clone()), false),
            _ => {
                let (op, output) = change(plan.kind, number, state, random);
                (op, output, false)
            }
        };
        let input = |op| Input {
            key: key.to_string().into(),
            op,
        };
        let input = input(op);
        *state = KeyValue.step(state, &input, None).expect("always possible");
        if is_stale && first.is_none_or(|(earliest, _)| ret < earliest) {
            first = Some((ret, history.len()));
        }
        history.push(match random.below(50) {
            0 if !is_stale => Operation::unknown(number % plan.clients, input, call),
            _ => Operation::completed(number % plan.clients, input, output, call, ret),
        });
        if number == split {
            // Each key holds what it never held before, and then something else.
            for (key, state) in states.iter_mut().enumerate() {
                for (place, value) in ["only here", "only here and there"].into_iter().enumerate() {
                    let at = 2_000_000 + number * 10 + key as u64 * 4 + place as u64 * 2;
                    let put = Input {
                        key: key.to_string().into(),
                        op: Op::Put(value.into()),
                    };
                    history.push(Operation::completed(0, put, Output::Done, at, at + 1));
                    if place == 0 {
                        still[key] = Some(value.into());
                    }
                    *state = Some(value.into());
                }
            }
        }
    }
    let (_, first) = first.expect("a stale read");
    (history, first)
}

fn change(kind: Kind, number: u64, state: &Option<Text>, random: &mut Random) -> (Op, Output) {
    let any = Text::from(random.below(4).to_string());
    match kind {
        Kind::Distinct => (Op::Put(number.to_string().into()), Output::Done),
        Kind::Repeated => (Op::Put(any), Output::Done),
        Kind::Swapped if random.below(2) == 0 => {
            let old = match random.below(4) {
                0 => Some(Text::from(random.below(4).to_string())),
                _ => state.clone(),
            };
            let is_match = old == *state;
            (
                Op::Cas {
                    old,
                    new: Some(any),
                },
                Output::Swapped(is_match),
            )
        }
        Kind::Swapped => (Op::Put(any), Output::Done),
        Kind::Chained => {
            let (old, new) = (state.clone(), Some(number.to_string().into()));
            (Op::Cas { old, new }, Output::Swapped(true))
        }
        Kind::Appended if random.below(20) == 0 => {
            (Op::Put(number.to_string().into()), Output::Done)
        }
        Kind::Appended => (Op::Append(format!(" {number}").into()), Output::Done),
    }
}

/// The kinds, and how many operations are decided in a moment.
const SIZES: [(Kind, &[u64]); 5] = [
    (Kind::Distinct, &[300, 1_000, 3_000, 10_000, 30_000]),
    (Kind::Repeated, &[300, 1_000, 3_000, 10_000, 30_000]),
    (Kind::Swapped, &[300, 1_000, 3_000, 10_000]),
    (Kind::Chained, &[300, 1_000, 3_000, 10_000, 30_000]),
    (Kind::Appended, &[300, 1_000, 3_000]),
];

#[test]
fn the_first_stale_read_after_a_split_brain_is_the_one_that_is_named() {
    for (kind, sizes) in SIZES {
        for (seed, operations) in (0..).zip(sizes) {
            for split in [10, 50, 90] {
                let plan = Plan {
                    kind,
                    operations: *operations,
                    clients: 6,
                    keys: 1,
                    split,
                    seed,
                };
                the_first_stale_read_is_named(plan);
            }
        }
    }
}

#[test]
fn of_many_keys_the_one_that_became_impossible_first_is_shown() {
    for (kind, _) in SIZES {
        for (seed, (keys, split)) in (100..).zip([(2, 10), (5, 50), (20, 90)]) {
            let plan = Plan {
                kind,
                operations: 3_000,
                clients: 6,
                keys,
                split,
                seed,
            };
            the_first_stale_read_is_named(plan);
        }
    }
}

fn the_first_stale_read_is_named(plan: Plan) {
    let (history, first) = split_brain(plan);
    let violation = violation(KeyValue, &history);
    let message = &violation.message;
    // Several can return at one moment.
    let ret_of = |index: usize| history[index].ret;
    let moment = violation.culprit.and_then(ret_of);
    assert_eq!(moment, ret_of(first), "{plan:?}: {message}");
    let culprit = violation.culprit.expect("it has a moment");
    assert!(violation.excerpt.contains(&culprit), "{plan:?}");
    assert!(!violation.core.is_empty(), "{plan:?}: {message}");
    if plan.keys > 1 {
        let key = violation.partition.expect("keys have names");
        assert_eq!(*history[first].input.key, key, "{plan:?}");
    }
}

/// Puts of a few values and gets by many clients at once, and one get of what nobody puts.
fn with_an_unwritten_read(operations: u64, clients: u64, seed: u64) -> (Vec<KvOperation>, usize) {
    let random = &mut Random(seed);
    let unwritten = operations / 4 + random.below(operations / 2);
    let mut state: Option<Text> = None;
    let history = (0..operations).map(|number| {
        let moment = 1_000_000 + number * 10;
        let width = clients * 10;
        let (call, ret) = (
            moment - random.below(width),
            moment + 1 + random.below(width),
        );
        let value = Text::from(random.below(20).to_string());
        let (op, output) = match random.below(2) {
            _ if number == unwritten => (Op::Get, Output::Value(Some("never".into()))),
            0 => (Op::Get, Output::Value(state.clone())),
            _ => {
                state = Some(value.clone());
                (Op::Put(value), Output::Done)
            }
        };
        let is_unknown = number != unwritten && random.below(20) == 0;
        let input = Input {
            key: "k".into(),
            op,
        };
        match is_unknown {
            true => Operation::unknown(number % clients, input, call),
            false => Operation::completed(number % clients, input, output, call, ret),
        }
    });
    (history.collect(), unwritten as usize)
}

#[test]
fn a_read_of_what_nobody_wrote_is_named_however_many_clients_there_are() {
    for (seed, (operations, clients)) in (0..).zip([
        (50, 60),
        (300, 60),
        (300, 100),
        (3_000, 80),
        (20_000, 60),
        (20_000, 100),
    ]) {
        let (history, unwritten) = with_an_unwritten_read(operations, clients, seed);
        let violation = violation(KeyValue, &history);
        assert_eq!(
            violation.core,
            [unwritten],
            "{operations}, {clients}: {}",
            violation.message
        );
        assert_eq!(violation.anomaly, Anomaly::NeverWritten);
        assert!(
            violation.message.contains("= \"never\" by client "),
            "{}",
            violation.message
        );
        assert!(violation.excerpt.contains(&unwritten));
    }
}

#[test]
fn what_nobody_wrote_is_named_even_when_no_time_is_left_for_explaining() {
    use crate::evidence::Evidence;
    use crate::explain::explain;
    use crate::limits::Meter;
    use crate::parts::Parts;
    use crate::question::Question;

    let (history, unwritten) = with_an_unwritten_read(300, 60, 7);
    let asked = Question {
        model: &KeyValue,
        history: &history,
        parts: Parts::new(&KeyValue, &history),
        hints: None,
    };
    let limits = Limits {
        time: Some(std::time::Duration::ZERO),
        ..Limits::none()
    };
    let violation = explain(
        &asked,
        (0, &Evidence::default()),
        &[],
        &Meter::start(&limits),
    );
    assert_eq!(violation.core, [unwritten], "{}", violation.message);
    assert_eq!(
        (violation.culprit, violation.core_is_minimal),
        (None, false)
    );
    assert_eq!(violation.anomaly, Anomaly::NeverWritten);
}
