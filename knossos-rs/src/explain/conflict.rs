//! The earliest impossible moment, from a few operations that are a violation by themselves.
//!
//! The zones tell such operations and cost little for a whole history. By the moment that
//! makes the few impossible, the history is impossible (unless something still open then might
//! have changed what, as its answer told later, it did not). If it was possible just before, that
//! is the earliest such moment; if not, the zones tell other operations, impossible earlier.

use super::Question;
use super::moment::Moment;
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
        let mut few = self.first_of_conflict(entries, conflict, meter)?;
        loop {
            let culprit = few.culprit;
            let moment = culprit.ret?;
            if self.is_unclear_at(entries, moment) {
                return self.moment_of_all(entries, moment, meter);
            }
            let before: Vec<Entry> = match moment.checked_sub(1) {
                Some(before) => self.by(entries, before),
                None => Vec::new(),
            };
            // About what a search would cost that never turns back.
            meter.spend(before.len() as u64);
            let conflict =
                match zones::decide(self.model, self.history, before.iter().copied(), meter, 0)
                    .ok()?
                {
                    Some(Finding::Consistent(order)) => {
                        let whole = Moment {
                            entries: self.by(entries, moment),
                            culprit,
                            explained: Some(order.into_indices()),
                        };
                        return Some((whole, Some(few)));
                    }
                    Some(Finding::Violation(conflict)) => conflict,
                    // What the zones decided once, they decide when less of it has happened, unless
                    // reads that only the model knows do not fit in.
                    None => return self.moment_of_all(entries, moment, meter),
                };
            few = self.first_of_conflict(&before, &conflict, meter)?;
        }
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
        guess: u64,
        meter: &mut Meter,
    ) -> Option<(Moment, Option<Moment>)> {
        let whole = self.earliest_moment(entries, Some(guess), meter)?;
        Some((whole, None))
    }

    /// Whether something was open at the moment that changed nothing, and might have.
    fn is_unclear_at(&self, entries: &[Entry], moment: u64) -> bool {
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
        self.earliest_moment(&of_conflict, None, meter)
    }
}
