//! Why a history is not linearizable, in terms of its operations.
//!
//! 1. The earliest impossible *moment* is looked for ([`moment`]): the return of the *culprit*.
//!    What had returned just before has an order, and that is the *explained* part.
//! 2. Among what had happened by then, the smallest *contradiction* ([`contradiction`]): in
//!    small windows first, then where a state has been [`outgrown`], then by [`narrow`]ing; all but
//!    the second as a [`puzzle`].
//! 3. The contradiction is put into words ([`words`]), by what its operations need and leave.
//!
//! All of this is bounded in steps and beside the verdict, which stands.

mod anomaly;
mod conflict;
mod contradiction;
mod moment;
mod narrow;
mod outgrown;
mod pieces;
mod puzzle;
mod words;

#[cfg(test)]
mod tests;

pub use anomaly::Anomaly;

use crate::history::Operation;
use crate::job;
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::model::OperationOf;
use crate::report::Violation;
use crate::search::{Entry, Search};

use moment::Moment;

/// How many operations an excerpt shows at most.
const EXCERPT_MAX: usize = 8;

/// What finding the moment may cost, in steps for each operation and in any case; and what
/// finding the contradiction may cost, likewise.
const STEPS_PER_OPERATION: u64 = 20;
const STEPS_BASE: u64 = 20_000;

/// What a contradiction may cost, in steps.
const STEPS_OF_CONTRADICTION: u64 = 400_000;

/// What each of them may hold: a step can be to a state as large as the history.
const BYTES_MAX: usize = 256 << 20;

/// How many operations are tried as the culprit where the moment is not known.
const GUESSES_MAX: usize = 4;

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

