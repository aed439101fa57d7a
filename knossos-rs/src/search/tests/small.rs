//! Every history of up to four operations on a register with two values.

use super::oracle::{is_linearizable, is_order_of};
use crate::entry::Entry;
use crate::limits::{Limits, Meter};
use crate::models::cas_register::{CasRegister, Input, Output};
use crate::search::{Outcome, Search};
use crate::shapes::shapes;
use crate::{Model, Operation, OperationOf};

/// Searches without partitions; gives the order if there is one.
pub(crate) fn search<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    hints: Option<&[u64]>,
) -> Option<Vec<usize>> {
    let entries: Vec<Entry> = history
        .iter()
        .enumerate()
        .map(|(index, op)| Entry { index, ret: op.ret })
        .collect();
    let mut meter = Meter::start(&Limits::none());
    let mut search = Search::new(model, history, entries.into_iter(), hints, &meter, 0).unwrap();
    match search.run(&mut meter, u64::MAX, 0) {
        Outcome::Consistent => search.order().or_else(|| search.run_for_order(&mut meter)),
        Outcome::Violation => None,
        other => panic!("without limits: {other:?}"),
    }
}

type Kind = (Input, Option<Output>);

/// What one operation can be.
fn kinds(values: &[&str], with_cas: bool) -> Vec<Kind> {
    let mut kinds = vec![(Input::Read, Some(Output::Value(None)))];
    for value in values {
        kinds.push((Input::Read, Some(Output::Value(Some((*value).into())))));
        kinds.push((Input::Write((*value).into()), Some(Output::Done)));
        kinds.push((Input::Write((*value).into()), None));
    }
    if with_cas {
        let cas = Input::Cas {
            old: Some("a".into()),
            new: Some("b".into()),
        };
        kinds.push((cas.clone(), Some(Output::Swapped(true))));
        kinds.push((cas.clone(), Some(Output::Swapped(false))));
        kinds.push((cas, None));
    }
    kinds
}

/// Compares search and brute force on every history of `count` operations of these kinds.
fn compare_all(kinds: &[Kind], count: usize) -> (usize, usize) {
    let (mut histories, mut violations) = (0, 0);
    for shape in shapes(count) {
        for mut choice in 0..kinds.len().pow(count as u32) {
            let mut is_repeated = false;
            let history: Vec<Operation<Input, Output>> = shape
                .iter()
                .map(|(call, ret)| {
                    let (input, output) = kinds[choice % kinds.len()].clone();
                    choice /= kinds.len();
                    let ret = output.is_some().then_some(*ret);
                    // An unknown operation has no return, so one shape of it is enough.
                    is_repeated |= output.is_none() && *call + 1 != shape_return(&shape, *call);
                    Operation {
                        client: *call,
                        input,
                        output,
                        call: *call,
                        ret,
                    }
                })
                .collect();
            if is_repeated {
                continue;
            }
            let order = search(&CasRegister, &history, None);
            assert_eq!(
                order.is_some(),
                is_linearizable(&CasRegister, &history),
                "{history:#?}"
            );
            match order {
                Some(order) => assert!(is_order_of(&CasRegister, &history, &order)),
                None => violations += 1,
            }
            histories += 1;
        }
    }
    (histories, violations)
}

fn shape_return(shape: &[(u64, u64)], call: u64) -> u64 {
    shape[call as usize / 2].1
}

#[test]
fn every_register_history_of_up_to_four_operations_gets_the_verdict_of_brute_force() {
    let kinds = kinds(&["a", "b"], false);
    for count in 0..=4 {
        let (histories, violations) = compare_all(&kinds, count);
        assert!(count == 0 || (violations > 0 && violations < histories));
    }
}

#[test]
fn every_cas_history_of_up_to_three_operations_gets_the_verdict_of_brute_force() {
    let kinds = kinds(&["a", "b"], true);
    for count in 1..=3 {
        compare_all(&kinds, count);
    }
}
