//! Unknown beginnings, against brute force over all of them.

mod objects;

use proptest::prelude::*;

use super::*;
use crate::drawn::any_kind::check_any_kind_from;
use crate::drawn::{cases, impossible_by, moment_of};
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::{self, Register};
use crate::report::Reason;
use crate::search::tests::oracle;
use crate::{Model, Operation, Text, WriteOrder};

type KvOperation = Operation<Input, Output>;

/// Every beginning that texts of `a` and `b` can tell apart from others, and one more.
fn all_beginnings() -> Vec<Option<Text>> {
    let mut all: Vec<String> = vec![String::new()];
    for length in 1..=3 {
        let longer: Vec<String> = all
            .iter()
            .filter(|text| text.len() == length - 1)
            .flat_map(|text| [format!("{text}a"), format!("{text}b")])
            .collect();
        all.extend(longer);
    }
    let texts = all.into_iter().map(|text| Some(Text::from(text)));
    texts.chain([None, Some("neither".into())]).collect()
}

fn is_linearizable_from(history: &[KvOperation], state: &Option<Text>) -> bool {
    let model = StartingWith::new(KeyValue).everywhere(state.clone());
    oracle::is_linearizable(&model, history)
}

fn verdict(history: &[KvOperation], level: Consistency) -> (StartingWith<KeyValue>, Verdict) {
    let unknown = Beginnings::all(Beginning::Unknown);
    let (model, report) = check_from(KeyValue, history, &unknown, level, &Limits::none());
    (model, report.verdict)
}

fn value() -> impl Strategy<Value = Text> {
    prop::sample::select(vec!["a", "b", "ab", "ba"]).prop_map(Text::from)
}

fn content() -> BoxedStrategy<Option<Text>> {
    prop_oneof![1 => Just(None), 5 => value().prop_map(Some)].boxed()
}

fn op(with_appends: bool) -> BoxedStrategy<Op> {
    let append = if with_appends { 2 } else { 0 };
    prop_oneof![
        4 => Just(Op::Get),
        2 => value().prop_map(Op::Put),
        1 => Just(Op::Delete),
        append => prop::sample::select(vec!["a", "b"]).prop_map(|text| Op::Append(text.into())),
        2 => (content(), content()).prop_map(|(old, new)| Op::Cas { old, new }),
    ]
    .boxed()
}

/// Operations of two keys, executed in some order from some beginning; then some answers are lost
/// and some are changed.
fn history(length: usize, with_appends: bool) -> impl Strategy<Value = Vec<KvOperation>> {
    let operation = (
        (op(with_appends), 0..5_u8),
        (0..12_u64, 0..6_u64, 0..3_u64),
        0..12_u8,
        content(),
    );
    let operations = prop::collection::vec(operation, 1..=length);
    (operations, content(), content()).prop_map(|(mut drawn, first, second)| {
        drawn.sort_by_key(|(_, (call, ..), ..)| *call);
        let mut states = [first, second];
        drawn
            .into_iter()
            .map(|((op, key), (call, length, client), change, other)| {
                let key = usize::from(key == 0);
                let input = Input {
                    key: ["k", "l"][key].into(),
                    op,
                };
                let before = states[key].clone();
                let after = KeyValue.step(&before, &input, None).expect("possible");
                if change != 1 {
                    states[key] = after;
                }
                let output = match &input.op {
                    _ if change < 2 => None,
                    Op::Get if change == 2 => Some(Output::Value(other)),
                    Op::Get => Some(Output::Value(before)),
                    Op::Cas { old, .. } => Some(Output::Swapped(*old == before)),
                    _ => Some(Output::Done),
                };
                Operation {
                    client,
                    ret: output.is_some().then_some(call + length),
                    input,
                    output,
                    call,
                }
            })
            .collect()
    })
}

