//! Random histories against the definitions, and levels against each other.

use proptest::prelude::*;

use super::oracle::{self, Oracle};
use super::{
    Consistency, Guarantee, KvOperation, WRITE_ORDERS, holds, input, sessions, staleness, verdict,
};
use crate::models::kv::{KeyValue, Op, Output};
use crate::{Limits, Operation, Reason, Text, Verdict, check};

/// What is drawn for one operation: what it is, client, key, call, length, and a choice.
pub(super) type Drawn = (u8, u64, bool, u64, u64, usize);

pub(super) fn drawn(length: usize) -> impl Strategy<Value = Vec<Drawn>> {
    let operation = (
        0..10_u8,
        0..3_u64,
        any::<bool>(),
        0..14_u64,
        0..5_u64,
        0..64_usize,
    );
    prop::collection::vec(operation, 0..=length)
}

/// Puts of distinct values and gets of what was put, or of nothing.
pub(super) fn distinct(drawn: &[Drawn], keys: bool) -> Vec<KvOperation> {
    let key_of = |second: bool| if second && keys { "y" } else { "x" };
    let puts: Vec<usize> = (0..drawn.len())
        .filter(|index| drawn[*index].0 < 5)
        .collect();
    let operation = |(index, (kind, client, second, call, length, choice)): (usize, &Drawn)| {
        let key = key_of(*second);
        let (op, output) = if *kind < 5 {
            (Op::Put(index.to_string().into()), Output::Done)
        } else {
            let of_key: Vec<&usize> = puts
                .iter()
                .filter(|put| key_of(drawn[**put].2) == key)
                .collect();
            let seen = of_key.get(choice % (of_key.len() + 1));
            (
                Op::Get,
                Output::Value(seen.map(|put| put.to_string().into())),
            )
        };
        let is_unknown = *kind == 0 || *kind == 9;
        Operation {
            client: *client,
            input: input(key, op),
            output: (!is_unknown).then_some(output),
            call: *call,
            ret: (!is_unknown).then_some(call + length),
        }
    };
    drawn.iter().enumerate().map(operation).collect()
}

/// Anything that a key-value store does, with few values.
fn mixed(drawn: &[Drawn], keys: bool) -> Vec<KvOperation> {
    let value = |choice: usize| -> Option<Text> {
        [None, Some("a"), Some("b"), Some("ab")][choice % 4].map(Into::into)
    };
    let text = |choice: usize| value(choice % 3 + 1).unwrap();
    let operation = |(kind, client, second, call, length, choice): &Drawn| {
        let (op, output) = match kind {
            0 | 1 => (Op::Put(text(*choice)), Output::Done),
            2 => (Op::Delete, Output::Done),
            3 => (Op::Append(text(*choice)), Output::Done),
            4 | 5 => {
                let (old, new) = (value(choice / 4), value(*choice));
                (Op::Cas { old, new }, Output::Swapped(*choice < 32))
            }
            _ => (Op::Get, Output::Value(value(*choice))),
        };
        // Unknown operations are seen most often through each other.
        let is_unknown = choice % 7 == 0 || (matches!(kind, 0 | 3 | 4) && choice % 2 == 0);
        Operation {
            client: *client,
            input: input(if *second && keys { "y" } else { "x" }, op),
            output: (!is_unknown).then_some(output),
            call: *call,
            ret: (!is_unknown).then_some(call + length),
        }
    };
    drawn.iter().map(operation).collect()
}

/// What the definition says; `None` where this oracle has none.
pub(super) fn expected(history: &[KvOperation], level: Consistency) -> Option<bool> {
    said(Oracle::default(), history, level)
}

/// What the definition says, or one with a mistake in it.
pub(super) fn said(oracle: Oracle, history: &[KvOperation], level: Consistency) -> Option<bool> {
    Some(match level {
        Consistency::Sequential => oracle.is_sequential(history),
        Consistency::Session(Guarantee::MonotonicReads, order) => {
            oracle.has_monotonic_reads(history, order)
        }
        Consistency::Session(Guarantee::ReadYourWrites, order) => {
            oracle.reads_its_writes(history, order)
        }
        Consistency::Session(guarantee, order) => oracle.has_guarantee(history, guarantee, order),
        Consistency::BoundedStaleness(bound) => {
            oracle.is_stale_by_at_most(history, bound.as_nanos() as u64)
        }
        Consistency::Linearizable => return None,
    })
}

