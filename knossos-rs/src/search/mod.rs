//! The search for an order: depth first, with a memory, on an explicit stack.
//!
//! The procedure of Wing and Gong ("Testing and verifying concurrent objects", 1993) takes one
//! of the operations that may come next, as long as the model allows it, and turns back where
//! none fits; Lowe ("Testing for linearizability", 2017) remembers what failed. To that are
//! added some rules. Each keeps this promise: *when a configuration is given up, no order
//! completes it.*
//!
//! - A read that fits is taken at once: it changes nothing, so it can move to the front of any
//!   order that has it later.
//! - Operations of unknown outcome are used only directly before a known operation, fewest
//!   first ([`frame`]); a configuration with more of them used is covered by one with fewer
//!   ([`memo`]).
//! - Twins go in order ([`twins`]); a state that is needed and cannot come back is not left
//!   ([`ledger`]).
//! - Where operations add to the state, it must remain a beginning of what the next read saw, or
//!   become one ([`growth`]).
//! - Some moves are never regretted, and then no other is tried ([`settle`]).
//!
//! Reads and blind writes are [swept](sweep), too, in turns with the search ([`alternate`]).

mod alternate;
mod found;
mod frame;
mod growth;
mod ledger;
mod memo;
mod part;
mod settle;
mod sweep;
mod timeline;
mod twins;

#[cfg(test)]
pub(crate) mod tests;

use crate::entry::Entry;
use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::Model;
use crate::model::OperationOf;
use crate::report::Reason;
use crate::watch::Watch;

use alternate::Turns;
use frame::{Frame, Move};
use growth::{Growth, State};
use ledger::Ledger;
use memo::Memo;
use part::Part;
pub(crate) use sweep::{Deed, Sweep};
use timeline::Timeline;

/// How many turns of the loop pass between two looks at clock and memory.
const TURNS_PER_LOOK: u64 = 256;

/// Where a run of the search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An order exists; [`Search::order`] tells it.
    Consistent,
    /// No order exists.
    Violation,
    /// Neither is known yet; the search can go on.
    Paused,
    /// A limit was reached.
    RanOut(Reason),
}

/// A search over one part of a history.
pub(crate) struct Search<'a, M: Model> {
    part: Part<'a, M>,
    states: Interner<M::State>,
    state_bytes: usize,
    timeline: Timeline,
    /// A bit for each unknown operation in use.
    used: Vec<u64>,
    ledger: Ledger,
    growth: Growth,
    /// Made when the search first turns back.
    twins: Option<Vec<Option<u32>>>,
    memo: Memo,
    key: Vec<u64>,
    /// The operations of the present move, with the state after each.
    path: Vec<(u32, u32)>,
    frames: Vec<Frame>,
    /// The order so far.
    trail: Vec<u32>,
    alternatives: usize,
    /// Alternatives that were compared since the clock was looked at.
    compared: u64,
    deepest: Deepest,
    is_started: bool,
    turns: Turns,
    /// The limit that was reached in the middle of a move.
    interrupted: Option<Reason>,
}

/// The most known operations that were ever in order when nothing fitted any more.
#[derive(Default)]
struct Deepest {
    known: usize,
    trail: Vec<u32>,
    candidates: Vec<u32>,
}

