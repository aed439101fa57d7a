//! Unknown beginnings of queues, stacks, sets, banks and versioned registers, against brute force
//! over all that small histories can tell apart.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::super::{AnyBeginning, Beginning, Beginnings, check_from};
use crate::consistency::Consistency;
use crate::explain::tests::asked::{self, Asked, histories};
use crate::models::bank;
use crate::models::cas_register::{self, CasRegister};
use crate::models::keyed::{self, Keyed};
use crate::models::mutex::{self, Mutex};
use crate::models::queue::Queue;
use crate::models::register::Register;
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
        let moment = impossible_by(&history, |known| {
            let mut begun = beginnings.iter().map(begin);
            begun.any(|begun| oracle::is_linearizable(&begun, known))
        });
        holds_moment(&found, &history, moment, &is_told)?;
        if matches!(found, Verdict::Unknown { .. }) {
            prop_assert!(!is_told(&history), "{found:?}");
        } else {
            prop_assert_eq!(found == Verdict::Consistent, expected, "{:?}", found);
        }
        let keyed: Vec<OperationOf<Keyed<M>>> = history.iter().map(with_key::<M>).collect();
        let of_keys = from_anything(Keyed::new(model.clone()), &keyed);
        let verdict = |verdict: &Verdict| std::mem::discriminant(verdict);
        prop_assert_eq!(verdict(&of_keys), verdict(&found));
        holds_moment(&of_keys, &history, moment, &is_told)?;
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Holds the culprit of a violation against the first moment by which no beginning is left; if
/// what had happened just before does not tell the beginnings, it may be an earlier one.
fn holds_moment<I: Clone, O: Clone>(
    found: &Verdict,
    history: &[Operation<I, O>],
    moment: Option<u64>,
    is_told: impl Fn(&[Operation<I, O>]) -> bool,
) -> Result<(), TestCaseError> {
    if let Verdict::Violation(_) = found {
        let before = returns(history).filter(|ret| Some(*ret) < moment).last();
        let is_told = before.is_none_or(|before| is_told(&by(history, before)));
        let named = moment_of(found, history);
        prop_assert!(named == moment || named < moment && !is_told, "{found:?}");
    }
    Ok(())
}

/// The first return by which what had happened is not possible.
pub(super) fn impossible_by<I: Clone, O: Clone>(
    history: &[Operation<I, O>],
    is_possible: impl Fn(&[Operation<I, O>]) -> bool,
) -> Option<u64> {
    returns(history).find(|moment| !is_possible(&by(history, *moment)))
}

/// When operations returned, ascending.
fn returns<I, O>(history: &[Operation<I, O>]) -> impl Iterator<Item = u64> {
    let mut returns: Vec<u64> = history.iter().filter_map(|of| of.ret).collect();
    returns.sort_unstable();
    returns.into_iter()
}

/// What had happened by a moment; operations open then are unknown.
fn by<I: Clone, O: Clone>(history: &[Operation<I, O>], moment: u64) -> Vec<Operation<I, O>> {
    let called = history.iter().filter(|of| of.call <= moment).cloned();
    let known = called.map(|of| match of.ret {
        Some(ret) if ret <= moment => of,
        _ => Operation::unknown(of.client, of.input, of.call),
    });
    known.collect()
}

/// When the operation returned that a violation names.
pub(super) fn moment_of<I, O>(found: &Verdict, history: &[Operation<I, O>]) -> Option<u64> {
    match found {
        Verdict::Violation(violation) => history[violation.culprit?].ret,
        Verdict::Consistent | Verdict::Unknown { .. } => None,
    }
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
fn a_register_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let values = [None, Some("a"), Some("b"), Some("c"), Some("neither")];
    let beginnings = values.map(|value| value.map(Text::from));
    all_beginnings_are_tried(&Register, asked::of_register(), &beginnings, |_| true);
    all_beginnings_are_tried(&CasRegister, asked::of_cas_register(), &beginnings, |_| {
        true
    });
}

#[test]
fn a_mutex_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    let beginnings = [mutex::State::Free, mutex::State::Held];
    all_beginnings_are_tried(&Mutex, asked::of_mutex(), &beginnings, |_| true);
}

#[test]
fn the_operation_after_which_no_beginning_is_left_is_named() {
    let cas = cas_register::Input::Cas {
        old: Some("a".into()),
        new: Some("c".into()),
    };
    let seen = cas_register::Output::Value(Some("a".into()));
    let history = [
        Operation::completed(1, cas, cas_register::Output::Swapped(false), 0, 10),
        Operation::completed(2, cas_register::Input::Read, seen, 20, 30),
    ];
    let found = from_anything(CasRegister, &history);
    assert_eq!(moment_of(&found, &history), Some(30), "{found:?}");
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
