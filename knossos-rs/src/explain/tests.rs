mod aborted;
mod late;
mod models;
mod prefixes;
mod properties;
mod shortcuts;

use crate::drawn::any_kind::check_any_kind;
use crate::models::any::Kind;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::{self, Register};
use crate::{Anomaly, Limits, Operation, OperationOf, Verdict, Violation};

fn violation<M: Kind>(model: M, history: &[OperationOf<M>]) -> Violation {
    match check_any_kind(model, history, None, &Limits::none()).verdict {
        Verdict::Violation(violation) => *violation,
        other => panic!("not a violation: {other:?}"),
    }
}

type RegisterOperation = OperationOf<Register>;

fn write(value: &str, call: u64, ret: u64) -> RegisterOperation {
    let input = register::Input::Write(value.into());
    Operation::completed(1, input, register::Output::Done, call, ret)
}

fn read(value: &str, call: u64, ret: u64) -> RegisterOperation {
    let output = register::Output::Value(Some(value.into()));
    Operation::completed(2, register::Input::Read, output, call, ret)
}

#[test]
fn a_stale_read_is_the_culprit_and_both_writes_are_shown() {
    let mut history: Vec<RegisterOperation> = Vec::new();
    for index in 0..50 {
        let value = index.to_string();
        history.push(write(&value, index * 10, index * 10 + 3));
        history.push(read(&value, index * 10 + 5, index * 10 + 8));
    }
    history.insert(80, read("38", 396, 399));
    let violation = violation(Register, &history);
    assert_eq!(violation.culprit, Some(80));
    assert_eq!(violation.explained, (0..80).collect::<Vec<_>>());
    assert_eq!(violation.stuck, [80]);
    assert_eq!(violation.excerpt, [76, 78, 80]);
    assert!(violation.excerpt_suffices);
    assert_eq!(violation.core, [78, 80]);
    assert!(violation.core_is_minimal);
    assert_eq!(violation.anomaly, Anomaly::StaleRead);
    assert_eq!(
        violation.message,
        "read = \"38\" by client 2 (from 396 to 399 ns) saw what had been overwritten: write \"39\" \
         by client 1 had completed at 393 ns, before it was called, and write \"38\" by client 1, \
         which alone can have set what it saw, had completed at 383 ns, before that was called; \
         the 80 operations before have an order"
    );
}

#[test]
fn a_value_from_nowhere_is_said_to_come_from_nowhere() {
    let history = [write("a", 0, 1), read("b", 2, 3), write("b", 4, 5)];
    let violation = violation(Register, &history);
    assert_eq!(violation.culprit, Some(1));
    assert_eq!(violation.core, [1]);
    assert_eq!(violation.excerpt, [1, 2]);
    assert_eq!(violation.anomaly, Anomaly::FromTheFuture);
    assert_eq!(
        violation.message,
        "read = \"b\" by client 2 (from 2 to 3 ns) saw what had not been written yet: the first \
         operation that can have written it, write \"b\" by client 1, was called only at 4 ns; the \
         one operation before has an order"
    );
    let violation = self::violation(Register, &history[..2]);
    assert_eq!(violation.excerpt, [1]);
    assert_eq!(violation.anomaly, Anomaly::NeverWritten);
}

#[test]
fn what_returned_later_is_open_at_the_earliest_impossible_moment() {
    // The write of "b" is still open when the stale read returns, so it is no excuse and no
    // part of the explanation; the open write of "c" took effect, since "c" was read.
    let history = [
        write("a", 0, 1),
        write("c", 2, 100),
        read("c", 3, 4),
        write("b", 5, 90),
        read("a", 6, 7),
    ];
    let violation = violation(Register, &history);
    assert_eq!(violation.culprit, Some(4));
    assert_eq!(violation.explained, [0, 1, 2]);
    assert_eq!(violation.stuck, [3, 4]);
    assert_eq!(violation.excerpt, [0, 1, 2, 4]);
}

#[test]
fn the_key_of_the_violation_is_named() {
    let get = |key: &str, value: Option<&str>, at: u64| {
        let input = Input {
            key: key.into(),
            op: Op::Get,
        };
        Operation::completed(1, input, Output::Value(value.map(Into::into)), at, at + 1)
    };
    let history = [
        get("x", None, 0),
        get("y", Some("7"), 10),
        get("x", None, 20),
    ];
    let violation = violation(KeyValue, &history);
    assert_eq!(violation.partition.as_deref(), Some("y"));
    assert_eq!(violation.culprit, Some(1));
}

