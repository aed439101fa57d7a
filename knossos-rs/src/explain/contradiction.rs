//! The smallest set of operations that contradict each other.
//!
//! A *contradiction* is a set of completed operations of which no order exists, whatever else
//! took effect or did not ([`puzzle`](super::puzzle)). It is minimal if each of its operations
//! matters: were it not known whether that one took effect, an order would exist.
//!
//! It is looked for where it is cheap to find: in the culprit alone, then in ever larger
//! windows before the culprit's return whose past is left out (any state may have been), until one
//! of them takes too long to be looked through, then where a state was
//! [outgrown](super::outgrown), and only then in all that is left after [`narrowing`](super::narrow). In the end it is held against
//! everything that could bear upon it ([`Question::universe`]), where that is not too much.

use super::demand::Demand;
use super::moment::Moment;
use super::puzzle::{PIECES_MAX, Puzzle, Start};
use super::question::Question;
use crate::entry::Entry;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::sorting::{select_nth_by_key, sort_by_key};

/// The sizes of the windows, in operations.
const WINDOWS: [usize; 6] = [4, 8, 16, 32, 64, 128];

/// What one attempt may cost, in steps.
const STEPS_PER_ATTEMPT: u64 = 40_000;

/// What it may cost to see that there is something in a window at all, likewise.
const STEPS_PER_GLANCE: u64 = 4_000;

/// Operations that contradict each other, whatever else took effect.
pub(super) struct Contradiction {
    /// They, in order of their calls.
    pub(super) core: Vec<Entry>,
    /// Each of them is known to matter.
    pub(super) is_minimal: bool,
}

impl Contradiction {
    /// An operation that is a contradiction by itself, and the moment at which it is.
    pub(super) fn alone(only: Entry) -> (Moment, Contradiction) {
        let moment = Moment {
            entries: vec![only],
            culprit: only,
            explained: None,
        };
        let contradiction = Contradiction {
            core: vec![only],
            is_minimal: false,
        };
        (moment, contradiction)
    }
}

impl Contradiction {
    /// Of several operations that returned at the moment, one that is in the contradiction; the
    /// culprit of the moment, if none is.
    pub(super) fn culprit_of(&self, moment: &Moment) -> Entry {
        let culprit = moment.culprit;
        let is_it = |entry: &&Entry| entry.index == culprit.index;
        let returned = |entry: &&Entry| entry.ret == culprit.ret;
        let found = self.core.iter().find(is_it);
        let found = found.or_else(|| self.core.iter().find(returned));
        found.copied().unwrap_or(culprit)
    }
}

/// What was seen in some operations.
enum Sight {
    Contradiction(Contradiction),
    /// They do not contradict each other.
    Nothing,
    /// It took too long to tell.
    Blurred,
}

