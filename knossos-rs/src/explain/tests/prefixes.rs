//! The culprit is the operation with which the shortest impossible prefix of a history ends,
//! however long the history is, as deciding the prefixes themselves tells.
//!
//! A prefix is what had happened by a moment; what was open then has no outcome. Once one is
//! impossible, every longer one is, so that few have to be decided.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use crate::beginning::{Beginning, Beginnings, check_from};
use crate::check::is_linearizable;
use crate::drawn::simulated::{History, Plan, Simulated, State, for_every_simulated, history};
use crate::drawn::{by, cases, moment_of, returns};
use crate::limits::Meter;
use crate::models::starting_with::StartingWith;
use crate::zones::tests::random::Random;
use crate::{Consistency, Limits, Operation, Verdict};

/// How many histories of each object are drawn, with a known beginning, and with an unknown one.
const HISTORIES: u32 = 24;

/// What deciding one of them may cost, in steps: of some objects, it can cost anything.
const STEPS_MAX: u64 = 100_000;

fn limits() -> Limits {
    Limits {
        steps: Some(STEPS_MAX),
        ..Limits::none()
    }
}

/// The first return by which what had happened is impossible, where the whole history is; `None` if
/// it is not known of one of the prefixes.
fn impossible_by<I: Clone, O: Clone>(
    history: &[Operation<I, O>],
    is_possible: impl Fn(&[Operation<I, O>]) -> Option<bool>,
) -> Option<u64> {
    let returns = returns(history);
    let (mut first, mut last) = (0, returns.len() - 1);
    while first < last {
        let middle = first + (last - first) / 2;
        match is_possible(&by(history, returns[middle]))? {
            true => first = middle + 1,
            false => last = middle,
        }
    }
    Some(returns[first])
}

fn verdict<S: Simulated>(
    object: &S,
    history: &History<S>,
    beginning: &Beginning<State<S>>,
) -> Verdict {
    let beginnings = Beginnings::all(beginning.clone());
    let level = Consistency::Linearizable;
    let model = match beginning {
        Beginning::Unknown => object.model_from_anything(),
        Beginning::At(_) | Beginning::Usual => object.model(),
    };
    let (_, report) = check_from(model, history, &beginnings, level, &limits());
    report.verdict
}

/// Whether the history is possible, as far as it can be told at this cost.
fn is_possible<S: Simulated>(
    object: &S,
    history: &History<S>,
    beginning: &Beginning<State<S>>,
) -> Option<bool> {
    if let Beginning::At(state) = beginning {
        let model = StartingWith::new(object.model()).everywhere(state.clone());
        return is_linearizable(&model, history, &mut Meter::start(&limits()));
    }
    match verdict(object, history, beginning) {
        Verdict::Consistent => Some(true),
        Verdict::Violation(_) => Some(false),
        Verdict::Unknown { .. } => None,
    }
}

/// Holds the culprit of a history that is drawn from the seed; whether it has one.
fn the_culprit_ends_the_first<S: Simulated>(
    object: &S,
    seed: u64,
    is_known: bool,
) -> Result<bool, TestCaseError> {
    let state = object.beginning(&mut Random(seed));
    let plan = Plan::drawn::<S>(seed);
    let history = history(object, &state, plan);
    let beginning = match is_known {
        true => Beginning::At(state),
        false => Beginning::Unknown,
    };
    let found = verdict(object, &history, &beginning);
    if !matches!(found, Verdict::Violation(_)) {
        return Ok(false);
    }
    let first = impossible_by(&history, |known| {
        is_possible(object, &known.to_vec(), &beginning)
    });
    if first.is_some() {
        let named = moment_of(&found, &history);
        prop_assert_eq!(named, first, "{}: {:?}: {:?}", S::NAME, plan, found);
    }
    Ok(first.is_some())
}

fn the_culprits_end_the_first_impossible_prefixes<S: Simulated>(object: &S) {
    for is_known in [true, false] {
        let held = held(&|seed| the_culprit_ends_the_first(object, seed, is_known));
        assert!(held > 0, "{}: no violations", S::NAME);
    }
}

/// Holds something of drawn seeds; of how many it told so. It is called through a pointer, so that
/// drawing is compiled once for all objects.
fn held(of: &dyn Fn(u64) -> Result<bool, TestCaseError>) -> u32 {
    let config = ProptestConfig {
        // A seed that is smaller is no smaller history.
        max_shrink_iters: 0,
        ..cases(HISTORIES)
    };
    let held = Cell::new(0);
    let checked = TestRunner::new(config).run(&any::<u64>(), |seed| {
        held.set(held.get() + u32::from(of(seed)?));
        Ok(())
    });
    checked.unwrap_or_else(|failure| panic!("{failure}"));
    held.get()
}

#[test]
fn the_culprit_ends_the_first_impossible_prefix_whatever_the_model_and_the_length() {
    for_every_simulated!(the_culprits_end_the_first_impossible_prefixes);
}
