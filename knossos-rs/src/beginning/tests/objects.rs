//! Unknown beginnings of queues, stacks, sets, banks and versioned registers, against brute force
//! over all that small histories can tell apart.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::super::{AnyBeginning, Beginning, Beginnings, check_from};
use crate::consistency::Consistency;
use crate::drawn::any_kind::check_any_kind_from;
use crate::drawn::small::{self, Small, for_every_small};
use crate::drawn::{by, impossible_by, moment_of, returns};
use crate::models::any::Kind;
use crate::models::cas_register::{self, CasRegister};
use crate::models::keyed::{self, Keyed};
use crate::models::starting_with::StartingWith;
use crate::search::tests::oracle;
use crate::{Limits, Operation, OperationOf, Verdict};

fn from_anything<M>(model: M, history: &[OperationOf<M>]) -> Verdict
where
    M: AnyBeginning<Input: Clone, Output: Clone>,
{
    let unknown = Beginnings::all(Beginning::Unknown);
    let level = Consistency::Linearizable;
    let (_, report) = check_from(model, history, &unknown, level, &Limits::none());
    report.verdict
}

/// Holds the verdict of drawn histories against all beginnings; where these are not told, it may be
/// unknown, too.
fn all_beginnings_are_tried<M>(small: &Small<M>)
where
    M: AnyBeginning<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static> + Clone,
{
    let Small { model, .. } = small;
    let begin = |state: &M::State| StartingWith::new(model.clone()).everywhere(state.clone());
    let begun: Vec<_> = small.beginnings.iter().map(begin).collect();
    let is_possible = |history: &[OperationOf<M>]| {
        let mut begun = begun.iter();
        begun.any(|begun| oracle::is_linearizable(begun, history))
    };
    small.holds(600, 5, |history| {
        let found = from_anything(model.clone(), history);
        let moment = impossible_by(history, is_possible);
        holds_moment(&found, history, moment, &small.is_told)?;
        if matches!(found, Verdict::Unknown { .. }) {
            prop_assert!(!(small.is_told)(history), "{found:?}");
        } else {
            let expected = moment.is_none();
            prop_assert_eq!(found == Verdict::Consistent, expected, "{:?}", found);
        }
        let keyed: Vec<OperationOf<Keyed<M>>> = {
            let keyed = history.iter().map(|one| with_key::<M>(one, "k"));
            keyed.collect()
        };
        let of_keys = from_anything(Keyed::new(model.clone()), &keyed);
        let verdict = |verdict: &Verdict| std::mem::discriminant(verdict);
        prop_assert_eq!(verdict(&of_keys), verdict(&found));
        holds_moment(&of_keys, history, moment, &small.is_told)
    });
}

#[test]
fn a_history_is_linearizable_from_an_unknown_beginning_if_it_is_from_one_of_all() {
    for_every_small!(all_beginnings_are_tried);
    all_beginnings_are_tried(&small::counter_from_anything().of_any_kind());
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
        let mut before = returns(history).into_iter();
        let before = before.rfind(|ret| Some(*ret) < moment);
        let is_told = before.is_none_or(|before| is_told(&by(history, before)));
        let named = moment_of(found, history);
        prop_assert!(named == moment || named < moment && !is_told, "{found:?}");
    }
    Ok(())
}

fn with_key<M>(operation: &OperationOf<M>, key: &str) -> OperationOf<Keyed<M>>
where
    M: AnyBeginning<Input: Clone, Output: Clone>,
{
    Operation {
        client: operation.client,
        input: keyed::Input {
            key: Some(key.into()),
            input: operation.input.clone(),
        },
        output: operation.output.clone(),
        call: operation.call,
        ret: operation.ret,
    }
}

