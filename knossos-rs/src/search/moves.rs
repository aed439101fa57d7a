//! Moves: which one to try next from a configuration.
//!
//! The moves of a configuration are tried in this order.
//!
//! 1. Once the search has turned back: a move that is never regretted ([`super::settle`]).
//! 2. If the first candidate in order of hints is an unknown operation, use it: the caller
//!    believes that it took effect here.
//! 3. The known candidates, in order of rank.
//! 4. *Alternatives*: unknown operations first, then a known one. Alternatives are made breadth
//!    first, so that fewer unknown operations come before more, and each only if it reaches a
//!    state that no alternative with a subset of its operations reaches.
//!
//! Steps 3 and 4 cover steps 1 and 2, which are preferences only.

use super::configuration::Search;
use super::frame::{Alternative, Move, Stage};
use super::growth::State;
use crate::limits::Meter;
use crate::model::Model;

/// So many comparisons of alternatives take about as long as a step.
const COMPARED_PER_STEP: u64 = 64;
/// So many take some milliseconds.
const COMPARED_PER_LOOK: u64 = 1 << 22;

impl<M: Model> Search<'_, M> {
    /// The next move to try in the last frame, if any is left.
    pub(super) fn next_move(&mut self, meter: &mut Meter) -> Option<Move> {
        let top = self.frames.len() - 1;
        loop {
            match self.frames[top].stage {
                Stage::Settling => {
                    self.frames[top].stage = Stage::Hinted;
                    // As long as the first guess is right, no better one is looked for.
                    if self.has_turned_back()
                        && let Some(next) = self.settling_move()
                    {
                        return Some(next);
                    }
                }
                Stage::Hinted => {
                    self.frames[top].stage = Stage::Known;
                    if let Some(next) = self.hinted_move(top, meter) {
                        return Some(next);
                    }
                }
                Stage::Known => {
                    if let Some(next) = self.known_move(top, meter) {
                        return Some(next);
                    }
                    self.frames[top].stage = Stage::Unknown;
                }
                Stage::Unknown => {
                    // A read that fitted an alternative has settled it.
                    if self.frames[top].cursor != u32::MAX {
                        self.add_alternatives(top, meter);
                    }
                    // One frame can have more alternatives than there is time for.
                    self.interrupted = meter.ran_out(self.memory_bytes());
                    if self.interrupted.is_some() {
                        return None;
                    }
                    let frame = &mut self.frames[top];
                    frame.alternative += 1;
                    frame.cursor = 0;
                    frame.stage = if frame.alternative <= frame.alternatives.len() {
                        Stage::Known
                    } else {
                        Stage::GivenUp
                    };
                }
                Stage::GivenUp => return None,
            }
        }
    }

    /// Writes the operations of a move with the state after each to [`Search::path`].
    pub(super) fn write_path(&mut self, frame: usize, next: Move) {
        self.path.clear();
        self.path.push((next.local, next.state));
        let chain = self.frames[frame].chain(next.alternative);
        self.path.extend(chain.map(|link| (link.local, link.state)));
        self.path.reverse();
    }

    /// The unknown operation that the hints put before every known candidate, if it does
    /// anything.
    fn hinted_move(&mut self, top: usize, meter: &mut Meter) -> Option<Move> {
        let (mut first_known, mut first_return) = (u32::MAX, u64::MAX);
        if self.part.hinted.is_empty() {
            return None;
        }
        let mut walk = self.timeline.walk();
        while let Some(local) = walk.step(&self.timeline) {
            first_known = first_known.min(self.part.local(local).rank);
            first_return = first_return.min(self.part.local(local).ret);
        }
        for index in 0..self.part.hinted.len() {
            let local = self.part.hinted[index];
            let operation = self.part.local(local);
            if operation.rank > first_known {
                return None;
            }
            if operation.call > first_return || self.is_used(local) {
                continue;
            }
            let state = self.frames[top].state;
            if let Some(after) = self.step(state, local, meter)
                && after != state
            {
                return Some(Move::alone(local, after));
            }
        }
        None
    }

    /// The next known candidate that fits the present alternative.
    fn known_move(&mut self, top: usize, meter: &mut Meter) -> Option<Move> {
        let alternative = self.frames[top].alternative;
        let state = self.frames[top].state_of(alternative);
        if alternative > 0
            && self.frames[top].cursor == 0
            && let Some(local) = self.fitting_read(state, meter)
        {
            self.frames[top].cursor = u32::MAX;
            return Some(Move {
                alternative,
                local,
                state,
            });
        }
        while let Some(local) = self.candidate_from(self.frames[top].cursor, alternative) {
            self.frames[top].cursor = self.part.local(local).rank + 1;
            if let Some(after) = self.step(state, local, meter) {
                return Some(Move {
                    alternative,
                    local,
                    state: after,
                });
            }
        }
        None
    }

    /// A read among the candidates that fits the state.
    fn fitting_read(&mut self, state: u32, meter: &mut Meter) -> Option<u32> {
        let mut walk = self.timeline.walk();
        while let Some(local) = walk.step(&self.timeline) {
            if self.part.local(local).is_read && self.reads(state, local, meter) {
                return Some(local);
            }
        }
        None
    }

    /// The known candidate of least rank from `cursor` on that is worth trying. Reads that fit
    /// have been taken; blind writes after unknown operations do no more than without them.
    fn candidate_from(&self, cursor: u32, alternative: usize) -> Option<u32> {
        let mut walk = self.timeline.walk();
        let mut best: Option<(u32, u32)> = None;
        while let Some(local) = walk.step(&self.timeline) {
            let operation = self.part.local(local);
            if operation.rank < cursor
                || best.is_some_and(|(rank, _)| rank < operation.rank)
                || operation.is_read
                || (alternative > 0 && operation.is_blind)
            {
                continue;
            }
            let elder = self.twins.as_ref().and_then(|twins| twins[local as usize]);
            if elder.is_none_or(|elder| !self.timeline.contains(elder)) {
                best = Some((operation.rank, local));
            }
        }
        best.map(|(_, local)| local)
    }

    /// Adds the alternatives with one unknown operation more than the present one.
    fn add_alternatives(&mut self, top: usize, meter: &mut Meter) {
        let parent = self.frames[top].alternative;
        let before = self.frames[top].state_of(parent);
        if self.part.unknown() == 0 || (parent == 0 && self.ledger.must_stay(before)) {
            return;
        }
        let Some(first) = self.timeline.first_to_return() else {
            return;
        };
        let first_return = self.part.local(first).ret;
        let mut chain: Vec<u32> = self.frames[top]
            .chain(parent)
            .map(|link| link.local)
            .collect();
        chain.sort_unstable();
        for local in self.part.known as u32..self.part.locals.len() as u32 {
            let operation = self.part.local(local);
            if operation.call > first_return {
                break;
            }
            let is_free = |local| !self.is_used(local) && chain.binary_search(&local).is_err();
            let elder = self.twins.as_ref().and_then(|twins| twins[local as usize]);
            if !is_free(local) || elder.is_some_and(is_free) || (parent > 0 && operation.is_blind) {
                continue;
            }
            let Some(state) = self.step(before, local, meter) else {
                continue;
            };
            if self.compares(top, meter) {
                return;
            }
            if !self.is_covered(top, state, &chain, local) {
                self.frames[top].alternatives.push(Alternative {
                    state,
                    local,
                    parent,
                });
                self.alternatives += 1;
            }
        }
    }

    /// One more alternative is about to be compared with all others of its frame, which can be
    /// millions: that counts, and whoever does it for long looks whether there is time.
    fn compares(&mut self, top: usize, meter: &mut Meter) -> bool {
        let others = self.frames[top].alternatives.len() as u64;
        meter.spend(others / COMPARED_PER_STEP);
        self.compared += others;
        if self.compared < COMPARED_PER_LOOK {
            return false;
        }
        self.compared = 0;
        meter.ran_out(self.memory_bytes()).is_some()
    }

    /// Whether an alternative reaches the state with no other operations than these.
    fn is_covered(&self, top: usize, state: u32, chain: &[u32], local: u32) -> bool {
        let frame = &self.frames[top];
        (0..=frame.alternatives.len()).any(|alternative| {
            frame.state_of(alternative) == state
                && frame
                    .chain(alternative)
                    .all(|link| link.local == local || chain.binary_search(&link.local).is_ok())
        })
    }

    /// The number of the state after the operation in the last frame, if the model allows it and
    /// what is left allows that state.
    fn step(&mut self, state: u32, local: u32, meter: &mut Meter) -> Option<u32> {
        if let Some(needed) = self.part.local(local).needs
            && needed != state
        {
            return None;
        }
        meter.step();
        let operation = self.part.local(local);
        if operation.is_sure {
            return operation.produces;
        }
        let after = self.part.step(self.states.get(state), local)?;
        if self.part.local(local).is_wild && !self.can_grow(State::New(&after)) {
            return None;
        }
        Some(self.intern(after))
    }
}
