//! The search for one order of all operations that keeps the clauses of a level.
//!
//! Depth first on an explicit stack, with a memory of the configurations entered, as Wing and
//! Gong (1993) and Lowe (2017) search for linearizations; but who may come next is told by the
//! clauses ([`rules`]), and the object may have many parts, each with a state of its own,
//! since sequential consistency has to be checked across parts. Some rules keep it short; each
//! keeps the promise that *what is given up cannot be completed*:
//!
//! - A read that fits is taken at once: it changes nothing, so it can move to the front of any
//!   order that has it later.
//! - An operation of unknown outcome blocks nobody and matters to its own part only. So it can
//!   move back to just before the next known operation of its part, and if there is none, or
//!   that one is blind, it can be left out.
//! - A state that is needed and cannot come back is not left ([`ledger`]).
//! - Where a part only grows, it must remain a beginning of what is read next.
//!
//! Configurations are remembered exactly, not by a hash. With `k` clients whose operations do
//! not overlap there are at most `n^k` sets of operations that can have come first.

mod lanes;
mod ledger;
mod memo;
pub(crate) mod rules;
mod task;

use crate::interner::Interner;
use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::report::Reason;
use crate::watch::Watch;

use lanes::Lanes;
use ledger::Ledger;
use memo::Memo;
use rules::Clause;
use task::Task;

/// How many turns of the loop pass between two looks at clock and memory.
const TURNS_PER_LOOK: u64 = 64;

/// No part.
const NONE: u32 = u32::MAX;

/// Where a run of the search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An order exists.
    Consistent,
    /// None exists.
    Violation,
    /// Neither is known yet; the search can go on.
    Paused,
    /// A limit was reached.
    RanOut(Reason),
}

/// A search over some operations of a history.
pub(super) struct Order<'a, M: Model> {
    model: &'a M,
    history: &'a [OperationOf<M>],
    /// Those of known outcome first, each kind by call.
    tasks: Vec<Task>,
    known: usize,
    lanes: Lanes,
    parts: Vec<Part<M::State>>,
    /// A bit for each known task that has come.
    come: Vec<u64>,
    /// A bit for each unknown task in use.
    used: Vec<u64>,
    known_left: usize,
    memo: Memo,
    key: Vec<u64>,
    /// The order so far, with the state of the task's part before each.
    trail: Vec<(u32, u32)>,
    frames: Vec<Frame>,
    moves: usize,
    state_bytes: usize,
    deepest: (usize, Vec<usize>, Vec<usize>),
    is_started: bool,
}

/// One part of the object.
struct Part<S> {
    states: Interner<S>,
    now: u32,
    ledger: Ledger,
    only_grows: bool,
}

/// A configuration on the stack.
struct Frame {
    /// The length of the order before it.
    trail_start: usize,
    moves: Vec<u32>,
    next: usize,
}

