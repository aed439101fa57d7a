//! What processes take, when, and what their handlers ask for.

use simulated_clock::{Duration, Instant};

use super::{Cluster, Death};
use crate::decision::Decisions;
use crate::replica::{BrokenOff, Effect, Event, Outcome, Replica, Timed, TimerId, Turn};
use crate::world::event::{Event as Due, Queue};
use crate::world::input::Input;

impl<R: Replica> Cluster<R> {
    /// Something waits until a process is ready for it, if it will ever be.
    #[inline(never)]
    pub(in crate::world) fn wait(&mut self, now: Instant, index: usize, input: Input<R>) {
        let process = &mut self.processes[index];
        if process.is_up() || process.dying.is_some() {
            process.delayed += u64::from(process.paused);
            process.inbox.push_back((now, input));
        }
    }

    /// What has waited longest for a process, since when; nothing while it is not ready.
    pub(in crate::world) fn take_waiting(&mut self, index: usize) -> Option<(Instant, Input<R>)> {
        let process = &mut self.processes[index];
        if !process.is_ready() {
            return None;
        }
        process.inbox.pop_front()
    }

    /// A replica takes an input that waited for `late`.
    #[inline(always)]
    pub(in crate::world) fn handle(
        &mut self,
        now: Instant,
        index: usize,
        input: Input<R>,
        late: Duration,
        decisions: &mut Decisions,
    ) -> Outcome<()> {
        debug_assert!(
            self.effects.is_empty(),
            "the effects of a handler are let out after it"
        );
        let host = &mut self.processes[index].host;
        host.io().begin_handler();
        let turn = Turn {
            now,
            decisions,
            effects: &mut self.effects,
        };
        match input {
            Input::Message { from, message } => {
                host.handle(|| Event::Message { from, message }, turn)
            }
            other => host.handle(|| other.into_event(late), turn),
        }
    }

    /// A handler ended: how long its writes take, and whether it did all it wanted to.
    #[inline(always)]
    pub(in crate::world) fn handled(
        &mut self,
        index: usize,
        outcome: &Outcome<()>,
    ) -> (Duration, bool) {
        let process = &mut self.processes[index];
        process.handlers += 1;
        let elapsed = process.io().elapsed() + process.slow;
        (elapsed, process.host.is_complete(outcome))
    }

    /// A handler ended otherwise than by returning: nothing more is taken, read or observed from
    /// this instance, and the process is dying, or has panicked.
    pub(in crate::world) fn break_off(&mut self, index: usize, outcome: Outcome<()>) -> BrokenOff {
        let process = &mut self.processes[index];
        let broken_off = process.host.break_off(outcome, &mut self.effects);
        if !matches!(broken_off, BrokenOff::Panicked(_)) {
            process.dying = Some(Death {
                down: Some(process.down_for),
                in_handler: matches!(broken_off, BrokenOff::Crashed),
            });
        }
        broken_off
    }

    /// A process is not ready again before its writes are done.
    #[inline]
    pub(in crate::world) fn keep_busy(&mut self, index: usize, until: Instant, agenda: &mut Queue) {
        let process = &mut self.processes[index];
        process.busy = true;
        process.busy_until = until;
        let event = Due::Ready {
            process: index as u16,
            handlers: process.handlers,
        };
        agenda.push(until, event);
    }

    /// A handler's writes are done, if it was the last one: whether it was.
    pub(in crate::world) fn writes_done(&mut self, index: usize, handlers: u64) -> bool {
        let process = &mut self.processes[index];
        let is_last = process.handlers == handlers && process.busy;
        if is_last {
            process.busy = false;
        }
        is_last
    }
}

/// What a handler asked for leaves, in the order it was asked for.
impl<R: Replica> Cluster<R> {
    /// What the handler that ran has asked for.
    pub(in crate::world) fn effects(&self) -> &[Timed<R>] {
        &self.effects
    }

    /// What was asked for is taken from now on, the first [first](Self::next_effect).
    #[inline]
    pub(in crate::world) fn line_up_effects(&mut self) {
        if self.effects.len() > 1 {
            // The first is taken from the end.
            self.effects.reverse();
        }
    }

    #[inline(always)]
    pub(in crate::world) fn next_effect(&mut self) -> Option<Timed<R>> {
        self.effects.pop()
    }

    /// An effect leaves after the writes before it.
    #[inline]
    pub(in crate::world) fn postpone(
        &mut self,
        now: Instant,
        index: usize,
        timed: Timed<R>,
        agenda: &mut Queue,
    ) {
        let process = &mut self.processes[index];
        process.outbox.push_back(timed.effect);
        let event = Due::Leave {
            process: index as u16,
            incarnation: process.host.incarnation(),
        };
        agenda.push(now + timed.after, event);
    }

    /// The oldest effect that was [postponed](Self::postpone) in this life.
    pub(in crate::world) fn postponed(
        &mut self,
        index: usize,
        incarnation: u32,
    ) -> Option<Effect<R>> {
        let process = &mut self.processes[index];
        if process.host.incarnation() != incarnation {
            return None;
        }
        process.outbox.pop_front()
    }

    #[inline]
    pub(in crate::world) fn set_timer(
        &mut self,
        now: Instant,
        index: usize,
        timer: TimerId,
        after: Duration,
        agenda: &mut Queue,
    ) {
        let process = &mut self.processes[index];
        if let Some(pending) = process.forget_timer(timer) {
            agenda.cancel(pending);
        }
        let after = process.host.clock().local_to_true(after);
        let event = Due::Timer {
            process: index as u16,
            timer,
        };
        let handle = agenda.push(now + after, event);
        process.remember_timer(timer, handle);
    }

    #[inline]
    pub(in crate::world) fn cancel_timer(
        &mut self,
        index: usize,
        timer: TimerId,
        agenda: &mut Queue,
    ) {
        if let Some(pending) = self.processes[index].forget_timer(timer) {
            agenda.cancel(pending);
        }
    }

    #[inline]
    pub(in crate::world) fn timer_fires(&mut self, index: usize, timer: TimerId) {
        self.processes[index].forget_timer(timer);
    }
}
