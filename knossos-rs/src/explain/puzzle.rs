//! A few operations, of which some *must* have taken effect and the others *may* have.
//!
//! To say that some operations contradict each other, whatever else took effect, needs more
//! than leaving the others out: a read whose write is left out is a contradiction that explains
//! nothing. So the others stay as operations that may have taken effect, between call and
//! return and with the answer they gave, or not at all. An operation of unknown outcome always
//! only may.
//!
//! The search is depth first with a memory, over at most [`PIECES_MAX`] operations. A
//! configuration fails if one with the same state, the same operations that must still come,
//! and at least the same that may still come, has failed. Operations that may have taken effect
//! and ended before the call of one already taken no longer count.
//!
//! Where all that counts are reads and blind writes, and the search does not end soon, the
//! operations are [swept](crate::search::Sweep) instead.
//!
//! It can begin in *any* state, for a window whose past is left out: then the first operation
//! that tells the state decides it, and one whose effect depends on the state leaves any state.

use std::collections::BTreeMap;

pub(super) use super::pieces::PIECES_MAX;
use super::pieces::Pieces;
use super::question::Question;
use crate::entry::Entry;
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::search::{Deed, Outcome, Sweep};
use crate::watch::Watch;

/// Any state at all.
const ANY: u32 = u32::MAX;

/// How many steps the search has before the operations are swept.
const STEPS_BEFORE_SWEEP: u64 = 500;

/// How many turns pass between two looks at the clock.
const TURNS_PER_LOOK: u64 = 256;

/// An operation of the puzzle.
struct Piece {
    index: usize,
    call: u64,
    /// `u64::MAX` if its outcome is unknown.
    ret: u64,
    needs: Option<u32>,
    always: Option<u32>,
    is_read: bool,
}

impl Piece {
    /// The piece in the terms of the sweep, if it reads one value, or writes one whatever it finds.
    fn deed(&self) -> Option<Deed> {
        let value = match (self.is_read, self.needs, self.always) {
            (true, needed, _) => needed,
            (false, None, written) => written,
            (false, Some(_), _) => None,
        };
        Some(Deed {
            call: self.call,
            ret: self.ret,
            value: value?,
            is_write: !self.is_read,
            must: false,
        })
    }
}

/// Puts the pieces in order of their calls; their numbers in order of their returns, and what
/// returned before each was called.
fn in_order(pieces: &mut [Piece]) -> (Vec<usize>, Vec<Pieces>) {
    pieces.sort_by_key(|piece| (piece.call, piece.index));
    let mut by_return: Vec<usize> = (0..pieces.len()).collect();
    by_return.sort_by_key(|piece| pieces[*piece].ret);
    let before = pieces
        .iter()
        .map(|later| Pieces::of(|piece| pieces[piece].ret < later.call, pieces.len()))
        .collect();
    (by_return, before)
}

/// Operations to be put in order.
pub(super) struct Puzzle<'q, 'a, M: Model> {
    question: &'q Question<'a, M>,
    pieces: Vec<Piece>,
    /// The numbers of the pieces by their returns.
    by_return: Vec<usize>,
    /// What returned before each piece was called.
    before: Vec<Pieces>,
    states: Interner<M::State>,
    /// The pieces in the terms of the sweep, if all have any.
    deeds: Option<Vec<Deed>>,
    /// The state after each piece in each state in which it was tried.
    steps: BTreeMap<(u32, usize), Option<u32>>,
    start: u32,
}

/// Where the state starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// In the initial state of the model.
    Initial,
    /// In any state.
    Anywhere,
}

impl<M: Model> Question<'_, M> {
    /// The state in which the part that these operations touch begins.
    pub(super) fn initial(&self, entries: &[Entry]) -> M::State {
        entries.first().map_or_else(
            || self.model.initial(),
            |first| self.model.initial_of(&self.history[first.index].input),
        )
    }
}

impl<'q, 'a, M: Model> Puzzle<'q, 'a, M> {
    /// A puzzle of these operations, in order of their calls.
    pub(super) fn new(question: &'q Question<'a, M>, entries: &[Entry], start: Start) -> Self {
        let mut states = Interner::new();
        let initial = states.intern(question.initial(entries)).0;
        let mut pieces: Vec<Piece> = entries
            .iter()
            .map(|entry| {
                let footprint = question.footprint(*entry);
                Piece {
                    index: entry.index,
                    call: question.history[entry.index].call,
                    ret: entry.ret.unwrap_or(u64::MAX),
                    needs: footprint.needs.map(|state| states.intern(state).0),
                    is_read: footprint.leaves == Leaves::Same,
                    always: match footprint.leaves {
                        Leaves::Always(state) => Some(states.intern(state).0),
                        _ => None,
                    },
                }
            })
            .collect();
        assert!(pieces.len() <= PIECES_MAX, "as many as a puzzle may have");
        let (by_return, before) = in_order(&mut pieces);
        let deeds = pieces.iter().map(Piece::deed).collect();
        Puzzle {
            question,
            pieces,
            by_return,
            before,
            states,
            deeds,
            steps: BTreeMap::new(),
            start: match start {
                Start::Initial => initial,
                Start::Anywhere => ANY,
            },
        }
    }

    /// The operations, as indices into the history.
    pub(super) fn indices(&self) -> Vec<usize> {
        self.pieces.iter().map(|piece| piece.index).collect()
    }

    /// Whether there is an order in which these must take effect and the others may; `None` if
    /// the meter runs out before. `must` says it of each piece, in order of the indices.
    pub(super) fn has_order(&mut self, must: &[bool], meter: &mut Meter) -> Option<bool> {
        if self.deeds.is_some() {
            let mut few = meter.aside(STEPS_BEFORE_SWEEP.min(meter.left()));
            let hunted = self.hunt(must, &mut few);
            meter.spend(few.steps());
            if let Some(found) = hunted.or_else(|| self.sweep(must, meter)) {
                return Some(found);
            }
        }
        self.hunt(must, meter)
    }