#[test]
fn an_impossible_answer_is_impossible_by_itself() {
    let input = register::Input::Write("b".into());
    let wrong = Operation::completed(1, input, register::Output::Value(None), 5, 6);
    let violation = violation(Register, &[write("a", 0, 9), wrong]);
    assert_eq!(violation.excerpt, [1]);
    assert_eq!(violation.anomaly, Anomaly::ImpossibleAnswer);
    assert_eq!(
        violation.message,
        "write \"b\" = nothing by client 1 (from 5 to 6 ns) is an impossible answer, whichever of the \
         operations called by then took effect"
    );
}

/// What a key-value operation asks and is answered.
type Asked = (Op, Output);

fn get(value: Option<&str>) -> Asked {
    (Op::Get, Output::Value(value.map(Into::into)))
}

fn put(value: &str) -> Asked {
    (Op::Put(value.into()), Output::Done)
}

fn append(suffix: &str) -> Asked {
    (Op::Append(suffix.into()), Output::Done)
}

fn cas(old: &str, new: &str) -> Asked {
    let (old, new) = (Some(old.into()), Some(new.into()));
    (Op::Cas { old, new }, Output::Swapped(true))
}

/// The violation in operations of one key, each with its times; client 1 calls the first.
fn of_key(asked: &[(Asked, u64, u64)]) -> Violation {
    let history: Vec<_> = asked
        .iter()
        .enumerate()
        .map(|(index, ((op, output), call, ret))| {
            let input = Input {
                key: "k".into(),
                op: op.clone(),
            };
            Operation::completed(index as u64 + 1, input, output.clone(), *call, *ret)
        })
        .collect();
    violation(KeyValue, &history)
}

#[test]
fn a_deleted_value_that_comes_back_is_resurrected() {
    let violation = of_key(&[
        (put("a"), 0, 1),
        ((Op::Delete, Output::Done), 2, 3),
        (get(Some("a")), 4, 5),
    ]);
    assert_eq!(violation.anomaly, Anomaly::Resurrected);
    assert_eq!(
        (violation.core, violation.excerpt),
        (vec![1, 2], vec![0, 1, 2])
    );
}

#[test]
fn nothing_read_after_a_write_is_stale() {
    let violation = of_key(&[(put("a"), 0, 1), (get(None), 2, 3)]);
    assert_eq!(violation.anomaly, Anomaly::StaleRead);
    assert_eq!(
        violation.message,
        "get \"k\" = nothing by client 2 (from 2 to 3 ns) saw what had been overwritten: put \"k\" \
         \"a\" by client 1 had completed at 1 ns, before it was called, and nothing can have brought \
         the initial state back; the one operation before has an order"
    );
}

#[test]
fn two_swaps_of_one_value_are_a_double_success() {
    let violation = of_key(&[
        (put("a"), 0, 1),
        (cas("a", "b"), 2, 9),
        (cas("a", "c"), 3, 8),
    ]);
    assert_eq!(violation.anomaly, Anomaly::DoubleSuccess);
    assert_eq!(
        (violation.core, violation.excerpt),
        (vec![1, 2], vec![0, 1, 2])
    );
}

#[test]
fn a_swap_of_what_had_been_replaced_loses_an_update() {
    let violation = of_key(&[(put("a"), 0, 1), (put("b"), 2, 3), (cas("a", "c"), 4, 5)]);
    assert_eq!(violation.anomaly, Anomaly::LostUpdate);
    assert_eq!(
        (violation.core, violation.excerpt),
        (vec![1, 2], vec![0, 1, 2])
    );
}

