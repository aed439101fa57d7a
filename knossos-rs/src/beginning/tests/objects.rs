//! Unknown beginnings of queues, stacks, sets, banks and versioned registers, against brute force
//! over all that small histories can tell apart.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::super::{AnyBeginning, Beginning, Beginnings, check_from};
use crate::consistency::Consistency;
use crate::explain::tests::asked::{self, Asked, histories};
use crate::models::bank;
use crate::models::keyed::{self, Keyed};
use crate::models::queue::Queue;
use crate::models::set::Set;
use crate::models::stack::Stack;
use crate::models::starting_with::StartingWith;
use crate::models::versioned_register::{State, VersionedRegister};
use crate::search::tests::oracle;
use crate::{Limits, Operation, OperationOf, Text, Verdict};

/// How many histories of each model are drawn.
const HISTORIES: u32 = 600;

/// How many operations each has at most.
const OPERATIONS: usize = 5;

fn from_anything<M>(model: M, history: &[OperationOf<M>]) -> Verdict
where
    M: AnyBeginning<Input: Clone, Output: Clone>,
{
    let unknown = Beginnings::all(Beginning::Unknown);
    let level = Consistency::Linearizable;
    let (_, report) = check_from(model, history, &unknown, level, &Limits::none());
    report.verdict
}

/// Holds the verdict of drawn histories against all beginnings; where `is_told` says no, it may be
/// unknown, too.
fn all_beginnings_are_tried<M>(
    model: &M,
    asked: Vec<Asked<M>>,
    beginnings: &[M::State],
    is_told: impl Fn(&[OperationOf<M>]) -> bool,
) where
    M: AnyBeginning<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static> + Clone,
{
    let config = Config {
        cases: HISTORIES,
        failure_persistence: None,
        ..Config::default()
    };
    let drawn = histories::<M>(asked, OPERATIONS);
    let checked = TestRunner::new(config).run(&drawn, |history| {
        let begin = |state: &M::State| StartingWith::new(model.clone()).everywhere(state.clone());
        let is_linearizable = |state| oracle::is_linearizable(&begin(state), &history);
        let expected = beginnings.iter().any(is_linearizable);
        let found = from_anything(model.clone(), &history);
        if matches!(found, Verdict::Unknown { .. }) {
            prop_assert!(!is_told(&history), "{found:?}");
        } else {
            prop_assert_eq!(found == Verdict::Consistent, expected, "{:?}", found);
        }
        let keyed: Vec<OperationOf<Keyed<M>>> = history.iter().map(with_key::<M>).collect();
        let of_keys = from_anything(Keyed::new(model.clone()), &keyed);
        let verdict = |verdict: &Verdict| std::mem::discriminant(verdict);
        prop_assert_eq!(verdict(&of_keys), verdict(&found));
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}

fn with_key<M>(operation: &OperationOf<M>) -> OperationOf<Keyed<M>>
where
    M: AnyBeginning<Input: Clone, Output: Clone>,
{
    Operation {
        client: operation.client,
        input: keyed::Input {
            key: Some("k".into()),
            input: operation.input.clone(),
        },
        output: operation.output.clone(),
        call: operation.call,
        ret: operation.ret,
    }
}

/// All sequences of so many of these at most.
fn sequences(letters: &[&str], most: usize) -> Vec<Vec<Text>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..most {
        let longer = longest.iter().flat_map(|sequence: &Vec<Text>| {
            letters.iter().map(move |letter| {
                let letter = Text::from(*letter);
                sequence.iter().cloned().chain([letter]).collect()
            })
        });
        longest = longer.collect();
        all.extend(longest.iter().cloned());
    }
    all
}

#[test]
fn a_queue_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let beginnings = sequences(&["a", "b"], OPERATIONS);
    let beginnings: Vec<_> = beginnings.into_iter().map(Into::into).collect();
    all_beginnings_are_tried(&Queue, asked::of_queue(), &beginnings, |_| true);
}

#[test]
fn a_stack_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let beginnings = sequences(&["a", "b"], OPERATIONS);
    all_beginnings_are_tried(&Stack, asked::of_stack(), &beginnings, |_| true);
}

#[test]
fn a_set_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let beginnings = [vec![], vec!["a"], vec!["b"], vec!["a", "b"]];
    let set = |elements: Vec<&str>| elements.into_iter().map(Text::from).collect();
    let beginnings = beginnings.map(set);
    for asked in [asked::of_set(), asked::of_set_without_reads()] {
        all_beginnings_are_tried(&Set, asked, &beginnings, |_| true);
    }
}

#[test]
fn a_bank_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let balances = (0..=7).flat_map(|one| (0..=7).map(move |other| (one, other)));
    let balances = balances.map(|(one, other)| [("a".into(), one), ("b".into(), other)].into());
    let beginnings: Vec<_> = balances.collect();
    let is_told = |history: &[OperationOf<bank::Bank>]| {
        let mut all = history.iter();
        all.any(|operation| matches!(operation.output, Some(bank::Output::Balances(_))))
    };
    all_beginnings_are_tried(&asked::bank(), asked::of_bank(), &beginnings, is_told);
}

#[test]
fn a_versioned_register_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let values = [None, Some("a".into()), Some("b".into()), Some("c".into())];
    let of_version = |version| {
        let values = values.iter().cloned();
        values.map(move |value| State { version, value })
    };
    let beginnings: Vec<State> = (0..=3).flat_map(of_version).collect();
    let asked = asked::of_versioned_register();
    all_beginnings_are_tried(&VersionedRegister, asked, &beginnings, |_| true);
}
