//! A search: the configuration that it has come to, and what it remembers.

use super::lanes::Lanes;
use super::ledger::Ledger;
use super::memo::Memo;
use super::rules::Clause;
use super::task::Task;
use crate::interner::Interner;
use crate::model::{Model, OperationOf};
use crate::report::Reason;
use crate::watch::Watch;

/// A search over some operations of a history.
pub(in crate::consistency) struct Order<'a, M: Model> {
    pub(super) model: &'a M,
    pub(super) history: &'a [OperationOf<M>],
    /// Those of known outcome first, each kind by call.
    pub(super) tasks: Vec<Task>,
    pub(super) known: usize,
    pub(super) lanes: Lanes,
    pub(super) parts: Vec<Part<M::State>>,
    /// A bit for each known task that has come.
    pub(super) come: Vec<u64>,
    /// A bit for each unknown task in use.
    pub(super) used: Vec<u64>,
    pub(super) known_left: usize,
    pub(super) memo: Memo,
    pub(super) key: Vec<u64>,
    /// The order so far, with the state of the task's part before each.
    pub(super) trail: Vec<(u32, u32)>,
    pub(super) frames: Vec<Frame>,
    pub(super) moves: usize,
    pub(super) state_bytes: usize,
    pub(super) deepest: (usize, Vec<usize>, Vec<usize>),
    pub(super) is_started: bool,
}

/// One part of the object.
pub(super) struct Part<S> {
    pub(super) states: Interner<S>,
    pub(super) now: u32,
    pub(super) ledger: Ledger,
    pub(super) only_grows: bool,
}

/// A configuration on the stack.
pub(super) struct Frame {
    /// The length of the order before it.
    pub(super) trail_start: usize,
    pub(super) moves: Vec<u32>,
    pub(super) next: usize,
}

impl<'a, M: Model> Order<'a, M> {
    /// A search over the operations with these indices, each with a number that names its part.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(in crate::consistency) fn new(
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
        sort_tasks(&mut tasks, watch)?;
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

    /// Bytes in use.
    pub(in crate::consistency) fn memory_bytes(&self) -> usize {
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

    /// The task of this number.
    pub(super) fn task(&self, task: u32) -> &Task {
        &self.tasks[task as usize]
    }

    /// The state after the task, if the model allows it now.
    pub(super) fn after(&self, task: u32) -> Option<M::State> {
        let part = &self.parts[self.task(task).part as usize];
        let operation = &self.history[self.task(task).index];
        let state = part.states.get(part.now);
        self.model
            .step(state, &operation.input, operation.output.as_ref())
    }

    /// The number of the state after the task, if it is possible now.
    pub(super) fn step(&mut self, task: u32) -> Option<u32> {
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
    pub(super) fn take(&mut self, task: u32, after: u32) {
        self.lanes.take(task);
        let operation = &self.tasks[task as usize];
        let part = &mut self.parts[operation.part as usize];
        part.ledger.take(operation);
        self.trail.push((task, part.now));
        part.now = after;
        self.flip(task);
    }

    /// Takes the order back to this length.
    pub(super) fn undo_to(&mut self, length: usize) {
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

/// Puts those of known outcome first, each kind by call.
fn sort_tasks(tasks: &mut [Task], watch: &mut Watch) -> Result<(), Reason> {
    watch.sort_by_key(tasks, |task| (!task.is_known, task.call, task.index))
}
