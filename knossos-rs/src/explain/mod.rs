//! Why a history is not linearizable, in terms of its operations.
//!
//! 1. The earliest impossible *moment* is looked for ([`moment`], [`place`]): the return of the
//!    *culprit*. What had returned just before has an order, and that is the *explained* part.
//!    Where operations near it contradict each other, a [`descent`] finds it; elsewhere, halving.
//!    What nothing can have left ([`unwritten`]) is known even where no moment can be found.
//! 2. Among what had happened by then, the smallest *contradiction* ([`contradiction`]): in
//!    small windows first, then where a state has been [`outgrown`], then by [`narrow`]ing; all but
//!    the second as a [`puzzle`].
//! 3. The contradiction is put into words ([`words`]), by what its operations need and leave.
//!
//! All of this is bounded in steps and beside the verdict, which stands. (A contradiction can
//! also give the verdict, where a search for an order does not end: [`refutes`].)

mod aborted;
mod anomaly;
mod conflict;
mod contradiction;
mod descent;
mod halved;
mod halving;
mod moment;
mod narrow;
mod outgrown;
mod pieces;
mod place;
mod puzzle;
mod shown;
mod unwritten;
mod words;

#[cfg(test)]
pub(crate) mod tests;

pub use anomaly::Anomaly;

use crate::history::Operation;
use crate::job;
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::model::OperationOf;
use crate::report::Violation;
use crate::search::{Entry, Search};

use moment::Moment;
use place::Place;

/// What finding the moment may cost, in steps for each operation and in any case; and what
/// finding the contradiction may cost, likewise.
const STEPS_PER_OPERATION: u64 = 40;
const STEPS_BASE: u64 = 20_000;

/// What finding the moment may cost beside that, in any case, as a multiple of what deciding cost,
/// and at most: to see that the prefix which ends with the culprit is impossible is about as
/// hard as to decide the whole history, and others have to be looked at until it is found.
const STEPS_OF_MOMENT: u64 = 200_000;
const TIMES_DECIDED: u64 = 16;
const STEPS_OF_MOMENT_MAX: u64 = 10_000_000;

/// What each of them may hold: a step can be to a state as large as the history.
const BYTES_MAX: usize = 256 << 20;

/// What is asked about.
struct Question<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    hints: Option<&'a [u64]>,
}

/// What whoever found a violation knows of where it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    /// An order of operations, as long as could be found; indices into the history.
    pub(crate) ordered: Vec<usize>,
    /// The operations of which one had to come next there, and none could.
    pub(crate) stuck: Vec<usize>,
    /// Operations that are a violation by themselves, ascending; empty if none are known.
    pub(crate) conflict: Vec<usize>,
}

impl Evidence {
    /// Operations that are a violation by themselves, ascending.
    pub(crate) fn conflict(conflict: Vec<usize>) -> Evidence {
        Evidence {
            conflict,
            ..Evidence::default()
        }
    }

    /// When the operations of which one had to come next returned, ascending.
    fn guesses<I, O>(&self, history: &[Operation<I, O>]) -> Vec<u64> {
        let stuck = self.stuck.iter();
        let mut guesses: Vec<u64> = stuck.filter_map(|index| history[*index].ret).collect();
        guesses.sort_unstable();
        guesses
    }

    /// What a search that found no order knows.
    pub(crate) fn of<M: Model>(search: &Search<M>) -> Evidence {
        let (ordered, stuck) = search.deepest();
        let stuck = search.culprit().map_or(stuck, |culprit| vec![culprit]);
        Evidence {
            ordered,
            stuck,
            conflict: Vec::new(),
        }
    }
}

/// Explains a violation found in a part of the history, or an earlier one in another part that is
/// not known to be consistent.
pub(crate) fn explain<M: Model>(
    asked: &job::Question<M>,
    (part, evidence): (usize, &Evidence),
    consistent: &[bool],
    meter: &Meter,
) -> Violation {
    let question = Question {
        model: asked.model,
        history: asked.history,
        hints: asked.hints,
    };
    let all = |part| asked.parts.entries(asked.history, part).collect();
    let whole = Place::new(&question, part, all(part), evidence.clone(), meter);
    let place = question.earliest_place(asked, whole, consistent, meter);
    Violation {
        partition: asked.name(place.part),
        ..question.explain_place(place, meter)
    }
}

/// Whether operations contradict each other where a search was stuck: then the part has no order.
/// `steps` is what it may cost.
pub(crate) fn refutes<M: Model>(
    asked: &job::Question<M>,
    part: usize,
    ended: &Evidence,
    steps: u64,
    meter: &mut Meter,
) -> bool {
    let question = Question {
        model: asked.model,
        history: asked.history,
        hints: None,
    };
    let entries: Vec<Entry> = asked.parts.entries(asked.history, part).collect();
    let mut own = meter.aside_within(steps.min(meter.left()), BYTES_MAX);
    let found = question.impossible_at_suspects(&entries, ended, &mut own);
    meter.spend(own.steps());
    found.is_some()
}

/// What looking among so many operations may cost, in steps.
fn steps_for(operations: usize) -> u64 {
    STEPS_BASE + STEPS_PER_OPERATION * operations as u64
}

/// A meter for looking among so many operations.
fn aside(meter: &Meter, operations: usize) -> Meter {
    meter.aside_within(steps_for(operations), BYTES_MAX)
}

/// A meter for looking for the moment among so many operations; `meter` is that of the decision.
fn aside_for_moment(meter: &Meter, operations: usize) -> Meter {
    let as_decided = meter.steps().saturating_mul(TIMES_DECIDED);
    let more = as_decided.clamp(STEPS_OF_MOMENT, STEPS_OF_MOMENT_MAX);
    let steps = steps_for(operations) + more;
    meter.aside_within(steps, BYTES_MAX)
}

/// The operations that returned first, so many at most, ascending.
fn returned_by(entries: impl Iterator<Item = Entry>, most: usize) -> Vec<Entry> {
    let mut first: Vec<Entry> = entries.collect();
    first.sort_unstable_by_key(|entry| (entry.ret, entry.index));
    first.truncate(most);
    first
}

/// An order of these operations of the history, if one can be found at little expense.
pub(crate) fn order_within<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    indices: &[usize],
) -> Option<Vec<usize>> {
    let question = Question {
        model,
        history,
        hints: None,
    };
    let entry = |index: &usize| Entry {
        index: *index,
        ret: history[*index].ret,
    };
    let entries: Vec<Entry> = indices.iter().map(entry).collect();
    let mut meter = aside(&Meter::start(&Limits::none()), entries.len());
    question.order_of(&entries, &mut meter)?
}