impl<M: Model> Question<'_, M> {
    /// A small contradiction in the culprit alone or shortly before its return, if one can be
    /// found.
    pub(super) fn contradiction(
        &self,
        moment: &Moment,
        meter: &mut Meter,
    ) -> Option<Contradiction> {
        let all = &moment.entries;
        if let Some(found) = self.settle(all, &[moment.culprit], None, STEPS_PER_GLANCE, meter) {
            return Some(found);
        }
        for size in WINDOWS {
            match self.in_window(moment, size, PIECES_MAX, meter) {
                Sight::Contradiction(found) => return Some(found),
                Sight::Nothing => {}
                // A larger window takes longer still.
                Sight::Blurred => break,
            }
        }
        self.outgrown(moment)
    }

    /// The contradiction in operations that are a violation by themselves, whatever else took
    /// effect.
    pub(super) fn contradiction_within(
        &self,
        moment: &Moment,
        few: &[Entry],
        meter: &mut Meter,
    ) -> Option<Contradiction> {
        self.settle(
            &moment.entries,
            &returned(few),
            Some(few),
            STEPS_PER_ATTEMPT,
            meter,
        )
    }

    /// The contradiction of these operations, if they are one and a glance shows it, made minimal.
    fn settle(
        &self,
        all: &[Entry],
        core: &[Entry],
        universe: Option<&[Entry]>,
        glance: u64,
        meter: &mut Meter,
    ) -> Option<Contradiction> {
        let own;
        let universe = match universe {
            Some(universe) => universe,
            None => {
                own = self.universe(all, core)?;
                &own
            }
        };
        if universe.len() > PIECES_MAX {
            return None;
        }
        let mut puzzle = Puzzle::new(self, universe, Start::Initial);
        match self.minimal(&mut puzzle, core, glance, meter) {
            Sight::Contradiction(found) => Some(found),
            Sight::Nothing | Sight::Blurred => None,
        }
    }

    /// The contradiction in the operations called last, if there is one, made minimal.
    fn in_window(
        &self,
        moment: &Moment,
        size: usize,
        pieces_max: usize,
        meter: &mut Meter,
    ) -> Sight {
        let call = |entry: &Entry| self.history[entry.index].call;
        let mut latest = returned(&moment.entries);
        if latest.len() < size / 2 {
            return Sight::Nothing;
        }
        if latest.len() > size {
            let cut = latest.len() - size;
            select_nth_by_key(&mut latest, cut, &|entry| (call(entry), entry.index));
            latest.drain(..cut);
        }
        if !latest.contains(&moment.culprit) {
            latest.push(moment.culprit);
        }
        let Some(start) = latest.iter().map(call).min() else {
            return Sight::Nothing;
        };
        let window: Vec<Entry> = moment
            .entries
            .iter()
            .filter(|entry| entry.ret.is_none_or(|ret| ret >= start))
            .filter(|entry| entry.ret.is_some() || !self.is_read(**entry))
            .copied()
            .collect();
        let Some(window) = self.within_puzzle(window, &mut latest, pieces_max) else {
            return Sight::Blurred;
        };
        let mut puzzle = Puzzle::new(self, &window, Start::Anywhere);
        let found = match self.minimal(&mut puzzle, &latest, STEPS_PER_GLANCE, meter) {
            Sight::Contradiction(found) => found,
            other => return other,
        };
        // With its past, a smaller one may show.
        let settled = self.settle(&moment.entries, &found.core, None, STEPS_PER_ATTEMPT, meter);
        Sight::Contradiction(settled.unwrap_or(Contradiction {
            is_minimal: false,
            ..found
        }))
    }

    /// Whether there is a contradiction in the operations called last, for so few pieces that a
    /// window has to be cut down.
    #[cfg(test)]
    pub(super) fn in_window_within(
        &self,
        moment: &Moment,
        size: usize,
        pieces_max: usize,
        meter: &mut Meter,
    ) -> bool {
        let sight = self.in_window(moment, size, pieces_max, meter);
        matches!(sight, Sight::Contradiction(_))
    }

    /// Of a window, as much as a puzzle holds and bears upon the operations called last, which may
    /// become fewer. `None` if that is too much.
    fn within_puzzle(
        &self,
        window: Vec<Entry>,
        latest: &mut Vec<Entry>,
        pieces_max: usize,
    ) -> Option<Vec<Entry>> {
        if window.len() <= pieces_max {
            return Some(window);
        }
        latest.retain(|entry| !matches!(self.demand(*entry), Demand::Everything));
        let few = self.without_repeats(window, latest.len());
        self.universe(&few, latest)
    }

    /// Without operations of unknown outcome of which there are enough like them: between two
    /// that must come, nothing that always leaves the same is of use twice.
    fn without_repeats(&self, window: Vec<Entry>, enough: usize) -> Vec<Entry> {
        let mut unknown: Vec<(Entry, usize)> = Vec::new();
        let mut kept: Vec<Entry> = Vec::new();
        let mut by_call = window;
        sort_by_key(&mut by_call, &|entry| {
            (self.history[entry.index].call, entry.index)
        });
        for entry in by_call {
            let leaves = self.footprint(entry).leaves;
            if entry.ret.is_some()
                || matches!(leaves, Leaves::Anything | Leaves::Same)
                || unknown.len() > PIECES_MAX
            {
                kept.push(entry);
                continue;
            }
            let input = &self.history[entry.index].input;
            let is_alike =
                |(other, _): &&mut (Entry, usize)| self.history[other.index].input == *input;
            match unknown.iter_mut().find(is_alike) {
                Some((_, count)) if *count >= enough => continue,
                Some((_, count)) => *count += 1,
                None => unknown.push((entry, 1)),
            }
            kept.push(entry);
        }
        kept
    }

    /// The smallest of the minimal contradictions that leaving out in several orders leads to.
    fn minimal(
        &self,
        puzzle: &mut Puzzle<M>,
        core: &[Entry],
        glance: u64,
        meter: &mut Meter,
    ) -> Sight {
        let indices = puzzle.indices();
        let must: Vec<bool> = indices
            .iter()
            .map(|index| core.iter().any(|entry| entry.index == *index))
            .collect();
        let mut attempt = meter.aside(STEPS_PER_ATTEMPT.min(meter.left()));
        let mut first = attempt.aside(glance.min(attempt.left()));
        let has_order = puzzle.has_order(&must, &mut first);
        attempt.spend(first.steps());
        if has_order != Some(false) {
            meter.spend(attempt.steps());
            return match has_order {
                Some(_) => Sight::Nothing,
                None => Sight::Blurred,
            };
        }
        let reads: Vec<bool> = indices
            .iter()
            .map(|index| {
                core.iter()
                    .any(|entry| entry.index == *index && self.is_read(*entry))
            })
            .collect();
        let mut best: Option<(Vec<bool>, bool)> = None;
        for order in orders(&must, &reads) {
            let (kept, is_minimal) = leave_out(puzzle, must.clone(), &order, &mut attempt);
            // Who overwrote it tells more than who saw that it was overwritten.
            let size = |kept: &[bool]| {
                let kept = || reads.iter().zip(kept).filter(|(_, kept)| **kept);
                (kept().count(), kept().filter(|(read, _)| **read).count())
            };
            let is_better = best.as_ref().is_none_or(|(other, other_is_minimal)| {
                (!is_minimal, size(&kept)) < (!other_is_minimal, size(other))
            });
            if is_better {
                best = Some((kept, is_minimal));
            }
        }
        meter.spend(attempt.steps());
        let (kept, is_minimal) = best.expect("several orders were tried");
        let core = indices
            .iter()
            .zip(kept)
            .filter(|(_, kept)| *kept)
            .filter_map(|(index, _)| core.iter().find(|entry| entry.index == *index))
            .copied()
            .collect();
        Sight::Contradiction(Contradiction { core, is_minimal })
    }
}

