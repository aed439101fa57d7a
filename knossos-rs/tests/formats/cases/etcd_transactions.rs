//! Transactions of etcd: each shape is read as what it is, or counted.

use std::slice;

use knossos::format::{Contents, read};
use knossos::models::kv::{Input, KeyValue, Op, Output};
use knossos::{Limits, Operation, Verdict, check};
use serde_json::{Value, json};

use super::problem;

fn put(key: &str, value: &str) -> Value {
    json!({ "Type": "put-operation", "Put": { "Key": key, "Value": { "Value": value } } })
}

fn delete(key: &str) -> Value {
    json!({ "Type": "delete-operation", "Delete": { "Key": key } })
}

fn range(key: &str) -> Value {
    json!({ "Type": "range-operation", "Range": { "Start": key, "End": "" } })
}

fn at(key: &str, revision: u64) -> Value {
    json!({ "Key": key, "ExpectedRevision": revision, "ExpectedVersion": 0 })
}

/// What a range found: a value and its revision, or nothing.
fn found(pair: Option<(&str, u64)>) -> Value {
    let pairs: Vec<Value> = pair
        .iter()
        .map(|(value, revision)| {
            json!({ "Key": "x", "Value": { "Value": value }, "ModRevision": revision })
        })
        .collect();
    json!({ "KVs": pairs, "Count": pairs.len(), "Deleted": 0 })
}

/// A transaction: its conditions, and what happens then.
fn txn(conditions: &[Value], success: &[Value], failure: &[Value]) -> Value {
    json!({ "Type": "txn", "Txn": {
        "Conditions": conditions,
        "OperationsOnSuccess": success,
        "OperationsOnFailure": failure,
    } })
}

/// An answered transaction; the revision is that after it.
fn done(failure: bool, results: &[Value], revision: u64) -> Value {
    json!({ "Txn": { "Failure": failure, "Results": results }, "Revision": revision })
}

fn lost() -> Value {
    json!({ "Txn": null, "Error": "etcdserver: request timed out" })
}

