//! Why a history is not linearizable, in terms of its operations.
//!
//! 1. The earliest impossible *moment* is looked for ([`earliest`], [`place`]): the return of the
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
mod conflict;
mod contradiction;
mod costs;
mod demand;
mod descent;
mod earliest;
mod halved;
mod halving;
mod moment;
mod narrow;
mod outgrown;
mod pieces;
mod place;
mod puzzle;
mod question;
mod shown;
mod unwritten;
mod words;

#[cfg(test)]
pub(crate) mod tests;

use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::limits::{Limits, Meter};
use crate::model::{Model, OperationOf};
use crate::question::Question as Asked;
use crate::report::Violation;

use costs::{BYTES_MAX, aside};
use place::Place;
use question::Question;

/// Explains a violation found in a part of the history, or an earlier one in another part that is
/// not known to be consistent.
pub(crate) fn explain<M: Model>(
    asked: &Asked<M>,
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
    asked: &Asked<M>,
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
