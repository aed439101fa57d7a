//! Down to the earliest impossible moment, from one that is known to be impossible.
//!
//! That a moment is impossible can often be seen from a few operations shortly before it
//! ([`contradiction`](super::contradiction)), however long the history is; that one is possible,
//! from an order that a search finds without turning back much. What such a search cannot do is
//! to turn back through all of a long history. So it is let go only a little way, and where it
//! ends says who is suspect: what fitted nowhere, what needs a state that must not be left, the
//! read that the state can no longer become. If one of them is in a contradiction, the moment
//! at which it returned is impossible, and the search has to show only that what came before is
//! not. (After a split brain, later stale reads mislead it; once they are cut off, they do not.)

use super::moment::Moment;
use super::question::Question;
use crate::entry::Entry;
use crate::evidence::Evidence;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::search::{Outcome, Search};
use crate::zones::{self, Finding};

/// How many moments are tried one after the other.
const STAGES_MAX: usize = 24;

/// How many operations of each kind of suspect are looked at.
const SUSPECTS_MAX: usize = 4;

/// What one search may cost, in steps for each operation and in any case.
const STEPS_PER_OPERATION: u64 = 8;
const STEPS_BASE: u64 = 4_000;

/// What seeing whether suspects are in a contradiction may cost, in steps.
const STEPS_OF_SUSPECTS: u64 = 60_000;

/// What a search found that goes a little way.
enum Dive {
    /// An order.
    Possible(Vec<usize>),
    /// There is none, and here it ended.
    Impossible(Evidence),
    /// Nobody knows, and here it ended.
    Unclear(Evidence),
}

/// What going down led to.
pub(super) enum Descent {
    /// The earliest impossible moment.
    Found(Moment),
    /// By this moment no order exists; if there is an earlier one, it could not be found so.
    Stopped(Option<u64>),
}