/// Whether some beginning of each key makes the history consistent, by trying them all.
fn some_beginning(
    history: &[KvOperation],
    is_consistent: &dyn Fn(&StartingWith<KeyValue>, &[KvOperation]) -> bool,
) -> bool {
    let all = all_beginnings();
    all.iter().any(|first| {
        all.iter().any(|second| {
            let model = StartingWith::new(KeyValue)
                .part("k".into(), first.clone())
                .part("l".into(), second.clone());
            is_consistent(&model, history)
        })
    })
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_history_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all(
        history in prop_oneof![history(7, true), history(7, false)],
    ) {
        let of = |key: &str| -> Vec<KvOperation> {
            history.iter().filter(|op| &*op.input.key == key).cloned().collect()
        };
        let expected = ["k", "l"].iter().all(|key| {
            let own = of(key);
            all_beginnings().iter().any(|state| is_linearizable_from(&own, state))
        });
        let (model, found) = verdict(&history, Consistency::Linearizable);
        prop_assert_eq!(found == Verdict::Consistent, expected, "{:?}", found);
        let is_unknown = matches!(found, Verdict::Unknown { .. });
        prop_assert!(!is_unknown);
        if !expected {
            let moments = ["k", "l"].iter().filter_map(|key| {
                impossible_by(&of(key), |known| {
                    all_beginnings().iter().any(|state| is_linearizable_from(known, state))
                })
            });
            prop_assert_eq!(moment_of(&found, &history), moments.min(), "{:?}", found);
        }
        // The beginnings that are told are ones that do it, or leave the violation.
        for key in ["k", "l"] {
            let own = of(key);
            let state = own.first().map(|op| model.initial_of(&op.input));
            prop_assert!(!expected || state.is_none_or(|state| is_linearizable_from(&own, &state)));
        }
    }

    #[test]
    fn a_known_beginning_gets_the_verdict_of_brute_force(
        history in history(7, true),
        state in content(),
    ) {
        let own: Vec<_> = history.into_iter().filter(|op| &*op.input.key == "k").collect();
        let known = Beginnings::all(Beginning::At(state.clone()));
        let limits = Limits::none();
        let (_, report) = check_from(KeyValue, &own, &known, Consistency::Linearizable, &limits);
        prop_assert_eq!(report.verdict == Verdict::Consistent, is_linearizable_from(&own, &state));
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn weaker_levels_are_true_to_all_beginnings(history in history(5, false)) {
        let order = WriteOrder::Program;
        for level in [
            Consistency::Sequential,
            Consistency::Session(Guarantee::MonotonicReads, order),
            Consistency::Session(Guarantee::ReadYourWrites, order),
            Consistency::Session(Guarantee::WritesFollowReads, order),
            Consistency::BoundedStaleness(std::time::Duration::from_nanos(3)),
        ] {
            let expected = some_beginning(&history, &|model, history| {
                let report = crate::check_consistency(model, history, level, &Limits::none());
                report.verdict == Verdict::Consistent
            });
            match verdict(&history, level).1 {
                Verdict::Consistent => prop_assert!(expected, "{:?}", level),
                Verdict::Violation(_) => prop_assert!(!expected, "{:?}", level),
                Verdict::Unknown { reason, .. } => {
                    prop_assert!(!expected && reason == Reason::RepeatedValues, "{:?}", level);
                }
            }
        }
    }
}

fn read(value: &str, call: u64, ret: u64) -> Operation<register::Input, register::Output> {
    let seen = register::Output::Value(Some(value.into()));
    Operation::completed(1, register::Input::Read, seen, call, ret)
}

#[test]
fn what_a_register_began_with_can_be_read_until_it_is_overwritten_and_no_longer() {
    let write = register::Input::Write("1".into());
    let write = Operation::completed(2, write, register::Output::Done, 20, 30);
    let mut history = vec![read("0", 0, 10), write, read("0", 25, 35)];
    let verdict = |history: &[_], beginnings: &Beginnings<_>| {
        check_any_kind_from(Register, history, beginnings.clone(), &Limits::none()).verdict
    };
    for beginning in [Beginning::Unknown, Beginning::At(Some("0".into()))] {
        let beginnings = Beginnings::all(beginning);
        assert_eq!(verdict(&history, &beginnings), Verdict::Consistent);
        history.push(read("0", 40, 50));
        let found = verdict(&history, &beginnings);
        assert!(matches!(found, Verdict::Violation(_)), "{found:?}");
        history.pop();
    }
    let usual = verdict(&history, &Beginnings::default());
    assert!(matches!(usual, Verdict::Violation(_)));
}

#[test]
fn many_keys_with_unknown_beginnings_are_decided_in_about_one_check_each() {
    let mut history = Vec::new();
    for at in 0..20_000_u64 {
        let key: Text = (at % 1_000).to_string().into();
        let (op, output) = if at / 1_000 % 2 == 0 {
            let seen = Some(Text::from(format!("{}", at / 2_000)));
            (Op::Get, Output::Value(seen))
        } else {
            let new = Text::from(format!("{}", at / 2_000 + 1));
            (Op::Put(new), Output::Done)
        };
        let input = Input { key, op };
        history.push(Operation::completed(
            at % 7,
            input,
            output,
            at * 10,
            at * 10 + 15,
        ));
    }
    let limits = Limits {
        steps: Some(200_000),
        ..Limits::none()
    };
    let unknown = Beginnings::all(Beginning::Unknown);
    let level = Consistency::Linearizable;
    let (model, report) = check_from(KeyValue, &history, &unknown, level, &limits);
    assert_eq!(report.verdict, Verdict::Consistent);
    assert_eq!(model.beginning(Some("7")), Some(&Some("0".into())));
    let last = history.last_mut().expect("operations");
    last.input.op = Op::Get;
    last.output = Some(Output::Value(Some("0".into())));
    let (_, report) = check_from(KeyValue, &history, &unknown, level, &limits);
    assert!(matches!(report.verdict, Verdict::Violation(_)));
}

#[test]
fn a_violation_of_a_key_that_began_with_a_value_is_explained_from_that_value() {
    let read = |at| {
        let input = Input {
            key: "k".into(),
            op: Op::Get,
        };
        let seen = Output::Value(Some("0".into()));
        Operation::completed(1, input, seen, at, at + 5)
    };
    let input = Input {
        key: "k".into(),
        op: Op::Put("1".into()),
    };
    let write = Operation::completed(2, input, Output::Done, 10, 15);
    let history = [read(0), write, read(20)];
    let began = Beginning::At(Some("0".into()));
    let mut beginnings = Beginnings::default();
    beginnings.parts.insert("k".into(), began);
    let level = Consistency::Linearizable;
    let (model, report) = check_from(KeyValue, &history, &beginnings, level, &Limits::none());
    let Verdict::Violation(violation) = report.verdict else {
        panic!("the value was overwritten");
    };
    assert_eq!(violation.culprit, Some(2), "{}", violation.message);
    let asked = [crate::format::FailedOperation {
        client: 3,
        input: Input {
            key: "k".into(),
            op: Op::Put("0".into()),
        },
        call: 0,
        invoked_line: 1,
        failed_line: 2,
    }];
    let mut blamed = (*violation).clone();
    blamed.blame_failed(&model, &history, &asked);
    assert_ne!(
        blamed.anomaly,
        crate::Anomaly::AbortedRead,
        "it was there at first"
    );
}
