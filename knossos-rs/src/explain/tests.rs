use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::models::register::{self, Register};
use crate::{Limits, Model, Operation, OperationOf, Verdict, Violation, check};

fn violation<M: Model>(model: &M, history: &[OperationOf<M>]) -> Violation {
    match check(model, history, None, &Limits::none()).verdict {
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
    let violation = violation(&Register, &history);
    assert_eq!(violation.culprit, Some(80));
    assert_eq!(violation.explained, (0..80).collect::<Vec<_>>());
    assert_eq!(violation.stuck, [80]);
    assert_eq!(violation.excerpt, [76, 78, 80]);
    assert!(violation.excerpt_suffices);
    assert_eq!(
        violation.message,
        "client 2: read = \"38\" (at 396 to 399 ns) fits no order of the operations, while the \
         80 before it have one: it contradicts 2 other operations"
    );
}

#[test]
fn a_value_from_nowhere_is_said_to_come_from_nowhere() {
    let history = [write("a", 0, 1), read("b", 2, 3), write("b", 4, 5)];
    let violation = violation(&Register, &history);
    assert_eq!(violation.culprit, Some(1));
    assert_eq!(violation.excerpt, [1]);
    assert!(
        violation
            .message
            .ends_with("could have produced what it saw"),
        "{violation:?}"
    );
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
    let violation = violation(&Register, &history);
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
    let violation = violation(&KeyValue, &history);
    assert_eq!(violation.partition.as_deref(), Some("y"));
    assert_eq!(violation.culprit, Some(1));
}

#[test]
fn an_impossible_answer_is_impossible_by_itself() {
    let wrong = Operation::completed(1, register::Input::Read, register::Output::Done, 5, 6);
    let violation = violation(&Register, &[write("a", 0, 9), wrong]);
    assert_eq!(violation.excerpt, [1]);
    assert!(
        violation.message.ends_with("it is impossible by itself"),
        "{violation:?}"
    );
}
