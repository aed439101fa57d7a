//! For every level a history that breaks it, told as one would tell it, and one that does not.

use super::*;

fn session(guarantee: Guarantee) -> Consistency {
    Consistency::Session(guarantee, WriteOrder::Program)
}

fn message(history: &[KvOperation], level: Consistency) -> String {
    match verdict(history, level) {
        Verdict::Violation(violation) => violation.message,
        other => panic!("{level:?} is {other:?}"),
    }
}

#[test]
fn sequential_consistency_goes_across_keys() {
    // Each key alone is fine; together, each client misses what the other had done before.
    let crossed = [
        put(1, "x", "1", 0),
        get(1, "y", "", 10),
        put(2, "y", "1", 0),
        get(2, "x", "", 10),
    ];
    assert!(!holds(&crossed, Consistency::Sequential));
    for key in ["x", "y"] {
        let mut alone = crossed.to_vec();
        alone.retain(|operation| &*operation.input.key == key);
        assert!(holds(&alone, Consistency::Sequential));
    }
    let told = message(&crossed, Consistency::Sequential);
    assert!(told.contains("already these have none"), "{told}");
    let mut fine = crossed.to_vec();
    fine[3] = get(2, "x", "1", 10);
    assert!(holds(&fine, Consistency::Sequential));
}

#[test]
fn a_stale_read_is_sequential_but_not_linearizable() {
    let stale = [put(1, "x", "1", 0), get(2, "x", "", 10)];
    assert!(holds(&stale, Consistency::Sequential));
    assert!(!holds(&stale, Consistency::Linearizable));
}

#[test]
fn everyone_sees_the_writes_in_one_order_or_it_is_not_sequential() {
    let seen = |third: [&str; 2], fourth: [&str; 2]| {
        vec![
            put(1, "x", "a", 0),
            put(2, "x", "b", 5),
            get(3, "x", third[0], 10),
            get(3, "x", third[1], 20),
            get(4, "x", fourth[0], 10),
            get(4, "x", fourth[1], 20),
        ]
    };
    assert!(holds(
        &seen(["b", "a"], ["b", "a"]),
        Consistency::Sequential
    ));
    assert!(!holds(
        &seen(["b", "a"], ["a", "b"]),
        Consistency::Sequential
    ));
    let monotonic = session(Guarantee::MonotonicReads);
    assert!(holds(&seen(["b", "a"], ["b", "a"]), monotonic));
    assert!(!holds(&seen(["b", "a"], ["a", "b"]), monotonic));
    let in_real_time = Consistency::Session(Guarantee::MonotonicReads, WriteOrder::RealTime);
    assert!(!holds(&seen(["b", "a"], ["b", "a"]), in_real_time));
}

#[test]
fn reads_that_go_back_are_not_monotonic() {
    let level = session(Guarantee::MonotonicReads);
    let back = [
        put(1, "x", "old", 0),
        put(1, "x", "new", 10),
        get(2, "x", "new", 20),
        get(2, "x", "old", 30),
    ];
    let told = message(&back, level);
    assert!(
        told.contains("client 2: get \"x\" = \"old\" (at 30 to 31 ns)"),
        "{told}"
    );
    let mut by_two = back.to_vec();
    by_two[3].client = 3;
    assert!(holds(&by_two, level));
    let mut overlapping = back.to_vec();
    overlapping[3].call = 21;
    assert!(
        holds(&overlapping, level),
        "these two reads are in no order"
    );
    let to_nothing = [
        put(1, "x", "1", 0),
        get(2, "x", "1", 10),
        get(2, "x", "", 20),
    ];
    assert!(!holds(&to_nothing, level));
}

#[test]
fn a_client_that_misses_its_own_write_does_not_read_its_writes() {
    let level = session(Guarantee::ReadYourWrites);
    let missed = [put(1, "x", "1", 0), get(1, "x", "", 10)];
    assert!(!holds(&missed, level));
    assert!(holds(&[put(1, "x", "1", 0), get(2, "x", "", 10)], level));
    let overwritten = [
        put(1, "x", "1", 0),
        put(2, "x", "2", 5),
        get(1, "x", "2", 10),
    ];
    assert!(holds(&overwritten, level), "something newer is fine");
    let mut unknown = missed.to_vec();
    unknown[0] = Operation::unknown(1, missed[0].input.clone(), 0);
    assert!(holds(&unknown, level), "it may never have taken effect");
}