impl<'a, M: Model> Search<'a, M> {
    /// A search over these operations of the history. `elsewhere_bytes` is memory that counts,
    /// too.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(crate) fn new(
        model: &'a M,
        history: &'a [OperationOf<M>],
        entries: impl Iterator<Item = Entry>,
        hints: Option<&[u64]>,
        meter: &Meter,
        elsewhere_bytes: usize,
    ) -> Result<Search<'a, M>, Reason> {
        let mut watch = Watch::new(meter, elsewhere_bytes);
        let mut entries = entries.peekable();
        let initial = match entries.peek() {
            Some(first) => model.initial_of(&history[first.index].input),
            None => model.initial(),
        };
        let mut states = Interner::new();
        let initial = states.intern(initial).0;
        assert_eq!(initial, 0, "the initial state is the first one");
        let part = Part::new(model, history, entries, hints, &mut states, &mut watch)?;
        let known = &part.locals[..part.known];
        let times: Vec<(u64, u64)> = known.iter().map(|local| (local.call, local.ret)).collect();
        let ledger = Ledger::new(&part, states.len());
        let growth = Growth::new(&part);
        let used = vec![0; part.unknown().div_ceil(64)];
        let timeline = Timeline::new(&times);
        watch.look()?;
        let operations = part.locals.len();
        Ok(Search {
            timeline,
            part,
            state_bytes: (0..states.len() as u32)
                .map(|state| model.state_bytes(states.get(state)))
                .sum(),
            states,
            used,
            ledger,
            growth,
            twins: None,
            memo: Memo::new(),
            key: Vec::new(),
            path: Vec::new(),
            frames: Vec::new(),
            trail: Vec::new(),
            alternatives: 0,
            compared: 0,
            deepest: Deepest::default(),
            is_started: false,
            turns: Turns::new(operations, meter.steps()),
            interrupted: None,
        })
    }

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

    /// Bytes in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memo.memory_bytes()
            + self.states.memory_bytes()
            + self.state_bytes
            + self.alternatives * size_of::<frame::Alternative>()
            + self.frames.len() * size_of::<Frame>()
            + self.part.locals.len() * (size_of::<part::Local>() + 16)
            + self.turns.memory_bytes()
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

    /// Whether any configuration has failed yet.
    fn has_turned_back(&self) -> bool {
        self.twins.is_some()
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
            self.twins = Some(twins::elder_twins(&self.part));
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

    /// Whether the read fits the state.
    fn reads(&mut self, state: u32, local: u32, meter: &mut Meter) -> bool {
        match self.part.local(local).needs {
            Some(needed) => needed == state,
            None => {
                meter.step();
                self.part.step(self.states.get(state), local).is_some()
            }
        }
    }

    fn is_known_to_fail(&mut self, state: u32) -> bool {
        if self.memo.is_empty() {
            return false;
        }
        self.write_key(state);
        self.memo.fails(&self.key, &self.used)
    }

    /// Writes the key of the present configuration: the state and the candidates. Those tell
    /// all that is left: the earliest return among them is the earliest of all, so what was
    /// called later is untouched, and what was called before it and is no candidate is taken.
    fn write_key(&mut self, state: u32) {
        self.key.clear();
        self.key.push(state.into());
        let mut walk = self.timeline.walk();
        let (mut word, mut bits) = (u32::MAX, 0);
        while let Some(local) = walk.step(&self.timeline) {
            if local / 64 != word {
                if bits != 0 {
                    self.key.extend([word.into(), bits]);
                }
                (word, bits) = (local / 64, 0);
            }
            bits |= 1 << (local % 64);
        }
        self.key.extend([word.into(), bits]);
    }

    /// Puts an operation next in the order.
    fn take(&mut self, local: u32) {
        if self.part.is_known(local) {
            self.timeline.take(local);
        } else {
            let bit = local as usize - self.part.known;
            debug_assert!(self.used[bit / 64] >> (bit % 64) & 1 == 0, "used twice");
            self.used[bit / 64] |= 1 << (bit % 64);
        }
        self.ledger.take(self.part.local(local));
        self.trail.push(local);
    }

    /// Takes the order back to this length.
    fn undo_to(&mut self, length: usize) {
        while self.trail.len() > length {
            let local = self.trail.pop().expect("longer than length");
            if self.part.is_known(local) {
                self.timeline.put_back(local);
            } else {
                let bit = local as usize - self.part.known;
                self.used[bit / 64] &= !(1 << (bit % 64));
            }
            self.ledger.put_back(self.part.local(local));
        }
    }

    /// The number of a state.
    fn intern(&mut self, state: M::State) -> u32 {
        let bytes = self.part.state_bytes(&state);
        let (number, is_new) = self.states.intern(state);
        if is_new {
            self.state_bytes += bytes;
        }
        number
    }
}
