//! The search itself: move after move, and back where none is left.

use super::configuration::Search;
use super::frame::{Frame, Move};
use super::growth::State;
use super::outcome::Outcome;
use super::twins::elder_twins;
use crate::limits::Meter;
use crate::model::Model;
use crate::report::Reason;

/// How many turns of the loop pass between two looks at clock and memory.
const TURNS_PER_LOOK: u64 = 256;

impl<M: Model> Search<'_, M> {
    /// Searches for about `slice` more steps. `elsewhere_bytes` is memory that counts, too.
    pub(crate) fn run(&mut self, meter: &mut Meter, slice: u64, elsewhere_bytes: usize) -> Outcome {
        let pause_at = meter.steps().saturating_add(slice);
        if !self.is_started {
            self.is_started = true;
            if self.ledger.is_hopeless(0) {
                return Outcome::Violation;
            }
            self.open_frame(0, 0, meter);
        }
        let mut turns = 0_u64;
        loop {
            if self.timeline.left() == 0 {
                return Outcome::Consistent;
            }
            if self.frames.is_empty() {
                return Outcome::Violation;
            }
            if turns.is_multiple_of(TURNS_PER_LOOK)
                && let Some(reason) = meter.ran_out(self.memory_bytes() + elsewhere_bytes)
            {
                return Outcome::RanOut(reason);
            }
            if meter.is_out_of_steps() {
                return Outcome::RanOut(Reason::Steps);
            }
            if meter.steps() >= pause_at {
                return Outcome::Paused;
            }
            if self.turns.is_due(meter)
                && let Some(outcome) = self.sweep(meter, elsewhere_bytes)
            {
                return outcome;
            }
            turns += 1;
            match (self.next_move(meter), self.interrupted) {
                (Some(next), _) => self.advance(next, meter),
                (None, Some(reason)) => return Outcome::RanOut(reason),
                (None, None) => self.retreat(),
            }
        }
    }

    /// Makes the move, unless where it leads is known to fail.
    fn advance(&mut self, next: Move, meter: &mut Meter) {
        let parent = self.frames.len() - 1;
        let trail_start = self.trail.len();
        let mut state = self.frames[parent].state;
        let mut is_dead = false;
        self.write_path(parent, next);
        for step in 0..self.path.len() {
            let (local, after) = self.path[step];
            self.take(local);
            is_dead |= after != state && self.ledger.must_stay(state);
            state = after;
        }
        debug_assert!(state == next.state);
        if !is_dead {
            self.open_frame(state, trail_start, meter);
            is_dead = self.timeline.left() > 0
                && (!self.can_grow(State::Number(state)) || self.is_known_to_fail(state));
            let settles = self.settles(parent, next);
            let frame = self.frames.last_mut().expect("just opened");
            frame.settles_parent = settles;
            if !is_dead {
                return;
            }
            self.frames.pop();
            if settles {
                self.frames[parent].give_up();
            }
        }
        self.undo_to(trail_start);
    }

    /// Gives up the last frame: nothing completes its configuration.
    fn retreat(&mut self) {
        let known = self.part.known - self.timeline.left();
        if known > self.deepest.known || self.deepest.candidates.is_empty() {
            let mut walk = self.timeline.walk();
            self.deepest.known = known;
            self.deepest.trail.clone_from(&self.trail);
            self.deepest.candidates = std::iter::from_fn(|| walk.step(&self.timeline)).collect();
        }
        if !self.has_turned_back() {
            self.twins = Some(elder_twins(&self.part));
        }
        let frame = self.frames.pop().expect("a frame to retreat from");
        self.write_key(frame.state);
        self.memo.insert(&self.key, &self.used);
        self.alternatives -= frame.alternatives.len();
        self.undo_to(frame.trail_start);
        if frame.settles_parent
            && let Some(parent) = self.frames.last_mut()
        {
            parent.give_up();
        }
    }

    /// Opens a frame for the configuration reached, after taking every read that fits.
    fn open_frame(&mut self, state: u32, trail_start: usize, meter: &mut Meter) {
        let next_read = self.frames.last().map_or(0, |frame| frame.next_read);
        let mut walk = self.timeline.walk();
        let mut is_awaited = self.ledger.is_wished(state);
        while let Some(local) = walk.peek(&self.timeline) {
            if self.part.local(local).is_read && self.reads(state, local, meter) {
                self.take(local);
                continue;
            }
            let operation = self.part.local(local);
            is_awaited |= !operation.is_read && operation.needs == Some(state);
            walk.keep(local);
        }
        let next_read = self.next_read_after(next_read);
        let frame = Frame::new(state, trail_start, is_awaited, next_read);
        self.frames.push(frame);
    }
}