/// The operations that had returned.
fn returned(entries: &[Entry]) -> Vec<Entry> {
    let returned = entries.iter().filter(|entry| entry.ret.is_some());
    returned.copied().collect()
}

/// In which orders to let the pieces off that must be: the oldest first, the latest first, reads
/// last, and reads first.
fn orders(must: &[bool], reads: &[bool]) -> Vec<Vec<usize>> {
    let oldest_first: Vec<usize> = (0..must.len()).filter(|piece| must[*piece]).collect();
    let mut orders = vec![oldest_first; 4];
    orders[1].reverse();
    orders[2].sort_by_key(|piece| reads[*piece]);
    orders[3].sort_by_key(|piece| !reads[*piece]);
    orders
}

/// Lets operations off in this order as long as no order exists; and whether each that is left
/// is known to matter.
fn leave_out<M: Model>(
    puzzle: &mut Puzzle<M>,
    mut must: Vec<bool>,
    order: &[usize],
    meter: &mut Meter,
) -> (Vec<bool>, bool) {
    let mut is_minimal = true;
    let mut chunk = order.len().div_ceil(2).max(1);
    loop {
        for pieces in order.chunks(chunk) {
            let before = must.clone();
            for piece in pieces {
                must[*piece] = false;
            }
            if must == before {
                continue;
            }
            match puzzle.has_order(&must, meter) {
                Some(false) => {}
                Some(true) => must = before,
                None => {
                    must = before;
                    is_minimal &= chunk > 1;
                }
            }
        }
        if chunk == 1 {
            return (must, is_minimal);
        }
        chunk = chunk.div_ceil(2);
    }
}