/// Explains a violation found in a part of the history.
pub(crate) fn explain<M: Model>(
    asked: &job::Question<M>,
    part: usize,
    evidence: &Evidence,
    meter: &Meter,
) -> Violation {
    let job::Question { model, history, .. } = *asked;
    let question = Question {
        model,
        history,
        hints: asked.hints,
    };
    let entries: &[Entry] = &asked.parts.entries(history, part).collect::<Vec<_>>();
    let mut guesses: Vec<u64> = evidence
        .stuck
        .iter()
        .filter_map(|index| history[*index].ret)
        .collect();
    guesses.sort_unstable();
    let steps = STEPS_BASE + STEPS_PER_OPERATION * entries.len() as u64;
    let mut steps = meter.aside_within(steps, BYTES_MAX);
    let (earliest, focus) = if evidence.conflict.is_empty() {
        let guess = guesses.first().copied();
        (question.earliest_moment(entries, guess, &mut steps), None)
    } else {
        question
            .moment_of_conflict(entries, &evidence.conflict, &mut steps)
            .map_or((None, None), |(moment, few)| (Some(moment), few))
    };
    let mut side = meter.aside_within(STEPS_OF_CONTRADICTION, BYTES_MAX);
    let found = match earliest {
        Some(moment) => {
            // Operations that are a violation by themselves need no looking for others.
            let few = focus.as_ref().and_then(|few| {
                let narrowed = question.narrow(&few.entries, few.culprit, &mut steps);
                let found = question.contradiction_within(&moment, &narrowed, &mut side)?;
                Some((found, narrowed))
            });
            let (found, narrowed) = match few {
                Some((found, narrowed)) => (Some(found), narrowed),
                // A small window costs little; narrowing asks about all operations again and again.
                None => match question.contradiction(&moment, &mut side) {
                    Some(found) => (Some(found), Vec::new()),
                    None => {
                        let narrowed = question.narrow(&moment.entries, moment.culprit, &mut steps);
                        let found = question.contradiction_within(&moment, &narrowed, &mut side);
                        (found, narrowed)
                    }
                },
            };
            Some((moment, found, narrowed))
        }
        None => guesses.iter().take(GUESSES_MAX).find_map(|guess| {
            let moment = question.moment(entries, *guess)?;
            let found = question.contradiction(&moment, &mut side)?;
            Some((moment, Some(found), Vec::new()))
        }),
    };
    let found = found.or_else(|| {
        let moment = question.conflict_alone(entries, &evidence.conflict, &mut side)?;
        let few = moment.entries.clone();
        let found = question.contradiction_within(&moment, &few, &mut side)?;
        Some((moment, Some(found), few))
    });
    let partition = asked.name(part);
    let Some((moment, contradiction, narrowed)) = found else {
        let candidates: Vec<usize> = [&evidence.ordered[..], &evidence.stuck].concat();
        return Violation {
            partition,
            excerpt: nearest(history, &candidates, evidence.stuck.first().copied()),
            message: words::of_dead_end(&question, evidence),
            explained: evidence.ordered.clone(),
            stuck: evidence.stuck.clone(),
            ..Violation::default()
        };
    };
    let (anomaly, excerpt, message) = match &contradiction {
        Some(contradiction) => {
            let told = words::of_contradiction(&question, entries, &moment, contradiction);
            (told.anomaly, told.operations, told.message)
        }
        None => {
            let indices: Vec<usize> = narrowed.iter().map(|entry| entry.index).collect();
            let excerpt = nearest(history, &indices, Some(moment.culprit.index));
            let message = words::of_culprit(&question, &moment, narrowed.len());
            (Anomaly::Other, excerpt, message)
        }
    };
    let core_is_minimal = contradiction.as_ref().is_some_and(|found| found.is_minimal);
    let core = contradiction.map_or_else(Vec::new, |contradiction| {
        contradiction.core.iter().map(|entry| entry.index).collect()
    });
    let excerpt_suffices = !core.is_empty() || narrowed.len() <= EXCERPT_MAX;
    let (explained, stuck, culprit) = match moment.explained {
        Some(explained) => {
            let stuck = stuck_after(history, &moment.entries, moment.culprit, &explained);
            (explained, stuck, Some(moment.culprit.index))
        }
        None => (evidence.ordered.clone(), evidence.stuck.clone(), None),
    };
    Violation {
        partition,
        anomaly,
        culprit,
        explained,
        stuck,
        core,
        core_is_minimal,
        excerpt,
        excerpt_suffices,
        message,
    }
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
    let steps = STEPS_BASE + STEPS_PER_OPERATION * entries.len() as u64;
    let mut meter = Meter::start(&Limits::none()).aside_within(steps, BYTES_MAX);
    question.order_of(&entries, &mut meter)?
}

/// What was open when the culprit was called, or later, and is not in the order.
fn stuck_after<I, O>(
    history: &[Operation<I, O>],
    entries: &[Entry],
    culprit: Entry,
    explained: &[usize],
) -> Vec<usize> {
    let call = history[culprit.index].call;
    let mut stuck: Vec<usize> = entries
        .iter()
        .filter(|entry| entry.ret.is_none_or(|ret| ret >= call))
        .map(|entry| entry.index)
        .collect();
    stuck.sort_unstable();
    let mut is_ordered = vec![false; stuck.len()];
    for index in explained {
        if let Ok(place) = stuck.binary_search(index) {
            is_ordered[place] = true;
        }
    }
    let mut is_ordered = is_ordered.into_iter();
    stuck.retain(|_| !is_ordered.next().expect("one for each"));
    stuck
}

/// At most [`EXCERPT_MAX`] of the operations, those nearest in time to `centre`, by call.
fn nearest<I, O>(
    history: &[Operation<I, O>],
    indices: &[usize],
    centre: Option<usize>,
) -> Vec<usize> {
    let Some(centre) = centre else {
        return Vec::new();
    };
    let mut excerpt = indices.to_vec();
    excerpt.sort_by_key(|index| {
        (
            *index != centre,
            history[*index].call.abs_diff(history[centre].call),
            *index,
        )
    });
    excerpt.truncate(EXCERPT_MAX);
    excerpt.sort_by_key(|index| (history[*index].call, *index));
    excerpt
}