impl<'a, M: Model> Order<'a, M> {
    /// A search over the operations with these indices, each with a number that names its part.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn new(
        model: &'a M,
        history: &'a [OperationOf<M>],
        operations: &[(usize, u32)],
        clauses: &[Clause],
        watch: &mut Watch,
    ) -> Result<Order<'a, M>, Reason> {
        let mut names = Interner::new();
        let mut states: Vec<Interner<M::State>> = Vec::new();
        let mut tasks: Vec<Task> = Vec::with_capacity(operations.len());
        for (index, name) in operations {
            let (part, is_new) = names.intern(*name);
            if is_new {
                states.push(Interner::new());
                states[part as usize].intern(model.initial_of(&history[*index].input));
            }
            let states = &mut states[part as usize];
            tasks.extend(Task::new(model, *index, &history[*index], part, states));
            watch.turn()?;
        }
        watch.sort_by_key(&mut tasks, |task| (!task.is_known, task.call, task.index))?;
        let known = tasks.partition_point(|task| task.is_known);
        let mut names = Interner::new();
        let clients: Vec<u32> = tasks
            .iter()
            .map(|task| names.intern(history[task.index].client).0)
            .collect();
        watch.look()?;
        let mut parts: Vec<Part<M::State>> = states.into_iter().map(Part::new).collect();
        for task in &tasks {
            let part = &mut parts[task.part as usize];
            part.ledger.put_back(task);
            part.only_grows &= task.is_wild || (task.is_read && task.needs.is_some());
            watch.turn()?;
        }
        Ok(Order {
            lanes: Lanes::new(&tasks, &clients, names.len(), clauses, watch)?,
            come: vec![0; known.div_ceil(64)],
            used: vec![0; (tasks.len() - known).div_ceil(64)],
            model,
            history,
            tasks,
            known,
            parts,
            known_left: known,
            memo: Memo::new(),
            key: Vec::new(),
            trail: Vec::new(),
            frames: Vec::new(),
            moves: 0,
            state_bytes: 0,
            deepest: (0, Vec::new(), Vec::new()),
            is_started: false,
        })
    }

    /// Searches for about `slice` more steps. `elsewhere_bytes` is memory that counts, too.
    pub(super) fn run(&mut self, meter: &mut Meter, slice: u64, elsewhere_bytes: usize) -> Outcome {
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
    pub(super) fn deepest(&self) -> (Vec<usize>, Vec<usize>) {
        (self.deepest.1.clone(), self.deepest.2.clone())
    }

    /// The most known operations that were ever in order, and how many there are.
    pub(super) fn progress(&self) -> (usize, usize) {
        (self.deepest.0.max(self.known - self.known_left), self.known)
    }

    /// Bytes in use.
    pub(super) fn memory_bytes(&self) -> usize {
        let states: usize = self
            .parts
            .iter()
            .map(|part| part.states.memory_bytes())
            .sum();
        self.memo.memory_bytes()
            + states
            + self.state_bytes
            + self.moves * 4
            + self.frames.len() * size_of::<Frame>()
            + self.tasks.len() * (size_of::<Task>() + 80)
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
        // What returned first comes first, as in most orders that exist; the unknown come last.
        moves.sort_by_key(|task| (self.task(*task).ret, *task));
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

    fn task(&self, task: u32) -> &Task {
        &self.tasks[task as usize]
    }

    /// The state after the task, if the model allows it now.
    fn after(&self, task: u32) -> Option<M::State> {
        let part = &self.parts[self.task(task).part as usize];
        let operation = &self.history[self.task(task).index];
        let state = part.states.get(part.now);
        self.model
            .step(state, &operation.input, operation.output.as_ref())
    }

    /// The number of the state after the task, if it is possible now.
    fn step(&mut self, task: u32) -> Option<u32> {
        let Task { part, needs, .. } = *self.task(task);
        if needs.is_some_and(|needed| needed != self.parts[part as usize].now) {
            return None;
        }
        let after = self.after(task)?;
        let bytes = self.model.state_bytes(&after);
        let (number, is_new) = self.parts[part as usize].states.intern(after);
        if is_new {
            self.state_bytes += bytes;
        }
        Some(number)
    }

    /// Puts a task next in the order.
    fn take(&mut self, task: u32, after: u32) {
        self.lanes.take(task);
        let operation = &self.tasks[task as usize];
        let part = &mut self.parts[operation.part as usize];
        part.ledger.take(operation);
        self.trail.push((task, part.now));
        part.now = after;
        self.flip(task);
    }

    /// Takes the order back to this length.
    fn undo_to(&mut self, length: usize) {
        while self.trail.len() > length {
            let (task, before) = self.trail.pop().expect("longer than length");
            debug_assert!(self.lanes.is_taken(task));
            let operation = &self.tasks[task as usize];
            self.lanes.put_back(task, operation.is_known);
            let part = &mut self.parts[operation.part as usize];
            part.ledger.put_back(operation);
            part.now = before;
            self.flip(task);
        }
    }

    /// Turns the bit of a task that has just come or just been put back.
    fn flip(&mut self, task: u32) {
        let task = task as usize;
        if task < self.known {
            self.come[task / 64] ^= 1 << (task % 64);
            let has_come = self.come[task / 64] >> (task % 64) & 1 == 1;
            self.known_left = if has_come {
                self.known_left - 1
            } else {
                self.known_left + 1
            };
        } else {
            let bit = task - self.known;
            self.used[bit / 64] ^= 1 << (bit % 64);
        }
    }
}

impl<S: Eq + std::hash::Hash> Part<S> {
    /// A part in its initial state, which is number 0, with what footprints name.
    fn new(states: Interner<S>) -> Part<S> {
        Part {
            ledger: Ledger::new(states.len()),
            states,
            now: 0,
            only_grows: true,
        }
    }
}