#[test]
fn reads_that_disagree_are_said_to_disagree() {
    let there_and_back = of_key(&[
        (put("a"), 0, 1),
        (put("b"), 2, 90),
        (get(Some("b")), 3, 4),
        (get(Some("a")), 5, 6),
    ]);
    assert_eq!(there_and_back.anomaly, Anomaly::Disagreement);
    assert_eq!(there_and_back.core, [2, 3]);
    assert_eq!(there_and_back.excerpt, [0, 1, 2, 3]);
    let to_and_fro = of_key(&[
        (put("a"), 0, 90),
        (put("b"), 0, 90),
        (get(Some("a")), 1, 2),
        (get(Some("b")), 3, 4),
        (get(Some("a")), 5, 6),
    ]);
    assert_eq!(to_and_fro.anomaly, Anomaly::Disagreement);
    assert_eq!(to_and_fro.core, [2, 3, 4]);
}

#[test]
fn reads_of_two_clients_that_cross_are_said_to_disagree() {
    let violation = of_key(&[
        (put("a"), 0, 90),
        (put("b"), 0, 90),
        (get(Some("a")), 1, 2),
        (get(Some("b")), 1, 2),
        (get(Some("b")), 3, 4),
        (get(Some("a")), 3, 5),
    ]);
    assert_eq!(violation.anomaly, Anomaly::Disagreement);
    assert_eq!(violation.core, [2, 3, 4, 5]);
    assert!(
        violation
            .message
            .starts_with("the operations disagree on what came first: "),
        "{violation:?}"
    );
}

#[test]
fn an_append_that_is_not_seen_is_a_lost_effect() {
    let violation = of_key(&[
        (append("a"), 0, 1),
        (append("b"), 2, 3),
        (get(Some("a")), 4, 5),
    ]);
    assert_eq!(violation.anomaly, Anomaly::LostEffect);
    assert_eq!(violation.core, [1, 2]);
}

#[test]
fn an_append_that_is_seen_twice_is_a_double_effect() {
    let violation = of_key(&[
        (append("a"), 0, 1),
        (append("b"), 2, 3),
        (get(Some("aba")), 4, 5),
    ]);
    assert_eq!(violation.anomaly, Anomaly::DoubleEffect);
    assert_eq!(violation.core, [2]);
    assert_eq!(violation.excerpt, [0, 2]);
    assert!(
        violation
            .message
            .contains("append \"k\" \"a\" by client 1 (from 0 to 1 ns) had taken effect twice"),
        "{violation:?}"
    );
}

#[test]
fn an_append_that_comes_back_out_of_order_is_a_disagreement() {
    let violation = of_key(&[
        (append("a"), 0, 90),
        (append("b"), 0, 90),
        (get(Some("ab")), 1, 2),
        (get(Some("a")), 3, 4),
    ]);
    assert_eq!(violation.anomaly, Anomaly::Disagreement);
    assert_eq!(violation.core, [2, 3]);
}

#[test]
fn a_stale_read_of_a_long_text_contradicts_what_was_read_before() {
    let mut asked = Vec::new();
    let mut text = String::new();
    for number in 0..300 {
        text += &format!("{number} ");
        // Sixteen at a time: more than can be looked through.
        let call = number * 10;
        asked.push((append(&format!("{number} ")), call, call + 165));
        asked.push((get(Some(&text)), call + 1, call + 166));
    }
    asked.push((get(Some("0 1 ")), 5_000, 5_001));
    let violation = of_key(&asked);
    assert_eq!(violation.culprit, Some(600));
    assert_eq!(violation.core, [599, 600]);
    assert!(violation.core_is_minimal);
    assert_eq!(
        violation.anomaly,
        Anomaly::Disagreement,
        "{}",
        violation.message
    );
}

#[test]
fn a_stale_read_among_many_deletes_is_explained_at_its_earliest_moment() {
    let mut asked = Vec::new();
    for number in 0..300 {
        let (value, call) = ((number % 3).to_string(), number * 10);
        asked.push((put(&value), call, call + 55));
        asked.push((get(Some(&value)), call + 1, call + 56));
        asked.push(((Op::Delete, Output::Done), call + 2, call + 57));
    }
    asked.push((put("a"), 5_000, 5_001));
    asked.push((get(Some("1")), 5_002, 5_003));
    asked.push((get(Some("2")), 5_004, 5_005));
    let violation = of_key(&asked);
    assert_eq!(violation.culprit, Some(901));
    assert_eq!(violation.core, [900, 901]);
    assert!(violation.core_is_minimal);
    assert_eq!(violation.explained.len(), 901);
}