/// Holds the verdict on two objects of drawn histories, of which it is known of one how it began,
/// against all beginnings of the other.
fn a_known_beginning_beside_an_unknown_one_is_held_to<M>(small: &Small<M>)
where
    M: AnyBeginning<Input: Clone + Debug + 'static, Output: Clone + Debug + 'static> + Clone,
{
    let Small { model, .. } = small;
    let begin = |state: &M::State| StartingWith::new(model.clone()).everywhere(state.clone());
    small.holds(300, 7, |history| {
        let state = &small.beginnings[history.len() % small.beginnings.len()];
        let is_known = |operation: &OperationOf<M>| operation.client.is_multiple_of(2);
        let (known, unknown): (Vec<_>, Vec<_>) = history.iter().cloned().partition(is_known);
        let known_until = impossible_by(&known, |known| {
            oracle::is_linearizable(&begin(state), known)
        });
        let unknown_until = impossible_by(&unknown, |unknown| {
            let mut begun = small.beginnings.iter().map(begin);
            begun.any(|begun| oracle::is_linearizable(&begun, unknown))
        });
        let keyed = history.iter().map(|operation| {
            let key = if is_known(operation) {
                "known"
            } else {
                "unknown"
            };
            with_key::<M>(operation, key)
        });
        let keyed: Vec<OperationOf<Keyed<M>>> = keyed.collect();
        let mut beginnings = Beginnings::all(Beginning::Unknown);
        let at = Beginning::At(state.clone());
        beginnings.parts.insert("known".into(), at);
        let level = Consistency::Linearizable;
        let keyed_model = Keyed::new(model.clone());
        let (_, report) = check_from(keyed_model, &keyed, &beginnings, level, &Limits::none());
        let found = report.verdict;
        let moment = known_until.into_iter().chain(unknown_until).min();
        prop_assert_eq!(report.operations, history.len());
        match &found {
            Verdict::Consistent => prop_assert_eq!(moment, None),
            Verdict::Unknown { .. } => prop_assert!(!(small.is_told)(&unknown), "{found:?}"),
            Verdict::Violation(_) => prop_assert!(moment.is_some(), "{found:?}"),
        }
        holds_moment(&found, history, moment, |by_then| {
            let unknown = by_then.iter().filter(|one| !is_known(one)).cloned();
            unknown_until.is_none() || (small.is_told)(&unknown.collect::<Vec<_>>())
        })
    });
}

#[test]
fn a_known_beginning_beside_an_unknown_one_gets_the_verdict_of_brute_force() {
    for_every_small!(a_known_beginning_beside_an_unknown_one_is_held_to);
    a_known_beginning_beside_an_unknown_one_is_held_to(
        &small::counter_from_anything().of_any_kind(),
    );
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
    let found = from_anything(CasRegister.object(), &CasRegister::any_history(&history));
    assert_eq!(moment_of(&found, &history), Some(30), "{found:?}");
}

#[test]
fn a_budget_that_suffices_for_the_verdict_suffices_for_its_culprit() {
    let cas = |old: &str, at| {
        let (old, new) = (Some(old.into()), Some("new".into()));
        let input = cas_register::Input::Cas { old, new };
        Operation::completed(1, input, cas_register::Output::Swapped(false), at, at + 5)
    };
    let seen = cas_register::Output::Value(Some("a".into()));
    let read = Operation::completed(2, cas_register::Input::Read, seen, 5_000, 5_010);
    // If it began with "a", the only value that can be told, the first operation is impossible.
    let others = (1..100).map(|at| cas("b", 10 * at));
    let history: Vec<_> = [cas("a", 0)]
        .into_iter()
        .chain(others)
        .chain([read])
        .collect();
    let mut violations = 0;
    for steps in (0..2_000).step_by(10) {
        let limits = Limits {
            steps: Some(steps),
            ..Limits::none()
        };
        let unknown = Beginnings::all(Beginning::Unknown);
        let report = check_any_kind_from(CasRegister, &history, unknown, &limits);
        if matches!(report.verdict, Verdict::Violation(_)) {
            violations += 1;
            let named = moment_of(&report.verdict, &history);
            assert_eq!(named, Some(5_010), "{steps} steps: {:?}", report.verdict);
        }
    }
    assert!(violations > 0, "some of the budgets suffice");
}
