//! The earliest impossible moment: where it is looked for.
//!
//! A sweep over all operations tells it at once where it decides. Elsewhere it is found by
//! [descent](super::descent), of few operations by [halving](super::halved) first.

use super::costs::steps_for;
use super::descent::Descent;
use super::moment::{Clue, Moment};
use super::question::Question;
use crate::entry::Entry;
use crate::limits::Meter;
use crate::model::Model;
use crate::search::Search;

/// How many steps of the sweep are as dear as one of the search, about.
const SWEPT_PER_STEP: u64 = 4;

/// From how many operations on a descent is tried before halving.
const LONG: usize = 2_048;

/// What a sweep over all operations tells of the earliest impossible moment.
enum Swept {
    /// It is this one.
    First(u64),
    /// It is this one or a later one: the sweep takes operations open at the moment for what
    /// they answered later, and by then they might have done something else.
    NotBefore(u64),
}

impl<M: Model> Question<'_, M> {
    /// The earliest moment by which no order exists. If the meter runs out before, a
    /// later moment by which none exists, unexplained; `None` if none is known.
    pub(super) fn earliest_moment(
        &self,
        entries: &[Entry],
        clue: Clue,
        meter: &mut Meter,
    ) -> Option<Moment> {
        let mut clue = clue;
        match self.swept_moment(entries, meter) {
            Some(Swept::First(moment)) => return self.explained_at(entries, moment, meter),
            Some(Swept::NotBefore(moment)) => clue.guess = Some(moment),
            None => {}
        }
        // Of few operations, all can be asked about again and again.
        let is_long = entries.len() >= LONG;
        let mut found = None;
        for descends in [is_long, !is_long] {
            if descends {
                let Some(ended) = clue.ended else {
                    continue;
                };
                let most = steps_for(entries.len()).min(meter.left());
                let mut side = meter.aside(most / 2);
                let descent = self.descend(entries, ended, &mut side);
                meter.spend(side.steps());
                match descent {
                    Descent::Found(moment) => return Some(moment),
                    Descent::Stopped(earlier) => {
                        clue.until = clue.until.into_iter().chain(earlier).min();
                    }
                }
            } else {
                let mut side = meter.aside(meter.left() / 4 * 3);
                found = self.halved(entries, clue, &mut side).or(found);
                meter.spend(side.steps());
            }
            if found.as_ref().is_some_and(Moment::is_earliest) {
                break;
            }
        }
        found
    }

    /// The earliest moment, with an order of what had happened just before.
    fn explained_at(&self, entries: &[Entry], moment: u64, meter: &mut Meter) -> Option<Moment> {
        let moments = self.moments(entries);
        let place = moments.partition_point(|other| *other < moment);
        let before = match place.checked_sub(1) {
            Some(before) => self.order_of(&self.by(entries, moments[before]), meter),
            None => Some(Some(Vec::new())),
        };
        debug_assert!(!matches!(before, Some(None)), "it is the earliest one");
        Some(Moment {
            explained: before.flatten(),
            ..self.moment(entries, moment)?
        })
    }

    /// What the sweep tells of the earliest moment, where it decides.
    fn swept_moment(&self, entries: &[Entry], meter: &mut Meter) -> Option<Swept> {
        let each = entries.iter().copied();
        let search = Search::new(self.model, self.history, each, self.hints, meter, 0).ok()?;
        let mut most = meter.aside(meter.left().saturating_mul(SWEPT_PER_STEP / 2));
        let culprit = search.swept_culprit(&mut most);
        meter.spend(most.steps() / SWEPT_PER_STEP);
        let moment = self.history[culprit?].ret?;
        Some(match self.is_unclear_at(entries, moment) {
            true => Swept::NotBefore(moment),
            false => Swept::First(moment),
        })
    }
}
