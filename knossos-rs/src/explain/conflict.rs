//! The earliest impossible moment, from a few operations that are a violation by themselves.
//!
//! The zones tell such operations and cost little for a whole history. By the moment that
//! makes the few impossible, the history is impossible (unless something else left what one of
//! them needs, or something still open then might have changed what, as its answer told later, it
//! did not: then that moment is only where the search begins). If it was possible just before, that
//! is the earliest such moment; if not, earlier ones are probed by [halving](super::halving), and
//! each time the zones tell other operations, which may be impossible earlier still. (After a split
//! brain, every second read is: one after the other would take too long.)

use super::halving::Halving;
use super::moment::{Clue, Moment};
use super::question::Question;
use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::zones::{self, Finding};

/// How large a conflict is looked into by itself: so many operations, and one of so many.
const FEW: usize = 64;
const ALL_PER_FEW: usize = 64;

/// What looking into the first conflict may cost, in probes of all operations.
const PROBES: u64 = 6;

/// What the zones tell of a moment.
enum Probe {
    /// What had happened by then has this order.
    Possible(Vec<usize>),
    /// It has none, which these few show by themselves, if they are few.
    Impossible(Option<Moment>),
    /// What the zones decided once, they decide when less of it has happened, unless reads that
    /// only the model knows do not fit in.
    Unclear,
}

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
        // One look into all of it is worth a few probes.
        let mut side = meter.aside(meter.left().min(PROBES * entries.len() as u64));
        let few = self.first_of(entries, conflict, &mut side);
        meter.spend(side.steps());
        let moment = match &few {
            Some(few) => few.culprit.ret?,
            None => self.last_return(conflict)?,
        };
        let of_conflict = || self.entries_of(entries, conflict);
        let alone = few
            .as_ref()
            .map_or_else(of_conflict, |few| few.entries.clone());
        if !self.tells_of_all(entries, &alone, moment) {
            return self.moment_of_all(entries, Clue::guess(moment), meter);
        }
        // Mostly it is the earliest, which one probe tells: all moments are put in order only
        // where it is not.
        let Some(before) = self.return_before(entries, moment) else {
            return self.at_conflict(entries, moment, Vec::new(), few);
        };
        match self.probe(entries, before, meter)? {
            Probe::Possible(explained) => self.at_conflict(entries, moment, explained, few),
            Probe::Impossible(few) => self.earlier_conflict(entries, before, few, meter),
            Probe::Unclear => self.moment_of_all(entries, Clue::until(moment), meter),
        }
    }

    /// The same, where none exists by a moment that the first conflict did not tell.
    fn earlier_conflict(
        &self,
        entries: &[Entry],
        impossible: u64,
        few: Option<Moment>,
        meter: &mut Meter,
    ) -> Option<(Moment, Option<Moment>)> {
        let moments = self.moments(entries);
        let place_of = |moment: u64| moments.partition_point(|other| *other < moment);
        let ends = |few: &Option<Moment>| few.as_ref().and_then(|few| few.culprit.ret);
        let mut few = few;
        let mut halving = Halving::new(moments.len(), None);
        halving.impossible_at(place_of(ends(&few).unwrap_or(impossible)));
        let mut explained = Vec::new();
        while let Some(place) = halving.next() {
            match self.probe(entries, moments[place], meter)? {
                Probe::Possible(order) => {
                    explained = order;
                    halving.possible_at(place);
                }
                Probe::Impossible(found) => {
                    let place = ends(&found).map_or(place, place_of);
                    halving.impossible_at(place);
                    few = found;
                }
                Probe::Unclear => {
                    let until = halving.impossible().map(|place| moments[place]);
                    let clue = until.map_or_else(Clue::default, Clue::until);
                    return self.moment_of_all(entries, clue, meter);
                }
            }
        }
        self.at_conflict(entries, moments[halving.impossible()?], explained, few)
    }

    /// What the zones tell of what had happened by a moment. `None` if the meter runs out.
    fn probe(&self, entries: &[Entry], moment: u64, meter: &mut Meter) -> Option<Probe> {
        let known = self.by(entries, moment);
        // About what a search would cost that never turns back.
        meter.spend(known.len() as u64);
        let found = zones::decide(self.model, self.history, known.iter().copied(), meter, 0);
        Some(match found.ok()? {
            Some(Finding::Consistent(order)) => Probe::Possible(order.into_indices()),
            Some(Finding::Violation(conflict)) => {
                let few = self.few_of(&known, &conflict, meter).filter(|few| {
                    let tells = |moment| self.tells_of_all(entries, &few.entries, moment);
                    few.culprit.ret.is_some_and(tells)
                });
                Probe::Impossible(few)
            }
            None => Probe::Unclear,
        })
    }

    /// The earliest impossible moment, of all and of the few that tell it.
    fn at_conflict(
        &self,
        entries: &[Entry],
        moment: u64,
        explained: Vec<usize>,
        few: Option<Moment>,
    ) -> Option<(Moment, Option<Moment>)> {
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
        let few = self.few_of(entries, conflict, meter)?;
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
        let nowhere = Evidence::default();
        let unwritten = || self.unwritten_by(entries, self.unwritten(entries));
        let clue = Clue {
            until: clue.until.or_else(unwritten),
            ended: Some(&nowhere),
            ..clue
        };
        let whole = self.earliest_moment(entries, clue, meter)?;
        whole.explained.is_some().then_some((whole, None))
    }

    /// Whether all are impossible by the moment by which these few are.
    fn tells_of_all(&self, entries: &[Entry], few: &[Entry], moment: u64) -> bool {
        !self.is_unclear_at(entries, moment) && self.is_closed(entries, few, moment)
    }

    /// Whether nothing but these few can have left by the moment what one of them needs.
    fn is_closed(&self, entries: &[Entry], few: &[Entry], moment: u64) -> bool {
        let mut needed = Interner::new();
        for entry in few {
            if let Some(state) = self.footprint(*entry).needs {
                needed.intern(state);
            }
        }
        // Both are in order of the history.
        let mut few = few.iter().map(|entry| entry.index).peekable();
        let is_other = |entry: &&Entry| few.next_if_eq(&entry.index).is_none();
        let others = entries.iter().filter(is_other);
        let is_called = |entry: &&Entry| self.history[entry.index].call <= moment;
        let mut others = others.filter(is_called);
        others.all(|other| match self.footprint(*other).leaves {
            Leaves::Always(left) | Leaves::Sometimes(left) => !needed.contains(&left),
            Leaves::Same => true,
            Leaves::Anything => false,
        })
    }

    /// Whether something was open at the moment that might have left what, as its answer told
    /// later, it did not.
    pub(super) fn is_unclear_at(&self, entries: &[Entry], moment: u64) -> bool {
        entries
            .iter()
            .filter(|entry| self.history[entry.index].call <= moment)
            .filter(|entry| entry.ret.is_some_and(|ret| ret > moment))
            .any(|entry| {
                let answered = self.footprint(*entry).leaves;
                let open = Entry {
                    ret: None,
                    ..*entry
                };
                match (answered, self.footprint(open).leaves) {
                    (_, Leaves::Same) => false,
                    (
                        Leaves::Always(one) | Leaves::Sometimes(one),
                        Leaves::Always(other) | Leaves::Sometimes(other),
                    ) => one != other,
                    _ => true,
                }
            })
    }

    /// The last return of any of the entries before the moment.
    fn return_before(&self, entries: &[Entry], moment: u64) -> Option<u64> {
        let returns = entries.iter().filter_map(|entry| entry.ret);
        returns.filter(|ret| *ret < moment).max()
    }

    /// The last return of any of these operations.
    fn last_return(&self, conflict: &[usize]) -> Option<u64> {
        let returns = conflict.iter().map(|index| self.history[*index].ret);
        returns.flatten().max()
    }

    /// The earliest impossible moment of the conflict alone, if it has so few operations that
    /// this says more than a probe of all.
    fn few_of(&self, entries: &[Entry], conflict: &[usize], meter: &mut Meter) -> Option<Moment> {
        if conflict.len() > FEW.max(entries.len() / ALL_PER_FEW) {
            return None;
        }
        self.first_of(entries, conflict, meter)
    }

    /// The earliest impossible moment of the conflict alone.
    fn first_of(&self, entries: &[Entry], conflict: &[usize], meter: &mut Meter) -> Option<Moment> {
        let of_conflict = self.entries_of(entries, conflict);
        self.earliest_moment(&of_conflict, Clue::default(), meter)
    }

    /// Those of the entries that are in the conflict.
    fn entries_of(&self, entries: &[Entry], conflict: &[usize]) -> Vec<Entry> {
        // Entries are in order of the history.
        let entry = |index: &usize| {
            let place = entries.binary_search_by_key(index, |entry| entry.index);
            entries[place.expect("a conflict is among the entries")]
        };
        conflict.iter().map(entry).collect()
    }
}
