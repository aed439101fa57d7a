//! Effects of operations that are known to have failed.

use super::{RegisterOperation, read, write};
use crate::drawn::any_kind::check_any_kind;
use crate::format::FailedOperation;
use crate::models::kv::{self, KeyValue, Op, Output};
use crate::models::register::{Input, Register};
use crate::{Anomaly, Limits, Operation, Verdict, Violation, check};

fn failed(value: &str, call: u64, line: usize) -> FailedOperation<Input> {
    FailedOperation {
        client: 7,
        input: Input::Write(value.into()),
        call,
        invoked_line: line - 1,
        failed_line: line,
    }
}

fn blamed(history: &[RegisterOperation], failed: &[FailedOperation<Input>]) -> Violation {
    let mut report = check_any_kind(Register, history, None, &Limits::none());
    report.blame_failed(&Register, history, failed);
    match report.verdict {
        Verdict::Violation(violation) => *violation,
        other => panic!("not a violation: {other:?}"),
    }
}

#[test]
fn a_read_of_what_only_a_failed_write_wrote_names_its_line() {
    let history = [write("a", 0, 1), read("b", 20, 30)];
    let violation = blamed(&history, &[failed("x", 3, 5), failed("b", 3, 9)]);
    assert_eq!(violation.anomaly, Anomaly::AbortedRead);
    assert_eq!(violation.failed, [1]);
    assert_eq!(
        violation.message,
        "read = \"b\" by client 2 (from 20 to 30 ns) is an aborted read: only a write that is known \
         to have failed (line 9) wrote it; a client that reports a timeout as :fail where it should \
         be :info looks like this; the one operation before has an order"
    );
    let violation = blamed(&history, &[failed("b", 2, 5), failed("b", 3, 9)]);
    assert!(
        violation
            .message
            .contains("only writes that are known to have failed (lines 5, 9) ")
    );
}

#[test]
fn a_failed_write_of_something_else_or_called_later_is_not_blamed() {
    let history = [write("a", 0, 1), read("b", 20, 30)];
    let violation = blamed(&history, &[failed("x", 3, 5), failed("b", 31, 9)]);
    assert_eq!(violation.anomaly, Anomaly::NeverWritten);
    assert_eq!(violation, blamed(&history, &[]));
}

#[test]
fn a_failed_write_is_not_the_only_one_where_another_wrote_the_same() {
    let history = [write("b", 0, 1), write("a", 2, 3), read("b", 20, 30)];
    let stale = blamed(&history, &[failed("b", 1, 5)]);
    assert_eq!(stale.anomaly, Anomaly::StaleRead);
    assert!(
        stale.message.ends_with(
            "; there would be an order, had write \"b\" by client 7, known to have failed (line 5), \
             taken effect: a client that reports a timeout as :fail where it should be :info looks \
             like this"
        ),
        "{}",
        stale.message
    );
}

#[test]
fn an_append_that_failed_and_was_seen_is_blamed() {
    let of_key = |op| kv::Input {
        key: "k".into(),
        op,
    };
    let get = |value: &str, call| {
        let seen = Output::Value(Some(value.into()));
        Operation::completed(2, of_key(Op::Get), seen, call, call + 1)
    };
    let append = Operation::completed(1, of_key(Op::Append("a".into())), Output::Done, 0, 9);
    let failed = |key: &str, text: &str, line| FailedOperation {
        client: 3,
        input: kv::Input {
            key: key.into(),
            op: Op::Append(text.into()),
        },
        call: 10,
        invoked_line: 1,
        failed_line: line,
    };
    let history = [append, get("a", 12), get("ab", 20)];
    let blamed = |failed: &[_]| {
        let mut report = check(&KeyValue, &history, None, &Limits::none());
        report.blame_failed(&KeyValue, &history, failed);
        match report.verdict {
            Verdict::Violation(violation) => *violation,
            other => panic!("not a violation: {other:?}"),
        }
    };
    let violation = blamed(&[failed("k", "c", 3), failed("k", "b", 4)]);
    assert_eq!(violation.failed, [1], "{}", violation.message);
    assert!(violation.message.contains("append \"k\" \"b\" by client 3"));
    assert!(
        blamed(&[failed("k", "c", 3), failed("other", "b", 4)])
            .failed
            .is_empty()
    );
}
