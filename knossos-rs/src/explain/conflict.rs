//! The earliest impossible moment, from a few operations that are a violation by themselves.
//!
//! The zones tell such operations and cost little for a whole history. By the moment that
//! makes the few impossible, the history is impossible (unless something still open then might
//! have changed what, as its answer told later, it did not). If it was possible just before, that
//! is the earliest such moment; if not, earlier ones are probed by [halving](super::halving), and
//! each time the zones tell other operations, which may be impossible earlier still. (After a split
//! brain, every second read is: one after the other would take too long.)

use super::Question;
use super::halving::Halving;
use super::moment::{Clue, Moment};
use crate::limits::Meter;
use crate::model::Model;
use crate::search::Entry;
use crate::zones::{self, Finding};

impl<M: Model> Question<'_, M> {
    /// The earliest moment by which no order exists, given operations that have none; first for
    /// all entries, then for the few alone, if the moment is theirs. `None` if the meter runs out
    /// before.
    pub(super) fn moment_of_conflict(
        &self,
        entries: &[Entry],
        conflict: &[usize],
        meter: &mut Meter,
    ) -> Option<(Moment, Option<Moment>)> {
        let moments = self.moments(entries);
        let place_of = |moment: u64| moments.partition_point(|other| *other < moment);
        let few = self.first_of_conflict(entries, conflict, meter)?;
        let moment = few.culprit.ret?;
        if self.is_unclear_at(entries, moment) {
            return self.moment_of_all(entries, Clue::guess(moment), meter);
        }
        let mut halving = Halving::new(moments.len(), None);
        halving.impossible_at(place_of(moment));
        let mut few = Some(few);
        let mut explained = Vec::new();
        while let Some(place) = halving.next() {
            let known = self.by(entries, moments[place]);
            // About what a search would cost that never turns back.
            meter.spend(known.len() as u64);
            let found = zones::decide(self.model, self.history, known.iter().copied(), meter, 0);
            match found.ok()? {
                Some(Finding::Consistent(order)) => {
                    explained = order.into_indices();
                    halving.possible_at(place);
                }
                Some(Finding::Violation(conflict)) => {
                    halving.impossible_at(place);
                    let earlier = self.first_of_conflict(&known, &conflict, meter)?;
                    few = None;
                    if !self.is_unclear_at(entries, earlier.culprit.ret?) {
                        halving.impossible_at(place_of(earlier.culprit.ret?));
                        few = Some(earlier);
                    }
                }
                // What the zones decided once, they decide when less of it has happened, unless
                // reads that only the model knows do not fit in.
                None => {
                    let until = halving.impossible().map(|place| moments[place]);
                    return self.moment_of_all(
                        entries,
                        Clue {
                            guess: until,
                            until,
                        },
                        meter,
                    );
                }
            }
        }
        let moment = moments[halving.impossible()?];
        let whole = self.moment(entries, moment)?;
        let whole = Moment {
            explained: Some(explained),
            // Of several operations that returned then, the one of the conflict.
            culprit: few.as_ref().map_or(whole.culprit, |few| few.culprit),
            ..whole
        };
        Some((whole, few))
    }

    /// The moment that makes the conflict impossible, where nobody knows whether anything was
    /// impossible before.
    pub(super) fn conflict_alone(
        &self,
        entries: &[Entry],
        conflict: &[usize],
        meter: &mut Meter,
    ) -> Option<Moment> {
        if conflict.is_empty() {
            return None;
        }
        let few = self.first_of_conflict(entries, conflict, meter)?;
        Some(Moment {
            explained: None,
            ..few
        })
    }

    /// The earliest impossible moment, without the help of a conflict.
    fn moment_of_all(
        &self,
        entries: &[Entry],
        clue: Clue,
        meter: &mut Meter,
    ) -> Option<(Moment, Option<Moment>)> {
        let whole = self.earliest_moment(entries, clue, meter)?;
        whole.explained.is_some().then_some((whole, None))
    }

    /// Whether something was open at the moment that changed nothing, and might have.
    pub(super) fn is_unclear_at(&self, entries: &[Entry], moment: u64) -> bool {
        entries
            .iter()
            .filter(|entry| self.history[entry.index].call <= moment)
            .filter(|entry| entry.ret.is_some_and(|ret| ret > moment))
            .any(|entry| {
                self.is_read(*entry)
                    && !self.is_read(Entry {
                        ret: None,
                        ..*entry
                    })
            })
    }

    /// The earliest impossible moment of the conflict alone.
    fn first_of_conflict(
        &self,
        entries: &[Entry],
        conflict: &[usize],
        meter: &mut Meter,
    ) -> Option<Moment> {
        // Entries are in order of the history.
        let entry = |index: &usize| {
            let place = entries.binary_search_by_key(index, |entry| entry.index);
            entries[place.expect("a conflict is among the entries")]
        };
        let of_conflict: Vec<Entry> = conflict.iter().map(entry).collect();
        self.earliest_moment(&of_conflict, Clue::default(), meter)
    }
}
