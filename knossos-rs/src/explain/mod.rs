//! Why a history is not linearizable, in terms of its operations.
//!
//! If what had happened by some moment has no order, no later moment gives it one: so there is
//! an earliest impossible moment, found by halving, and it is the return of an operation, the
//! *culprit*. By then, operations still open count as unknown. What had returned just before
//! has an order, and that is the *explained* part. Then operations are dropped as long as a
//! violation remains, until few are left to look at ([`core`]).
//!
//! All of this is bounded and beside the verdict, which stands.

mod core;
mod message;

#[cfg(test)]
mod tests;

use crate::history::Operation;
use crate::limits::Meter;
use crate::model::Model;
use crate::model::OperationOf;
use crate::report::Violation;
use crate::search::{Entry, Outcome, Search};

/// How many operations an excerpt shows at most.
const EXCERPT_MAX: usize = 8;

/// What an explanation may cost, in steps for each operation and in any case.
const STEPS_PER_OPERATION: u64 = 20;
const STEPS_BASE: u64 = 20_000;

/// What is asked about.
struct Question<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    hints: Option<&'a [u64]>,
}

/// The earliest impossible moment.
struct Moment {
    /// What had happened by then.
    entries: Vec<Entry>,
    culprit: Entry,
    /// An order of what had happened just before.
    explained: Vec<usize>,
}

/// Explains a violation found in a part of the history.
pub(crate) fn explain<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    entries: &[Entry],
    hints: Option<&[u64]>,
    search: &Search<M>,
    meter: &Meter,
) -> Violation {
    let question = Question {
        model,
        history,
        hints,
    };
    let steps = STEPS_BASE + STEPS_PER_OPERATION * entries.len() as u64;
    let mut meter = meter.aside(steps);
    let (deepest_order, deepest_stuck) = search.deepest();
    let partition = entries
        .first()
        .and_then(|entry| model.partition(&history[entry.index].input))
        .map(str::to_owned);
    let first_stuck = deepest_stuck
        .iter()
        .filter_map(|index| history[*index].ret)
        .min();
    let Some(moment) = question.earliest_moment(entries, first_stuck, &mut meter) else {
        let candidates: Vec<usize> = deepest_order
            .iter()
            .chain(&deepest_stuck)
            .copied()
            .collect();
        let excerpt = nearest(history, &candidates, deepest_stuck.first().copied());
        return Violation {
            partition,
            culprit: None,
            message: message::without_culprit(model, history, &deepest_stuck, deepest_order.len()),
            explained: deepest_order,
            stuck: deepest_stuck,
            excerpt,
            excerpt_suffices: false,
        };
    };
    let core = question.core(&moment.entries, moment.culprit, &mut meter);
    let excerpt_suffices = core.len() <= EXCERPT_MAX;
    let culprit = moment.culprit.index;
    let indices: Vec<usize> = core.iter().map(|entry| entry.index).collect();
    let stuck = moment
        .entries
        .iter()
        .filter(|entry| entry.ret.is_none_or(|ret| ret >= history[culprit].call))
        .filter(|entry| !moment.explained.contains(&entry.index))
        .map(|entry| entry.index)
        .collect();
    Violation {
        partition,
        culprit: Some(culprit),
        message: message::with_culprit(&question, &moment, &core),
        explained: moment.explained,
        stuck,
        excerpt: nearest(history, &indices, Some(culprit)),
        excerpt_suffices,
    }
}

impl<M: Model> Question<'_, M> {
    /// The earliest moment by which no order exists; `None` if the meter runs out before.
    fn earliest_moment(
        &self,
        entries: &[Entry],
        guess: Option<u64>,
        meter: &mut Meter,
    ) -> Option<Moment> {
        let mut moments: Vec<u64> = entries.iter().filter_map(|entry| entry.ret).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut explained = None;
        // Before `first` there is an order; from `last` on there is none.
        let (mut first, mut last) = (0, moments.len() - 1);
        let mut middle = guess.map_or(last / 2, |guess| {
            moments.partition_point(|moment| *moment < guess).min(last)
        });
        // The guess is usually right or a little late, so look first at the moments just
        // before it, and halve once one with an order is found.
        let mut stride = 1;
        while first < last {
            match self.order_of(&self.by(entries, moments[middle]), meter)? {
                Some(order) => {
                    explained = Some(order);
                    first = middle + 1;
                }
                None => last = middle,
            }
            if explained.is_some() {
                middle = first + (last - first) / 2;
            } else {
                middle = last.saturating_sub(stride).max(first);
                stride *= 2;
            }
        }
        let moment = moments[last];
        let culprit = *entries.iter().find(|entry| entry.ret == Some(moment))?;
        Some(Moment {
            entries: self.by(entries, moment),
            culprit,
            explained: explained.unwrap_or_default(),
        })
    }

    /// What had happened by a moment; operations open then are unknown.
    fn by(&self, entries: &[Entry], moment: u64) -> Vec<Entry> {
        entries
            .iter()
            .filter(|entry| self.history[entry.index].call <= moment)
            .map(|entry| Entry {
                ret: entry.ret.filter(|ret| *ret <= moment),
                ..*entry
            })
            .collect()
    }

    /// An order of these operations, if there is one; `None` if the meter runs out before.
    fn order_of(&self, entries: &[Entry], meter: &mut Meter) -> Option<Option<Vec<usize>>> {
        let mut search = Search::new(self.model, self.history, entries, self.hints);
        match search.run(meter, u64::MAX, 0) {
            Outcome::Consistent => Some(Some(search.order())),
            Outcome::Violation => Some(None),
            Outcome::Paused | Outcome::RanOut(_) => None,
        }
    }
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
