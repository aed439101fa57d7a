//! Deciding parts on several threads at once.
//!
//! The threads take parts from one queue and work on each for a slice of steps, as one thread
//! does alone ([`crate::decide`]); what is undecided goes to the end of the queue with a longer
//! slice. Whoever finds a violation, or the end of time or steps, stops the others. Memory is
//! shared out evenly.

#![expect(
    clippy::disallowed_methods,
    reason = "no run depends on what is checked on several threads"
)]

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use crate::decide::{Found, all_but};
use crate::evidence::Evidence;
use crate::job::{Job, Step};
use crate::limits::Meter;
use crate::model::Model;
use crate::question::Question;
use crate::report::{Progress, Reason};

/// What the threads share.
struct Pool<'a, M: Model> {
    state: Mutex<State<'a, M>>,
    changed: Condvar,
    stop: Arc<AtomicBool>,
}

struct State<'a, M: Model> {
    waiting: VecDeque<Job<'a, M>>,
    working: usize,
    /// Bytes of the parts that wait.
    kept_bytes: usize,
    meter: Meter,
    partitions_decided: usize,
    /// Of each part, whether it is known to be consistent.
    consistent: Vec<bool>,
    outgrown: Option<Progress>,
    end: Option<End>,
}

enum End {
    Violation(usize, Evidence),
    RanOut(Reason, Progress),
}

/// Decides these parts on so many threads; the meter counts the steps of all of them.
pub(crate) fn decide_on_threads<M>(
    question: &Question<M>,
    parts: Vec<usize>,
    threads: NonZeroUsize,
    meter: &mut Meter,
) -> Found
where
    M: Model + Sync,
    M::Input: Sync,
    M::Output: Sync,
    M::State: Send,
{
    let stop = Arc::new(AtomicBool::new(false));
    let partitions_decided = question.parts.len() - parts.len();
    let consistent = all_but(&parts, question.parts.len());
    let jobs = parts.into_iter().map(|part| Job::new(question, part));
    let pool = Pool {
        state: Mutex::new(State {
            waiting: jobs.collect(),
            working: 0,
            kept_bytes: 0,
            meter: meter.stopped_by(&stop),
            partitions_decided,
            consistent,
            outgrown: None,
            end: None,
        }),
        changed: Condvar::new(),
        stop,
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| {
                while let Some((job, meter, elsewhere_bytes)) = pool.take(threads) {
                    pool.work(question, job, meter, elsewhere_bytes);
                }
            });
        }
    });
    let state = pool.state.into_inner().expect("no thread panicked");
    meter.spend(state.meter.steps());
    match (state.end, state.outgrown) {
        (Some(End::Violation(part, evidence)), _) => {
            Found::Violation(part, evidence, state.consistent)
        }
        (Some(End::RanOut(reason, progress)), _) => Found::Unknown(reason, progress),
        (None, Some(progress)) => Found::Unknown(
            Reason::Memory,
            Progress {
                partitions_decided: state.partitions_decided,
                ..progress
            },
        ),
        (None, None) => Found::Consistent,
    }
}

impl<'a, M: Model> Pool<'a, M> {
    fn lock(&self) -> MutexGuard<'_, State<'a, M>> {
        self.state.lock().expect("no thread panicked")
    }

    /// The next part to work on, with a meter of its own and the bytes that are not its.
    fn take(&self, threads: NonZeroUsize) -> Option<(Job<'a, M>, Meter, usize)> {
        let mut state = self.lock();
        loop {
            if state.end.is_some() {
                return None;
            }
            if let Some(job) = state.waiting.pop_front() {
                state.working += 1;
                let own = job.memory_bytes();
                state.kept_bytes -= own;
                let reserved = job.slice().saturating_mul(2).min(state.meter.left());
                state.meter.spend(reserved);
                let meter = state.meter.aside(reserved);
                let share = state.meter.memory_left(state.kept_bytes) / threads.get();
                return Some((job, meter.clone(), meter.memory_left(share)));
            }
            if state.working == 0 {
                return None;
            }
            state = self.changed.wait(state).expect("no thread panicked");
        }
    }

    fn work(
        &self,
        question: &Question<'a, M>,
        mut job: Job<'a, M>,
        mut meter: Meter,
        elsewhere_bytes: usize,
    ) {
        let reserved = meter.left();
        let step = job.work(question, &mut meter, elsewhere_bytes);
        let mut state = self.lock();
        state
            .meter
            .give_back(reserved - meter.steps().min(reserved));
        state.working -= 1;
        let decided = state.partitions_decided;
        match step {
            Step::Consistent => {
                state.partitions_decided += 1;
                state.consistent[job.part] = true;
            }
            Step::Violation(evidence) => self.end(&mut state, End::Violation(job.part, evidence)),
            Step::Paused => {
                state.kept_bytes += job.memory_bytes();
                state.waiting.push_back(job);
            }
            Step::RanOut(Reason::Memory) => {
                let progress = job.progress(question, decided);
                state.outgrown = state.outgrown.take().or(Some(progress));
            }
            Step::RanOut(reason) => {
                let progress = job.progress(question, decided);
                self.end(&mut state, End::RanOut(reason, progress));
            }
        }
        self.changed.notify_all();
    }

    /// Ends the work of all. A violation outweighs a limit; of limits the first counts, because
    /// it is what stops the others.
    fn end(&self, state: &mut State<M>, end: End) {
        self.stop.store(true, Ordering::Relaxed);
        match (&state.end, &end) {
            (None, _) | (Some(End::RanOut(..)), End::Violation(..)) => state.end = Some(end),
            (Some(_), _) => {}
        }
    }
}
