//! Moments of a history, and whether what had happened by one has an order.
//!
//! If what had happened by some moment has no order, no later moment gives it one: so there is
//! an earliest impossible moment, and it is the return of an operation, the *culprit*. By then,
//! operations still open count as unknown. How it is found is said in [`super::earliest`].

use super::question::Question;
use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::limits::Meter;
use crate::model::Model;
use crate::search::{Outcome, Search};
use crate::zones::{self, Finding};

/// How many operations that returned at one moment are tried as the culprit.
const STRAWS_MAX: usize = 8;

/// A moment by which no order exists.
#[derive(Clone)]
pub(super) struct Moment {
    /// What had happened by then.
    pub(super) entries: Vec<Entry>,
    /// The operation that returned then.
    pub(super) culprit: Entry,
    /// An order of what had happened just before, if this is the earliest such moment.
    pub(super) explained: Option<Vec<usize>>,
}

impl Moment {
    /// Whether it is known to be the earliest such moment.
    pub(super) fn is_earliest(&self) -> bool {
        self.explained.is_some()
    }

    /// How many operations are known to have an order just before it.
    pub(super) fn explained_count(&self) -> usize {
        self.explained.as_ref().map_or(0, Vec::len)
    }
}

/// What is known of the earliest impossible moment before it is looked for.
#[derive(Clone, Copy, Default)]
pub(super) struct Clue<'e> {
    /// It is probably this one, or one soon after.
    pub(super) guess: Option<u64>,
    /// By this moment, no order exists.
    pub(super) until: Option<u64>,
    /// Where a search for an order of all ended, if it was one that found that there is none.
    pub(super) ended: Option<&'e Evidence>,
}

impl Clue<'_> {
    /// It is probably this moment.
    pub(super) fn guess(moment: u64) -> Clue<'static> {
        Clue {
            guess: Some(moment),
            ..Clue::default()
        }
    }

    /// By this moment no order exists, and it is probably the first.
    pub(super) fn until(moment: u64) -> Clue<'static> {
        Clue {
            until: Some(moment),
            ..Clue::guess(moment)
        }
    }
}

impl<M: Model> Question<'_, M> {
    /// Of several operations that returned at the moment, one without which it was possible.
    pub(super) fn last_straw(&self, moment: &Moment, meter: &mut Meter) -> Entry {
        let returned = |entry: &&Entry| entry.ret == moment.culprit.ret;
        let straws: Vec<Entry> = moment.entries.iter().filter(returned).copied().collect();
        if straws.len() == 1 {
            return moment.culprit;
        }
        let is_last = |straw: &&Entry| {
            let is_it = |entry: &Entry| entry.index == straw.index;
            let without: Vec<Entry> = moment
                .entries
                .iter()
                .map(|entry| Entry {
                    ret: entry.ret.filter(|_| !is_it(entry)),
                    ..*entry
                })
                .collect();
            matches!(self.order_of(&without, meter), Some(Some(_)))
        };
        let mut straws = straws.iter().take(STRAWS_MAX);
        straws.find(is_last).copied().unwrap_or(moment.culprit)
    }

    /// The moments at which operations returned, ascending.
    pub(super) fn moments(&self, entries: &[Entry]) -> Vec<u64> {
        let mut moments: Vec<u64> = entries.iter().filter_map(|entry| entry.ret).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// The moment of a return, of which it is not known whether it is the earliest.
    pub(super) fn moment(&self, entries: &[Entry], moment: u64) -> Option<Moment> {
        let culprit = *entries.iter().find(|entry| entry.ret == Some(moment))?;
        Some(Moment {
            entries: self.by(entries, moment),
            culprit,
            explained: None,
        })
    }

    /// What had happened by a moment; operations open then are unknown.
    pub(super) fn by(&self, entries: &[Entry], moment: u64) -> Vec<Entry> {
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
    pub(super) fn order_of(
        &self,
        entries: &[Entry],
        meter: &mut Meter,
    ) -> Option<Option<Vec<usize>>> {
        let each = || entries.iter().copied();
        if let Ok(Some(found)) = zones::decide(self.model, self.history, each(), meter, 0) {
            meter.spend(entries.len() as u64);
            return Some(match found {
                Finding::Consistent(order) => Some(order.into_indices()),
                Finding::Violation(_) => None,
            });
        }
        let mut search =
            Search::new(self.model, self.history, each(), self.hints, meter, 0).ok()?;
        match search.run(meter, u64::MAX, 0) {
            Outcome::Consistent => {
                let order = search.order().or_else(|| search.run_for_order(meter));
                order.map(Some)
            }
            Outcome::Violation => Some(None),
            Outcome::Paused | Outcome::RanOut(_) => None,
        }
    }
}