    /// As [`Puzzle::has_order`], by the sweep; `None` also if the pieces are not of its kind.
    pub(super) fn sweep(&self, must: &[bool], meter: &mut Meter) -> Option<bool> {
        let with_must = |(deed, must): (&Deed, &bool)| Deed {
            must: *must,
            ..*deed
        };
        let deeds: Vec<Deed> = self
            .deeds
            .as_ref()?
            .iter()
            .zip(must)
            .map(with_must)
            .collect();
        let starts = match self.start {
            ANY => 0..self.states.len() as u32,
            start => start..start + 1,
        };
        let mut sweep = Sweep::new(&deeds, starts, &mut Watch::new(meter, 0)).ok()?;
        match sweep.run(meter, u64::MAX, 0) {
            Outcome::Consistent => Some(true),
            Outcome::Violation => Some(false),
            Outcome::Paused | Outcome::RanOut(_) => None,
        }
    }

    /// As [`Puzzle::has_order`], by the search.
    pub(super) fn hunt(&mut self, must: &[bool], meter: &mut Meter) -> Option<bool> {
        let count = self.pieces.len();
        let must_come = Pieces::of(|piece| must[piece], count);
        // What may have been read changes nothing.
        let left = Pieces::of(|piece| must[piece] || !self.pieces[piece].is_read, count);
        let start = self.start;
        let mut hunt = Hunt {
            puzzle: self,
            must: must_come,
            failed: BTreeMap::new(),
            turns: 0,
            meter,
        };
        hunt.completes(left, start)
    }

    /// The state after the operation, if it is possible and worth it.
    fn step(&mut self, state: u32, piece: usize) -> Option<u32> {
        let Piece {
            index,
            ret,
            needs,
            always,
            ..
        } = self.pieces[piece];
        let before = match (state, needs) {
            (ANY, None) => return Some(always.unwrap_or(ANY)),
            (ANY, Some(needed)) => needed,
            (state, Some(needed)) if state != needed => return None,
            (state, _) => state,
        };
        if let Some(after) = self.steps.get(&(before, piece)) {
            return *after;
        }
        let operation = &self.question.history[index];
        let output = operation.output.as_ref().filter(|_| ret != u64::MAX);
        let model = self.question.model;
        let after = model.step(self.states.get(before), &operation.input, output);
        let after = after.map(|after| self.states.intern(after).0);
        self.steps.insert((before, piece), after);
        after
    }
}

/// Failed configurations: who must still come, and the state; and then who might have.
type Failed = BTreeMap<(Pieces, u32), Vec<Pieces>>;

/// One search for an order.
struct Hunt<'h, 'q, 'a, M: Model> {
    puzzle: &'h mut Puzzle<'q, 'a, M>,
    must: Pieces,
    failed: Failed,
    turns: u64,
    meter: &'h mut Meter,
}

impl<M: Model> Hunt<'_, '_, '_, M> {
    /// Whether what is left can be brought to an end from this state.
    fn completes(&mut self, left: Pieces, state: u32) -> Option<bool> {
        self.meter.step();
        self.turns += 1;
        if self.meter.is_out_of_steps()
            || (self.turns.is_multiple_of(TURNS_PER_LOOK) && self.meter.ran_out(0).is_some())
        {
            return None;
        }
        let must = left.and(&self.must);
        let mut by_return = self.puzzle.by_return.iter();
        let Some(first) = by_return.find(|piece| must.contains(**piece)) else {
            return Some(true);
        };
        let first_return = self.puzzle.pieces[*first].ret;
        let candidates = self.called_by(first_return, &left);
        if let Some(read) = self.fitting_read(&candidates, state) {
            return self.completes(self.after(&left, read), state);
        }
        let key = (must, state);
        let may = left.without(&self.must);
        if let Some(failed) = self.failed.get(&key)
            && failed.iter().any(|other| may.is_within(other))
        {
            return Some(false);
        }
        for is_must in [true, false] {
            for place in 0..self.puzzle.by_return.len() {
                let piece = self.puzzle.by_return[place];
                if !candidates.contains(piece) || self.must.contains(piece) != is_must {
                    continue;
                }
                self.meter.step();
                let Some(after) = self.puzzle.step(state, piece) else {
                    continue;
                };
                if !is_must && after == state {
                    continue;
                }
                if self.completes(self.after(&left, piece), after)? {
                    return Some(true);
                }
            }
        }
        self.failed.entry(key).or_default().push(may);
        Some(false)
    }

    /// What is left and was called by a moment.
    fn called_by(&self, moment: u64, left: &Pieces) -> Pieces {
        let pieces = &self.puzzle.pieces;
        let called = pieces.partition_point(|piece| piece.call <= moment);
        Pieces::of(|piece| left.contains(piece), called)
    }

    /// A read that fits, if nothing has to come before it: it can come first in any order.
    fn fitting_read(&self, candidates: &Pieces, state: u32) -> Option<usize> {
        candidates.and(&self.must).iter().find(|read| {
            let piece = &self.puzzle.pieces[*read];
            let fits = piece.is_read && piece.needs == Some(state);
            fits && candidates.and(&self.puzzle.before[*read]).is_empty()
        })
    }

    /// What is left once the piece is taken: neither it, nor what may only have come before it.
    fn after(&self, left: &Pieces, taken: usize) -> Pieces {
        let over = self.puzzle.before[taken].without(&self.must);
        let taken = Pieces::of(|piece| piece == taken, taken + 1);
        left.without(&over).without(&taken)
    }
}