/// Every level but linearizability.
pub(super) fn weak_levels() -> Vec<Consistency> {
    let mut levels: Vec<Consistency> = sessions().collect();
    levels.push(Consistency::Sequential);
    levels.extend([0, 2, 6].map(staleness));
    levels
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn distinct_values_get_the_verdict_of_the_definition(
    history: &[KvOperation],
) -> Result<(), TestCaseError> {
    for level in weak_levels() {
        let found = verdict(history, level);
        let expected = expected(history, level).unwrap();
        let is_right = match &found {
            Verdict::Consistent => expected,
            Verdict::Violation(_) => !expected,
            Verdict::Unknown { .. } => false,
        };
        prop_assert!(is_right, "{:?}: {:?} of {:#?}", level, found, history);
        if let Verdict::Violation(violation) = found
            && violation.excerpt_suffices
        {
            let excerpt: Vec<_> = violation
                .excerpt
                .iter()
                .map(|index| history[*index].clone())
                .collect();
            prop_assert!(
                !holds(&excerpt, level),
                "{:?}: {:#?} of {:#?}",
                level,
                violation,
                history
            );
        }
    }
    Ok(())
}

fn repeated_values_never_get_a_wrong_verdict(history: &[KvOperation]) -> Result<(), TestCaseError> {
    for level in weak_levels() {
        let found = verdict(history, level);
        match level {
            Consistency::Session(Guarantee::MonotonicWrites | Guarantee::WritesFollowReads, _) => {}
            _ => {
                let expected = expected(history, level).unwrap();
                prop_assert_eq!(found == Verdict::Consistent, expected, "{:?}", level);
            }
        }
        if let Verdict::Unknown { reason, .. } = found {
            prop_assert_eq!(reason, Reason::RepeatedValues);
        }
    }
    Ok(())
}

fn stronger_levels_imply_weaker_ones(history: &[KvOperation]) -> Result<(), TestCaseError> {
    let is_linearizable =
        check(&KeyValue, history, None, &Limits::none()).verdict == Verdict::Consistent;
    let fails = |level| matches!(verdict(history, level), Verdict::Violation(_));
    if is_linearizable {
        for level in weak_levels() {
            prop_assert_eq!(verdict(history, level), Verdict::Consistent, "{:?}", level);
        }
    }
    let is_sequential = verdict(history, Consistency::Sequential) == Verdict::Consistent;
    for guarantee in super::GUARANTEES {
        let [program, real_time] = WRITE_ORDERS.map(|order| Consistency::Session(guarantee, order));
        prop_assert!(!is_sequential || verdict(history, program) == Verdict::Consistent);
        let both = fails(program) && verdict(history, real_time) == Verdict::Consistent;
        prop_assert!(!both, "real time promises more");
    }
    for bound in 0..8 {
        let both = fails(staleness(bound + 1)) && !fails(staleness(bound));
        prop_assert!(!both, "a longer bound allows more");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn a_random_history_of_distinct_values_gets_the_verdict_of_the_definition(
        drawn in drawn(7), keys in any::<bool>()
    ) {
        distinct_values_get_the_verdict_of_the_definition(&distinct(&drawn, keys))?;
    }

    #[test]
    fn a_random_history_of_repeated_values_never_gets_a_wrong_verdict(
        drawn in drawn(6), keys in any::<bool>()
    ) {
        repeated_values_never_get_a_wrong_verdict(&mixed(&drawn, keys))?;
    }

    #[test]
    fn unknown_operations_seen_through_each_other_get_the_verdict_of_the_definition(
        drawn in drawn(6)
    ) {
        // A stale read of another key, so that the history is never linearizable.
        let mut history = vec![super::put(8, "z", "1", 90), super::get(9, "z", "", 95)];
        history.extend(mixed(&drawn, false).into_iter().map(|operation| {
            if oracle::is_read(&operation) {
                operation
            } else {
                Operation::unknown(operation.client, operation.input, operation.call)
            }
        }));
        repeated_values_never_get_a_wrong_verdict(&history)?;
    }

    #[test]
    fn what_promises_more_implies_what_promises_less(
        drawn in drawn(7), keys in any::<bool>(), is_mixed in any::<bool>()
    ) {
        let history = if is_mixed { mixed(&drawn, keys) } else { distinct(&drawn, keys) };
        stronger_levels_imply_weaker_ones(&history)?;
    }

    #[test]
    fn the_search_and_the_order_of_versions_agree(drawn in drawn(9)) {
        // Deletes that nobody sees make the values repeated, and change nothing else.
        let mut history = distinct(&drawn, false);
        history.retain(|operation| operation.output != Some(Output::Value(None)));
        let mut searched = history.clone();
        for client in [7, 8] {
            searched.push(Operation::unknown(client, input("x", Op::Delete), 99));
        }
        for order in WRITE_ORDERS {
            for guarantee in [Guarantee::MonotonicReads, Guarantee::ReadYourWrites] {
                let level = Consistency::Session(guarantee, order);
                prop_assert_eq!(holds(&history, level), holds(&searched, level), "{:?}", level);
            }
        }
        prop_assert_eq!(holds(&history, staleness(2)), holds(&searched, staleness(2)));
    }
}

#[test]
#[ignore = "minutes: the same on many more histories"]
fn a_million_random_histories_never_get_a_wrong_verdict() {
    let mut runner = proptest::test_runner::TestRunner::new(cases(1_000_000));
    let strategy = (drawn(7), any::<bool>());
    runner
        .run(&strategy, |(drawn, keys)| {
            distinct_values_get_the_verdict_of_the_definition(&distinct(&drawn, keys))?;
            repeated_values_never_get_a_wrong_verdict(&mixed(&drawn[..drawn.len().min(6)], keys))
        })
        .unwrap();
}
