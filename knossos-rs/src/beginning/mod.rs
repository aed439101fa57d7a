//! Histories of objects that begin with something, or with nobody knows what.
//!
//! A history is consistent from an unknown beginning if it is from some state. There are only a
//! few that have to be tried (`candidates`), so that costs a few checks at most; and where
//! parts (keys) are independent, each of them finds its own.

mod any_beginning;
pub mod anywhere;
mod balances;
mod beginnings;
mod candidates;
mod longest;
mod members;
mod mixed;
mod objects;
mod parts;
mod tries;
mod within;

#[cfg(test)]
mod tests;

use crate::consistency::{Consistency, Guarantee};
use crate::limits::{Limits, Meter};
use crate::model::OperationOf;
use crate::models::starting_with::StartingWith;
use crate::report::{Report, Verdict};

pub use any_beginning::AnyBeginning;
pub use beginnings::{Beginning, Beginnings};
use parts::unknown_parts;
use tries::{each_alone, is_explained_for_longest, together, unless_violation};
use within::check_within;

/// Checks a history as [`crate::check_consistency`] does, from these beginnings; gives the model as it
/// was when the verdict fell, with the beginnings that were found.
///
/// A violation is one whatever an unknown beginning was. It is explained for one of them: of
/// linearizability, as far as the costs are moderate, for one that was possible for longest, so
/// that the culprit is the operation by whose return none was left. (Not so of a bank of which
/// nobody had read all balances by the return before that one: it is explained for balances that a
/// later read tells, and the culprit may be an earlier operation, which other balances would have
/// allowed.)
/// Where several parts begin unknown at a level that is not local ([`Consistency::Sequential`]
/// and the guarantees of sessions), not all choices are tried, and the verdict can be
/// [`Reason::Beginnings`](crate::Reason::Beginnings).
///
/// ```
/// use knossos::models::register::{Input, Output, Register};
/// use knossos::{Beginning, Beginnings, Consistency, Limits, Operation, Verdict, check_from};
///
/// let read = |value: &str, at| {
///     Operation::completed(1, Input::Read, Output::Value(Some(value.into())), at, at + 5)
/// };
/// let from_anything = |history: &[_]| {
///     let unknown = Beginnings::all(Beginning::Unknown);
///     let level = Consistency::Linearizable;
///     check_from(Register, history, &unknown, level, &Limits::none()).1.verdict
/// };
/// assert_eq!(from_anything(&[read("a", 0), read("a", 10)]), Verdict::Consistent);
/// assert!(matches!(from_anything(&[read("a", 0), read("b", 10)]), Verdict::Violation(_)));
/// ```
pub fn check_from<M>(
    model: M,
    history: &[OperationOf<M>],
    beginnings: &Beginnings<M::State>,
    level: Consistency,
    limits: &Limits,
) -> (StartingWith<M>, Report)
where
    M: AnyBeginning,
    M::Input: Clone,
    M::Output: Clone,
{
    let mut model = beginnings.starting(model);
    if beginnings.are_known() {
        let report = crate::check_consistency(&model, history, level, limits);
        return (model, report);
    }
    if level == Consistency::Linearizable
        && let Some(anywhere) = model.model.anywhere()
    {
        // The type that it has where the model itself is such a one, to be compiled once.
        let anywhere = StartingWith::new(anywhere);
        let report = match beginnings.are_unknown() {
            true => crate::check_consistency(&anywhere, history, level, limits),
            false => mixed::check((&model, &anywhere), history, beginnings, limits),
        };
        return (model, report);
    }
    let mut unknown = unknown_parts(&model.model, history, beginnings, level);
    for part in &unknown {
        model = part.begin(model);
    }
    let mut meter = Meter::start(limits);
    let first = check_within(&model, history, level, &mut meter);
    let has_choice = unknown.iter().any(|part| part.candidates.states.len() > 1);
    let is_moot = !has_choice && !is_explained_for_longest(&first, level);
    if first.verdict == Verdict::Consistent || is_moot {
        let is_certain = unknown.iter().all(|part| part.candidates.is_complete);
        return (model, unless_violation(first, is_certain));
    }
    if is_local(level) {
        each_alone(model, history, &mut unknown, level, &mut meter)
    } else {
        together(model, history, &mut unknown, level, (first, &mut meter))
    }
}

/// Whether a history is consistent if every part is.
fn is_local(level: Consistency) -> bool {
    match level {
        Consistency::Linearizable | Consistency::BoundedStaleness(_) => true,
        Consistency::Session(guarantee, _) => matches!(
            guarantee,
            Guarantee::MonotonicReads | Guarantee::ReadYourWrites
        ),
        Consistency::Sequential => false,
    }
}
