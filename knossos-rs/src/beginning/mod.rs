//! Histories of objects that begin with something, or with nobody knows what.
//!
//! A history is consistent from an unknown beginning if it is from some state. There are only a
//! few that have to be tried (`candidates`), so that costs a few checks at most; and where
//! parts (keys) are independent, each of them finds its own.

pub mod anywhere;
pub(crate) mod balances;
mod candidates;
mod longest;
pub(crate) mod members;
mod mixed;
mod parts;
mod tries;
mod within;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::consistency::{Consistency, Guarantee};
use crate::limits::{Limits, Meter};
use crate::model::{Model, OperationOf};
use crate::models::starting_with::StartingWith;
use crate::report::{Report, Verdict};
use crate::text::Text;

use parts::{Part, unknown_parts};
use tries::{each_alone, is_explained_for_longest, together, unless_violation};
use within::check_within;

/// What an object holds before its first operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Beginning<S> {
    /// What the model says.
    #[default]
    Usual,
    /// This.
    At(S),
    /// Nobody knows.
    Unknown,
}

/// What every part (key) of an object holds before its first operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginnings<S> {
    /// For all parts that have no beginning of their own.
    pub everywhere: Beginning<S>,
    /// By the name of the part.
    pub parts: BTreeMap<Text, Beginning<S>>,
}

impl<S> Default for Beginnings<S> {
    fn default() -> Self {
        Beginnings::all(Beginning::Usual)
    }
}

impl<S> Beginnings<S> {
    /// The same for all parts.
    #[must_use]
    pub fn all(everywhere: Beginning<S>) -> Self {
        Beginnings {
            everywhere,
            parts: BTreeMap::new(),
        }
    }

    /// That of a part; one without a name is everything.
    fn of(&self, part: Option<&str>) -> &Beginning<S> {
        let own = part.and_then(|part| self.parts.get(part));
        own.unwrap_or(&self.everywhere)
    }

    fn are_known(&self) -> bool {
        let mut all = self.parts.values().chain([&self.everywhere]);
        all.all(|beginning| !matches!(beginning, Beginning::Unknown))
    }

    fn are_unknown(&self) -> bool {
        let mut all = self.parts.values().chain([&self.everywhere]);
        all.all(|beginning| matches!(beginning, Beginning::Unknown))
    }

    fn is_unknown(&self, part: &Part) -> bool {
        matches!(self.of(part.name.as_deref()), Beginning::Unknown)
    }

    /// The model, where it begins as is known.
    fn starting<M: Model<State = S>>(&self, model: M) -> StartingWith<M>
    where
        S: Clone,
    {
        let mut model = StartingWith::new(model);
        if let Beginning::At(state) = &self.everywhere {
            model = model.everywhere(state.clone());
        }
        for (name, beginning) in &self.parts {
            model = match beginning {
                Beginning::At(state) => model.part(name.clone(), state.clone()),
                Beginning::Usual => {
                    let usual = model.model.initial();
                    model.part(name.clone(), usual)
                }
                Beginning::Unknown => model,
            };
        }
        model
    }
}

/// A model of an object that may have begun in any state.
pub trait AnyBeginning: Model {
    /// The same object where nobody knows what it began with; the model itself, where
    /// [`anywhere`](AnyBeginning::anywhere) gives none.
    type Anywhere: Model<Input = Self::Input, Output = Self::Output>;

    /// A model of the same object of which all that is known is what answers tell, if there is one.
    /// Then no beginning is tried, and parts whose beginnings are known are checked apart.
    fn anywhere(&self) -> Option<Self::Anywhere> {
        None
    }

    /// The beginnings that make a difference to linearizability, never none, if they can be listed.
    /// Then no other is tried.
    fn listed(&self, operations: &[&OperationOf<Self>]) -> Option<Vec<Self::State>> {
        let _ = operations;
        None
    }

    /// The states that can become `state` by operations that leave [`Leaves::Anything`], of these
    /// inputs alone; and `state` itself.
    ///
    /// [`Leaves::Anything`]: crate::Leaves::Anything
    fn origins(&self, state: &Self::State, inputs: &[&Self::Input]) -> Vec<Self::State> {
        let _ = inputs;
        vec![state.clone()]
    }

    /// A state that none of these operations asks for, nor anything that it can become; `None`
    /// if there may be none, because each state is asked for.
    fn another(&self, operations: &[&OperationOf<Self>]) -> Option<Self::State> {
        let _ = operations;
        None
    }

    /// A state that stands for all of them, if the model has one. Then no other is tried.
    fn any(&self) -> Option<Self::State> {
        None
    }

    /// Whether what this tells, with what the operations need, is every beginning that makes a
    /// difference. If not, a history is consistent or undecided, and no violation.
    fn finds_all(&self) -> bool {
        false
    }
}

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
