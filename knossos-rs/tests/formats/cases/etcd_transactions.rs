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

/// A range of x at a time: the value with its revision, and the last revision of all.
fn range_of_x(call: u64, pair: Option<(&str, u64)>, last: u64) -> (u64, Value, Value) {
    let input = json!({ "Type": "range", "Range": { "Start": "x", "End": "" } });
    (
        call,
        input,
        json!({ "Range": found(pair), "Revision": last }),
    )
}

fn put_of_x(call: u64, value: &str, output: Value) -> (u64, Value, Value) {
    (call, txn(&[], &[put("x", value)], &[]), output)
}

/// Operations that each take 15, so that those 10 apart overlap.
fn at_times(operations: &[(u64, Value, Value)]) -> Contents<KeyValue> {
    let lines = operations.iter().map(|(call, input, output)| {
        let line = json!({
            "ClientId": 1, "Input": input, "Call": call, "Output": output, "Return": call + 15,
        });
        format!("{line}\n")
    });
    let text: String = lines.collect();
    read(&KeyValue, text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn answers_with_an_earlier_revision_than_one_that_had_returned_are_counted() {
    let put_done = |revision| done(false, &[json!({})], revision);
    let both = |second: Value| [put_of_x(0, "1", lost()), put_of_x(20, "2", second)];
    let new = |call| range_of_x(call, Some(("2", 3)), 3);
    let old = |call, last| range_of_x(call, Some(("1", 2)), last);
    let counted = |operations: &[_], more: &[_]| {
        let all = [operations, more].concat();
        at_times(&all).left_out.revisions
    };
    let first = both(put_done(3));
    for (what, more, count) in [
        ("a key goes back", vec![new(40), old(60, 3)], 1),
        (
            "the key and the last of all go back",
            vec![new(40), old(60, 2)],
            1,
        ),
        (
            "two answers go back",
            vec![new(40), old(60, 3), old(80, 3)],
            2,
        ),
        ("after the put, the key is as before", vec![old(40, 3)], 1),
        (
            "what overlaps may be in any order",
            vec![old(30, 2), new(40)],
            0,
        ),
        ("it stays", vec![new(40), new(60)], 0),
        (
            "only the last of all goes back",
            vec![range_of_x(40, Some(("2", 3)), 4), new(60)],
            1,
        ),
        (
            "what was not there was not changed before",
            vec![range_of_x(40, None, 5), range_of_x(60, Some(("2", 5)), 5)],
            1,
        ),
        (
            "what was not there is put later",
            vec![range_of_x(40, None, 5), range_of_x(60, Some(("3", 6)), 6)],
            0,
        ),
        (
            "two puts have one revision",
            vec![put_of_x(40, "3", put_done(3))],
            1,
        ),
        (
            "answers without revisions",
            vec![range_of_x(40, Some(("1", 0)), 0)],
            0,
        ),
    ] {
        assert_eq!(counted(&first, &more), count, "{what}");
    }
    // Values do not tell which of two puts that overlap was the first, revisions do.
    let overlapping = [
        put_of_x(0, "1", put_done(2)),
        put_of_x(10, "2", put_done(3)),
        old(40, 3),
    ];
    let stale = at_times(&overlapping);
    let verdict = check(&KeyValue, &stale.operations, None, &Limits::none()).verdict;
    assert_eq!(
        (verdict, stale.left_out.revisions),
        (Verdict::Consistent, 1)
    );
}

#[test]
fn a_put_without_an_answer_had_happened_when_a_later_revision_was_told() {
    let verdict = |operations: &[_]| {
        let history = at_times(operations).operations;
        check(&KeyValue, &history, None, &Limits::none()).verdict
    };
    let second = put_of_x(20, "2", done(false, &[json!({})], 3));
    let first = put_of_x(0, "1", lost());
    let new = range_of_x(40, Some(("2", 3)), 3);
    let stale = range_of_x(60, Some(("1", 2)), 3);
    let run = [first.clone(), second.clone(), new.clone(), stale.clone()];
    assert!(matches!(verdict(&run), Verdict::Violation(_)));
    // It may as well happen late, in a revision of its own.
    let late = range_of_x(60, Some(("1", 4)), 4);
    let run = [first.clone(), second.clone(), new.clone(), late];
    assert_eq!(verdict(&run), Verdict::Consistent);
    // Another put of the same value may be the one that was seen.
    let again = put_of_x(0, "1", lost());
    let run = [first, again, second, new, stale];
    assert_eq!(verdict(&run), Verdict::Consistent);
}