/// The operations one after another, the first at 10 to 15.
fn run(operations: &[(Value, Value)]) -> Contents<KeyValue> {
    let lines = operations
        .iter()
        .enumerate()
        .map(|(place, (input, output))| {
            let call = 10 * (place + 1);
            let line = json!({
                "ClientId": 1, "Input": input, "Call": call, "Output": output, "Return": call + 5,
            });
            format!("{line}\n")
        });
    let text: String = lines.collect();
    read(&KeyValue, text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A put of "7" to x in revision 2, and another operation after it: what that is read as, and how
/// many operations are counted.
fn after_a_put(input: Value, output: Value) -> (Vec<(Op, Option<Output>)>, usize) {
    let first = (
        txn(&[], &[put("x", "7")], &[]),
        done(false, &[json!({})], 2),
    );
    let contents = run(&[first, (input, output)]);
    let rest = contents.operations.into_iter().skip(1);
    let read = rest.map(|operation| {
        assert_eq!(operation.ret.is_some(), operation.output.is_some());
        (operation.input.op, operation.output)
    });
    (read.collect(), contents.left_out.transactions)
}

fn cas(old: Option<&str>, new: Option<&str>) -> Op {
    Op::Cas {
        old: old.map(Into::into),
        new: new.map(Into::into),
    }
}

fn seen(value: Option<&str>) -> Option<Output> {
    Some(Output::Value(value.map(Into::into)))
}

#[test]
fn a_change_under_a_condition_on_the_same_key_is_a_compare_and_swap() {
    let nothing = json!({});
    let change = |condition, step, output| after_a_put(txn(&[condition], &[step], &[]), output);
    let swapped = |swapped| Some(Output::Swapped(swapped));
    for (condition, step, output, read) in [
        (
            at("x", 2),
            put("x", "8"),
            done(false, slice::from_ref(&nothing), 3),
            (cas(Some("7"), Some("8")), swapped(true)),
        ),
        (
            at("x", 0),
            put("x", "8"),
            done(true, &[], 2),
            (cas(None, Some("8")), swapped(false)),
        ),
        (
            at("x", 2),
            delete("x"),
            done(false, &[json!({ "Deleted": 1 })], 3),
            (cas(Some("7"), None), swapped(true)),
        ),
        (
            at("x", 2),
            put("x", "8"),
            lost(),
            (cas(Some("7"), Some("8")), None),
        ),
    ] {
        assert_eq!(change(condition, step, output), (vec![read], 0));
    }
}

#[test]
fn a_condition_that_is_only_tested_is_a_read_or_a_compare_and_swap_that_did_not_match() {
    let tested = |revision, failure| after_a_put(txn(&[at("x", revision)], &[], &[]), failure);
    assert_eq!(
        tested(2, done(false, &[], 2)),
        (vec![(Op::Get, seen(Some("7")))], 0)
    );
    assert_eq!(
        tested(2, done(true, &[], 9)),
        (
            vec![(cas(Some("7"), Some("7")), Some(Output::Swapped(false)))],
            0
        )
    );
}

#[test]
fn a_read_in_place_of_a_change_is_a_read_if_it_says_why_the_condition_failed() {
    let other = |pair| {
        let input = txn(&[at("x", 5)], &[put("x", "8")], &[range("x")]);
        after_a_put(input, done(true, &[found(pair)], 2))
    };
    assert_eq!(other(Some(("7", 2))), (vec![(Op::Get, seen(Some("7")))], 0));
    assert_eq!(
        other(None),
        (vec![(Op::Get, seen(None))], 1),
        "nobody knows what 5 was"
    );
    assert_eq!(
        other(Some(("7", 5))),
        (vec![(Op::Get, seen(Some("7")))], 1),
        "it should have matched"
    );
}

#[test]
fn what_single_keys_cannot_say_is_read_in_parts_and_counted() {
    let nothing = json!({});
    let (put_x, put_y) = (put("x", "8"), put("y", "9"));
    let done_with = |results: usize| done(false, &vec![nothing.clone(); results], 3);
    let version = json!({ "Key": "x", "ExpectedRevision": 0, "ExpectedVersion": 1 });
    for (what, input, output, parts) in [
        (
            "two keys",
            txn(&[], &[put_x.clone(), put_y.clone()], &[]),
            done_with(2),
            2,
        ),
        (
            "two keys, lost",
            txn(&[], &[put_x.clone(), put_y.clone()], &[]),
            lost(),
            2,
        ),
        (
            "a condition on another key",
            txn(&[at("y", 0)], slice::from_ref(&put_x), &[]),
            done_with(1),
            1,
        ),
        (
            "two conditions",
            txn(&[at("x", 2), at("y", 0)], slice::from_ref(&put_x), &[]),
            done_with(1),
            1,
        ),
        (
            "a revision that nobody saw",
            txn(&[at("x", 9)], slice::from_ref(&put_x), &[]),
            done_with(1),
            1,
        ),
        (
            "the same, and nothing done",
            txn(&[at("x", 9)], slice::from_ref(&put_x), &[]),
            done(true, &[], 3),
            0,
        ),
        (
            "a version",
            txn(&[version], slice::from_ref(&put_x), &[]),
            done_with(1),
            1,
        ),
        (
            "a change where the condition fails",
            txn(&[at("x", 0)], &[], slice::from_ref(&put_x)),
            done(true, slice::from_ref(&nothing), 3),
            1,
        ),
        (
            "either of two changes, lost",
            txn(&[at("x", 0)], slice::from_ref(&put_x), &[put("x", "0")]),
            lost(),
            2,
        ),
        (
            "a value that was written twice",
            txn(&[at("x", 2)], &[put("x", "7")], &[]),
            done_with(1),
            1,
        ),
    ] {
        let (read, counted) = after_a_put(input, output);
        assert_eq!((read.len(), counted), (parts, 1), "{what}");
    }
}

#[test]
fn a_delete_that_tells_how_many_keys_it_found_is_held_to_that() {
    let deleted = |count: u64| {
        let input = txn(&[], &[delete("x")], &[]);
        run(&[(input, done(false, &[json!({ "Deleted": count })], 2))])
    };
    let of = |was| {
        let input = Input {
            key: "x".into(),
            op: Op::Delete,
        };
        Operation::completed(1, input, Output::Swapped(was), 10, 15)
    };
    let verdict = |count, was| {
        let history = deleted(count).operations;
        assert_eq!(history, [of(was)]);
        check(&KeyValue, &history, None, &Limits::none()).verdict
    };
    assert_eq!(verdict(0, false), Verdict::Consistent);
    assert!(matches!(verdict(1, true), Verdict::Violation(_)));
}

#[test]
fn two_changes_of_the_same_revision_cannot_both_succeed() {
    let change = |value: &str, revision| {
        let input = txn(&[at("x", 2)], &[put("x", value)], &[]);
        (input, done(false, &[json!({})], revision))
    };
    let first = (
        txn(&[], &[put("x", "7")], &[]),
        done(false, &[json!({})], 2),
    );
    let right = run(&[first.clone(), change("8", 3)]);
    let wrong = run(&[first, change("8", 3), change("9", 4)]);
    let verdict = |contents: Contents<KeyValue>| {
        assert_eq!(contents.left_out.transactions, 0);
        check(&KeyValue, &contents.operations, None, &Limits::none()).verdict
    };
    assert_eq!(verdict(right), Verdict::Consistent);
    assert!(matches!(verdict(wrong), Verdict::Violation(_)));
}

#[test]
fn a_transaction_with_the_names_of_old_is_refused() {
    let line = json!({
        "ClientId": 1, "Call": 1, "Return": 2, "Output": { "Txn": {} },
        "Input": { "Type": "txn", "Txn": { "Conds": null, "Ops": [] } },
    });
    let problem = problem(&KeyValue, &line.to_string());
    assert!(
        problem.starts_with("line 1: `Txn` has `Conds` or `Ops`"),
        "{problem}"
    );
}