#[test]
fn writes_seen_out_of_order_are_not_monotonic() {
    let level = session(Guarantee::MonotonicWrites);
    let same_key = [
        put(1, "x", "first", 0),
        put(1, "x", "second", 10),
        get(2, "x", "second", 20),
        get(2, "x", "first", 30),
    ];
    assert!(!holds(&same_key, level));
    let other_key = [
        put(1, "x", "first", 0),
        put(1, "y", "second", 10),
        get(2, "y", "second", 20),
        get(2, "x", "", 30),
    ];
    let told = message(&other_key, level);
    assert!(told.contains("get \"x\" = nothing"), "{told}");
    let mut by_two = other_key.to_vec();
    by_two[0].client = 3;
    assert!(holds(&by_two, level), "two clients wrote them");
    let mut seen = other_key.to_vec();
    seen[3] = get(2, "x", "first", 30);
    assert!(holds(&seen, level));
}

#[test]
fn an_append_out_of_order_is_not_monotonic() {
    let append = |value: &str, at: u64| {
        let input = input("x", Op::Append(value.into()));
        Operation::completed(1, input, Output::Done, at, at + 1)
    };
    let level = session(Guarantee::MonotonicWrites);
    let history = |seen| [append("a", 0), append("b", 10), get(2, "x", seen, 20)];
    assert!(!holds(&history("ba"), level));
    assert!(holds(&history("ab"), level));
}

#[test]
fn an_answer_seen_without_its_question_does_not_follow_the_read() {
    let level = session(Guarantee::WritesFollowReads);
    let reply = [
        put(1, "question", "why?", 0),
        get(2, "question", "why?", 10),
        put(2, "answer", "because", 20),
        get(3, "answer", "because", 30),
        get(3, "question", "", 40),
    ];
    assert!(!holds(&reply, level));
    assert!(holds(&reply, session(Guarantee::MonotonicWrites)));
    let mut fine = reply.to_vec();
    fine[4] = get(3, "question", "why?", 40);
    assert!(holds(&fine, level));
    let circle = [
        get(1, "x", "b", 0),
        put(1, "x", "a", 10),
        get(2, "x", "a", 0),
        put(2, "x", "b", 10),
    ];
    assert!(!holds(&circle, level), "each follows the other");
}

#[test]
fn a_read_staler_than_the_bound_breaks_it() {
    let history = [
        put(1, "x", "old", 0),
        put(2, "x", "new", 100),
        get(3, "x", "old", 151),
    ];
    assert!(holds(&history, staleness(50)), "the write returned at 101");
    assert!(!holds(&history, staleness(49)));
    let told = message(&history, staleness(49));
    assert!(told.contains("put \"x\" \"new\""), "{told}");
}

#[test]
fn a_value_that_nobody_wrote_breaks_every_level() {
    let history = [put(1, "x", "1", 0), get(2, "x", "2", 10)];
    for level in sessions().chain([Consistency::Sequential, staleness(1_000)]) {
        assert!(!holds(&history, level), "{level:?}");
    }
}

#[test]
fn who_wrote_a_repeated_value_is_not_guessed() {
    let level = session(Guarantee::MonotonicWrites);
    let history = [
        put(1, "x", "1", 0),
        put(1, "y", "2", 10),
        put(3, "y", "2", 10),
        get(2, "y", "2", 20),
        get(2, "x", "", 30),
        put(1, "z", "1", 40),
        get(1, "z", "", 50),
        get(1, "x", "", 60),
    ];
    let Verdict::Unknown { reason, .. } = verdict(&history, level) else {
        panic!("it depends on who wrote the 2");
    };
    assert_eq!(reason, crate::Reason::RepeatedValues);
}

#[test]
fn an_unknown_operation_may_be_seen_through_another_one() {
    let open = |client, op| Operation::unknown(client, input("x", op), 0);
    let cas = |old: &str, new: &str| Op::Cas {
        old: Some(old.into()),
        new: Some(new.into()),
    };
    // Not linearizable, so that the history is searched.
    let stale = [put(1, "y", "1", 0), get(2, "y", "", 10)];
    for (first, second, seen) in [
        (Op::Put("a".into()), Op::Append("b".into()), "ab"),
        (Op::Put("a".into()), cas("a", "b"), "b"),
    ] {
        let mut history = stale.to_vec();
        history.extend([open(3, first), open(4, second), get(5, "x", seen, 20)]);
        assert!(holds(&history, Consistency::Sequential));
        assert!(holds(&history, session(Guarantee::MonotonicReads)));
        assert!(holds(&history, staleness(10)));
    }
}
