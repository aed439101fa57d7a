//! The earliest impossible moment, by deciding what had happened by some of them.
//!
//! That a moment is possible is often seen soon, and that one is impossible only once a search has
//! turned back through all there is. So a search is let go only a little way, and a moment about
//! which it does not tell is taken for impossible, until the one is found before which all is
//! possible. That one is searched to the end: mostly it is the only one of which that has to be
//! done. If it is possible after all, those after it are looked at with more patience.

use super::halving::Halving;
use super::moment::{Clue, Moment};
use super::question::Question;
use crate::entry::Entry;
use crate::limits::Meter;
use crate::model::Model;

/// What a search may cost at first, in steps for each operation and in any case; and how many
/// times more once that proved to be too little.
const STEPS_PER_OPERATION: u64 = 2;
const STEPS_BASE: u64 = 2_000;
const GROWTH: u64 = 3;

/// The moments of operations that have no order, and what is known of them, by their places.
struct Halved<'q, 'a, M: Model> {
    question: &'q Question<'a, M>,
    entries: &'q [Entry],
    moments: Vec<u64>,
    /// What a search may cost.
    patience: u64,
    /// The first that is known to be impossible.
    impossible: Option<usize>,
    /// An order of what had happened by the last that is known to be possible.
    explained: Option<Vec<usize>>,
}

impl<M: Model> Question<'_, M> {
    /// As [`Self::earliest_moment`], by halving.
    pub(super) fn halved(
        &self,
        entries: &[Entry],
        clue: Clue,
        meter: &mut Meter,
    ) -> Option<Moment> {
        let moments = self.moments(entries);
        let place_of = |moment: u64| moments.partition_point(|other| *other < moment);
        let guess = clue.guess.map(place_of);
        let mut halved = Halved {
            question: self,
            entries,
            patience: STEPS_BASE + STEPS_PER_OPERATION * entries.len() as u64,
            impossible: clue.until.map(place_of),
            explained: Some(Vec::new()),
            moments,
        };
        let place = halved.first_impossible(guess, meter)?;
        let moment = self.moment(entries, halved.moments[place])?;
        Some(Moment {
            culprit: self.last_straw(&moment, meter),
            explained: halved.explained,
            ..moment
        })
    }
}

impl<M: Model> Halved<'_, '_, M> {
    /// The first impossible place; if the meter runs out before, the first that is known to be
    /// impossible, unexplained.
    fn first_impossible(&mut self, guess: Option<usize>, meter: &mut Meter) -> Option<usize> {
        let mut halving = self.halving(guess);
        loop {
            let place = self.settle_for(&mut halving, meter)?;
            let is_last = place + 1 == self.moments.len();
            if is_last || self.impossible == Some(place) {
                return Some(place);
            }
            let before = meter.steps();
            match self.is_possible(place, meter.left(), meter) {
                Some(true) => {}
                Some(false) => return Some(place),
                None => {
                    self.explained = None;
                    return self.impossible;
                }
            }
            let own = meter.steps() - before;
            self.patience = own.max(self.patience).saturating_mul(GROWTH);
            halving = self.halving(guess).not_before(place + 1);
        }
    }

    /// What is known of the places, and nothing that was only taken to be so.
    fn halving(&self, guess: Option<usize>) -> Halving {
        let mut halving = Halving::new(self.moments.len(), guess);
        if let Some(impossible) = self.impossible {
            halving.impossible_at(impossible);
        }
        halving
    }

    /// The first place that is impossible or taken to be, all before it being possible.
    fn settle_for(&mut self, halving: &mut Halving, meter: &mut Meter) -> Option<usize> {
        while let Some(place) = halving.next() {
            match self.is_possible(place, self.patience, meter) {
                Some(true) => halving.possible_at(place),
                Some(false) | None => halving.impossible_at(place),
            }
        }
        halving.impossible()
    }

    /// Whether what had happened by then has an order; `None` if so many steps do not tell.
    fn is_possible(&mut self, place: usize, steps: u64, meter: &mut Meter) -> Option<bool> {
        let known = self.question.by(self.entries, self.moments[place]);
        let mut own = meter.aside(steps.min(meter.left()));
        let order = self.question.order_of(&known, &mut own);
        meter.spend(own.steps());
        let order = order?;
        let is_possible = order.is_some();
        match order {
            Some(order) => self.explained = Some(order),
            None => self.impossible = Some(place),
        }
        Some(is_possible)
    }
}
