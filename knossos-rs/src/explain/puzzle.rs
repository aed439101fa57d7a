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
//! It can begin in *any* state, for a window whose past is left out: then the first operation
//! that tells the state decides it, and one whose effect depends on the state leaves any state.

use std::collections::BTreeMap;

use super::Question;
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Leaves, Model};
use crate::search::Entry;

/// How many operations a puzzle has at most.
pub(super) const PIECES_MAX: usize = 256;

/// Any state at all.
const ANY: u32 = u32::MAX;

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

/// Operations to be put in order.
pub(super) struct Puzzle<'q, 'a, M: Model> {
    question: &'q Question<'a, M>,
    pieces: Vec<Piece>,
    states: Interner<M::State>,
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

impl<'q, 'a, M: Model> Puzzle<'q, 'a, M> {
    /// A puzzle of these operations, in order of their calls.
    pub(super) fn new(question: &'q Question<'a, M>, entries: &[Entry], start: Start) -> Self {
        let mut states = Interner::new();
        let initial = states.intern(question.model.initial()).0;
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
        pieces.sort_by_key(|piece| (piece.call, piece.index));
        Puzzle {
            question,
            pieces,
            states,
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
        let gone = self
            .pieces
            .iter()
            .zip(must)
            // What may have been read changes nothing.
            .map(|(piece, must)| !must && piece.is_read)
            .collect();
        let start = self.start;
        let mut hunt = Hunt {
            puzzle: self,
            must,
            failed: BTreeMap::new(),
            turns: 0,
            meter,
        };
        hunt.completes(gone, start)
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
        let operation = &self.question.history[index];
        let output = operation.output.as_ref().filter(|_| ret != u64::MAX);
        let model = self.question.model;
        let after = model.step(self.states.get(before), &operation.input, output)?;
        Some(self.states.intern(after).0)
    }
}

/// Failed configurations: who must still come, and the state; and then who might have.
type Failed = BTreeMap<(Vec<u64>, u32), Vec<Vec<u64>>>;

/// One search for an order.
struct Hunt<'h, 'q, 'a, M: Model> {
    puzzle: &'h mut Puzzle<'q, 'a, M>,
    must: &'h [bool],
    failed: Failed,
    turns: u64,
    meter: &'h mut Meter,
}

impl<M: Model> Hunt<'_, '_, '_, M> {
    /// Whether what is not gone can be put in order from this state.
    fn completes(&mut self, gone: Vec<bool>, state: u32) -> Option<bool> {
        self.meter.step();
        self.turns += 1;
        if self.meter.is_out_of_steps()
            || (self.turns.is_multiple_of(TURNS_PER_LOOK) && self.meter.ran_out(0).is_some())
        {
            return None;
        }
        let pieces = &self.puzzle.pieces;
        let left = |piece: &usize| !gone[*piece];
        let must_come = |piece: &usize| !gone[*piece] && self.must[*piece];
        let Some(first_return) = (0..pieces.len())
            .filter(must_come)
            .map(|piece| pieces[piece].ret)
            .min()
        else {
            return Some(true);
        };
        let mut candidates: Vec<usize> = (0..pieces.len())
            .filter(left)
            .filter(|piece| pieces[*piece].call <= first_return)
            .collect();
        if let Some(read) = self.fitting_read(&candidates, state) {
            return self.completes(self.without(&gone, read), state);
        }
        let key = (bits(&gone, self.must, true), state);
        let may = bits(&gone, self.must, false);
        if let Some(failed) = self.failed.get(&key)
            && failed.iter().any(|other| is_subset(&may, other))
        {
            return Some(false);
        }
        candidates.sort_by_key(|piece| (!self.must[*piece], self.puzzle.pieces[*piece].ret));
        for piece in candidates {
            self.meter.step();
            let Some(after) = self.puzzle.step(state, piece) else {
                continue;
            };
            if !self.must[piece] && after == state {
                continue;
            }
            if self.completes(self.without(&gone, piece), after)? {
                return Some(true);
            }
        }
        self.failed.entry(key).or_default().push(may);
        Some(false)
    }

    /// A read that fits, if nothing has to come before it: it can come first in any order.
    fn fitting_read(&self, candidates: &[usize], state: u32) -> Option<usize> {
        let pieces = &self.puzzle.pieces;
        let fits = |piece: &usize| {
            let piece = &pieces[*piece];
            piece.is_read && piece.needs == Some(state)
        };
        candidates
            .iter()
            .copied()
            .filter(|piece| self.must[*piece])
            .find(|read| {
                let call = pieces[*read].call;
                fits(read) && !candidates.iter().any(|other| pieces[*other].ret < call)
            })
    }

    /// What is gone once the piece is taken: it, and what may only have come before it.
    fn without(&self, gone: &[bool], taken: usize) -> Vec<bool> {
        let pieces = &self.puzzle.pieces;
        let call = pieces[taken].call;
        (0..pieces.len())
            .map(|piece| {
                let is_over = !self.must[piece] && pieces[piece].ret < call;
                gone[piece] || piece == taken || is_over
            })
            .collect()
    }
}

/// The pieces that are left and must, or may, come, as bits.
fn bits(gone: &[bool], must: &[bool], which: bool) -> Vec<u64> {
    let mut words = vec![0; gone.len().div_ceil(64)];
    for (piece, (gone, must)) in gone.iter().zip(must).enumerate() {
        if !gone && *must == which {
            words[piece / 64] |= 1 << (piece % 64);
        }
    }
    words
}

fn is_subset(small: &[u64], large: &[u64]) -> bool {
    small
        .iter()
        .zip(large)
        .all(|(small, large)| small & !large == 0)
}