impl<M: Model> Question<'_, M> {
    /// Looks for the earliest impossible moment of operations that have no order, given where a
    /// search for one ended, if that is known.
    pub(super) fn descend(
        &self,
        entries: &[Entry],
        evidence: &Evidence,
        meter: &mut Meter,
    ) -> Descent {
        let mut until = None;
        let mut known = entries.to_vec();
        let mut ended = Some(evidence)
            .filter(|ended| !ended.stuck.is_empty())
            .cloned();
        for _ in 0..STAGES_MAX {
            let evidence = match ended
                .take()
                .map_or_else(|| self.dive(&known, meter), Dive::Unclear)
            {
                Dive::Possible(explained) => {
                    let moment = until.and_then(|until| self.moment(entries, until));
                    let Some(moment) = moment else {
                        return Descent::Stopped(None);
                    };
                    return Descent::Found(Moment {
                        culprit: self.last_straw(&moment, meter),
                        explained: Some(explained),
                        ..moment
                    });
                }
                Dive::Impossible(evidence) => {
                    let last = known.iter().filter_map(|entry| entry.ret).max();
                    until = last.or(until);
                    evidence
                }
                Dive::Unclear(evidence) => evidence,
            };
            let Some(impossible) = self.impossible_at_suspects(&known, &evidence, meter) else {
                break;
            };
            until = Some(impossible);
            known = match impossible.checked_sub(1) {
                Some(before) => self.by(entries, before),
                None => Vec::new(),
            };
        }
        Descent::Stopped(until)
    }

    /// Searches a little way.
    fn dive(&self, known: &[Entry], meter: &mut Meter) -> Dive {
        let each = || known.iter().copied();
        let nothing = || Dive::Unclear(Evidence::default());
        match zones::decide(self.model, self.history, each(), meter, 0) {
            Ok(Some(Finding::Consistent(order))) => {
                meter.spend(known.len() as u64);
                return Dive::Possible(order.into_indices());
            }
            Ok(Some(Finding::Violation(conflict))) => {
                meter.spend(known.len() as u64);
                return Dive::Impossible(Evidence {
                    stuck: conflict,
                    ..Evidence::default()
                });
            }
            Ok(None) => {}
            Err(_) => return nothing(),
        }
        let steps = STEPS_BASE + STEPS_PER_OPERATION * known.len() as u64;
        let mut own = meter.aside(steps.min(meter.left()));
        let Ok(mut search) = Search::new(self.model, self.history, each(), self.hints, &own, 0)
        else {
            return nothing();
        };
        let outcome = search.run(&mut own, u64::MAX, 0);
        let order = match outcome {
            Outcome::Consistent => search.order().or_else(|| search.run_for_order(&mut own)),
            _ => None,
        };
        meter.spend(own.steps());
        match (outcome, order) {
            (_, Some(order)) => Dive::Possible(order),
            (Outcome::Violation, None) => Dive::Impossible(Evidence::of(&search)),
            (_, None) => Dive::Unclear(Evidence::of(&search)),
        }
    }

    /// The earliest moment that is impossible because of what is suspect where a search ended.
    pub(super) fn impossible_at_suspects(
        &self,
        known: &[Entry],
        ended: &Evidence,
        meter: &mut Meter,
    ) -> Option<u64> {
        let mut side = meter.aside(STEPS_OF_SUSPECTS.min(meter.left()));
        let mut moments: Vec<u64> = self
            .suspects_where(known, ended)
            .into_iter()
            .filter_map(|suspect| suspect.ret)
            .collect();
        moments.sort_unstable();
        moments.dedup();
        let is_impossible = |moment: &u64| {
            let moment = self.moment(known, *moment);
            moment.is_some_and(|moment| self.contradiction(&moment, &mut side).is_some())
        };
        let found = moments.into_iter().find(is_impossible);
        meter.spend(side.steps());
        found
    }

    /// Who is suspect where a search ended.
    fn suspects_where(&self, known: &[Entry], ended: &Evidence) -> Vec<Entry> {
        let is_ordered = Marks::of(&ended.ordered, self.history.len());
        let left = || {
            let left = known.iter().filter(|entry| entry.ret.is_some());
            left.filter(|entry| !is_ordered.has(entry.index)).copied()
        };
        let is_stuck = Marks::of(&ended.stuck, self.history.len());
        let stuck = left().filter(|entry| is_stuck.has(entry.index));
        let mut suspects = returned_by(stuck.collect(), SUSPECTS_MAX);
        let state = self.state_after(known, &ended.ordered);
        let needs_it = left().filter(|entry| {
            let footprint = self.footprint(*entry);
            state.is_some() && footprint.needs == state
        });
        suspects.extend(returned_by(needs_it.collect(), SUSPECTS_MAX));
        let telling = left().filter(|entry| {
            let footprint = self.footprint(*entry);
            footprint.needs.is_some() && footprint.leaves == Leaves::Same
        });
        suspects.extend(telling.min_by_key(|entry| self.history[entry.index].call));
        suspects
    }

    /// The state after these operations one after the other.
    fn state_after(&self, known: &[Entry], ordered: &[usize]) -> Option<M::State> {
        let is_returned = Marks::of_returned(known, self.history.len());
        ordered
            .iter()
            .try_fold(self.initial(known), |state, index| {
                let operation = &self.history[*index];
                let output = operation.output.as_ref();
                let output = output.filter(|_| is_returned.has(*index));
                self.model.step(&state, &operation.input, output)
            })
    }
}

/// The operations that returned first, so many at most, ascending.
fn returned_by(entries: Vec<Entry>, most: usize) -> Vec<Entry> {
    let mut first = entries;
    first.sort_unstable_by_key(|entry| (entry.ret, entry.index));
    first.truncate(most);
    first
}

/// Some operations of the history.
struct Marks(Vec<u64>);

impl Marks {
    fn of(indices: &[usize], operations: usize) -> Marks {
        let mut marks = Marks(vec![0; operations.div_ceil(64)]);
        indices.iter().for_each(|index| marks.add(*index));
        marks
    }

    /// Those of which the outcome is known.
    fn of_returned(entries: &[Entry], operations: usize) -> Marks {
        let mut marks = Marks::of(&[], operations);
        let returned = entries.iter().filter(|entry| entry.ret.is_some());
        returned.for_each(|entry| marks.add(entry.index));
        marks
    }

    fn add(&mut self, index: usize) {
        self.0[index / 64] |= 1 << (index % 64);
    }

    fn has(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 == 1
    }
}
