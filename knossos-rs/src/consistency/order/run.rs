//! The search itself: move after move, and back where none is left.

use super::configuration::{Frame, Order};
use super::task::Task;
use crate::limits::Meter;
use crate::model::Model;
use crate::report::Reason;

/// How many turns of the loop pass between two looks at clock and memory.
const TURNS_PER_LOOK: u64 = 64;

/// No part.
const NONE: u32 = u32::MAX;

/// Where a run of the search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::consistency) enum Outcome {
    /// An order exists.
    Consistent,
    /// None exists.
    Violation,
    /// Neither is known yet; the search can go on.
    Paused,
    /// A limit was reached.
    RanOut(Reason),
}

impl<M: Model> Order<'_, M> {
    /// Searches for about `slice` more steps. `elsewhere_bytes` is memory that counts, too.
    pub(in crate::consistency) fn run(
        &mut self,
        meter: &mut Meter,
        slice: u64,
        elsewhere_bytes: usize,
    ) -> Outcome {
        let pause_at = meter.steps().saturating_add(slice);
        if !self.is_started {
            self.is_started = true;
            if self.parts.iter().any(|part| part.ledger.is_hopeless()) {
                return Outcome::Violation;
            }
            self.open(0, NONE, meter);
        }
        let mut turns = 0_u64;
        loop {
            if self.known_left == 0 {
                return Outcome::Consistent;
            }
            if self.frames.is_empty() {
                return Outcome::Violation;
            }
            if (turns.is_multiple_of(TURNS_PER_LOOK) || meter.is_out_of_steps())
                && let Some(reason) = meter.ran_out(self.memory_bytes() + elsewhere_bytes)
            {
                return Outcome::RanOut(reason);
            }
            if meter.steps() >= pause_at {
                return Outcome::Paused;
            }
            turns += 1;
            let frame = self.frames.last_mut().expect("not empty");
            let next = frame.moves.get(frame.next).copied();
            frame.next += 1;
            match next {
                Some(task) => self.try_move(task, meter),
                None => self.retreat(),
            }
        }
    }

    /// The longest order at which nothing fitted, and what might have come next there.
    pub(in crate::consistency) fn deepest(&self) -> (Vec<usize>, Vec<usize>) {
        (self.deepest.1.clone(), self.deepest.2.clone())
    }

    /// The most known operations that were ever in order, and how many there are.
    pub(in crate::consistency) fn progress(&self) -> (usize, usize) {
        (self.deepest.0.max(self.known - self.known_left), self.known)
    }

    /// Takes the task, if the model allows it and somebody could complete what follows.
    fn try_move(&mut self, task: u32, meter: &mut Meter) {
        // A move that the model refuses costs its share, too.
        meter.step();
        let before = self.parts[self.task(task).part as usize].now;
        let Some(after) = self.step(task) else {
            return;
        };
        let Task { part, is_known, .. } = *self.task(task);
        if !is_known && after == before {
            return;
        }
        let trail_start = self.trail.len();
        self.take(task, after);
        if after != before && self.parts[part as usize].ledger.must_stay(before) {
            self.undo_to(trail_start);
            return;
        }
        let pending = if is_known { NONE } else { part };
        self.open(trail_start, pending, meter);
    }

    /// Opens a frame for the configuration reached, after taking every read that fits; unless
    /// it is known to fail.
    fn open(&mut self, trail_start: usize, pending: u32, meter: &mut Meter) {
        // After an unknown operation, the next one is of the same part.
        let pending = self.take_reads(pending, meter);
        let candidates = self.candidates();
        if self.known_left > 0 && (self.outgrows(&candidates) || !self.enter(pending)) {
            self.note_depth(&candidates);
            self.undo_to(trail_start);
            return;
        }
        let mut moves: Vec<u32> = candidates;
        moves.retain(|task| self.is_worth_trying(*task, pending));
        in_order_of_return(&mut moves, &self.tasks);
        self.moves += moves.len();
        self.frames.push(Frame {
            trail_start,
            moves,
            next: 0,
        });
    }

    fn candidates(&self) -> Vec<u32> {
        let mut candidates = Vec::new();
        self.lanes
            .candidates(&self.tasks, |task| candidates.push(task));
        candidates
    }

    fn is_worth_trying(&self, task: u32, pending: u32) -> bool {
        let task = self.task(task);
        let is_awaited = pending == NONE || (task.part == pending && !task.is_blind);
        let ledger = &self.parts[task.part as usize].ledger;
        is_awaited && !task.is_read && (task.is_known || ledger.is_worth_using(task))
    }

    /// Takes every read that fits; tells which part still waits for a known operation.
    fn take_reads(&mut self, mut pending: u32, meter: &mut Meter) -> u32 {
        loop {
            let reads: Vec<u32> = self
                .candidates()
                .into_iter()
                .filter(|task| self.task(*task).is_read && self.fits(*task, meter))
                .collect();
            if reads.is_empty() {
                return pending;
            }
            for task in reads {
                let part = self.task(task).part;
                self.take(task, self.parts[part as usize].now);
                if part == pending {
                    pending = NONE;
                }
            }
        }
    }

    /// Whether the read fits the present state of its part.
    fn fits(&self, task: u32, meter: &mut Meter) -> bool {
        let operation = self.task(task);
        let part = &self.parts[operation.part as usize];
        match operation.needs {
            Some(needed) => needed == part.now,
            None => {
                meter.step();
                self.after(task).is_some()
            }
        }
    }

    /// Whether a part that only grows is no beginning of what one of its next reads saw.
    fn outgrows(&self, candidates: &[u32]) -> bool {
        candidates.iter().any(|task| {
            let task = self.task(*task);
            let part = &self.parts[task.part as usize];
            part.only_grows
                && task.needs.is_some_and(|needed| {
                    let (now, later) = (part.states.get(part.now), part.states.get(needed));
                    !self.model.can_become(now, later)
                })
        })
    }

    /// Enters the present configuration; false if that has been done before.
    fn enter(&mut self, pending: u32) -> bool {
        self.key.clear();
        self.key.push(pending.into());
        self.key
            .extend(self.parts.iter().map(|part| u64::from(part.now)));
        let full = self
            .come
            .iter()
            .take_while(|word| **word == u64::MAX)
            .count();
        let last = self.come.iter().rposition(|word| *word != 0);
        self.key.push(full as u64);
        self.key
            .extend(&self.come[full..last.map_or(full, |last| (last + 1).max(full))]);
        self.memo.enter(&self.key, &self.used)
    }

    /// Gives up the last frame.
    fn retreat(&mut self) {
        let candidates = self.candidates();
        self.note_depth(&candidates);
        let frame = self.frames.pop().expect("a frame to retreat from");
        self.moves -= frame.moves.len();
        self.undo_to(frame.trail_start);
    }

    /// Remembers the present order if it is the longest yet.
    fn note_depth(&mut self, candidates: &[u32]) {
        let known = self.known - self.known_left;
        if known > self.deepest.0 || (self.deepest.1.is_empty() && self.deepest.2.is_empty()) {
            let index = |task: u32| self.task(task).index;
            let order = self.trail.iter().map(|(task, _)| index(*task)).collect();
            let known = candidates.iter().filter(|task| self.task(**task).is_known);
            let stuck = known.map(|task| index(*task)).collect();
            self.deepest = (self.known - self.known_left, order, stuck);
        }
    }
}

/// What returned first comes first, as in most orders that exist; the unknown come last.
fn in_order_of_return(moves: &mut [u32], tasks: &[Task]) {
    moves.sort_by_key(|task| (tasks[*task as usize].ret, *task));
}
