//! Runs the handlers of replicas, and lets their effects leave.

use simulated_clock::{Duration, Instant};

use super::event::Event;
use super::process::{Death, Input};
use super::{Packet, World};
use crate::check::Violation;
use crate::observation::Observation;
use crate::replica::{Caught, Context, Effect, Outcome, Replica, guarded};
use crate::scenario::Occurrence;
use crate::systems::{EntryOf, System};

impl<S: System> World<'_, S> {
    /// A replica takes an input that waited for `late`.
    #[inline]
    pub(super) fn handle(
        &mut self,
        now: Instant,
        index: usize,
        input: Input<S::Replica>,
        late: Duration,
    ) {
        if let Input::SessionUp { peer, session } = input {
            self.told(index, peer, session);
        }
        if !input.is_heard() {
            return;
        }
        self.trace_input(now, index, &input);
        let process = &mut self.processes[index];
        process.io().begin_handler();
        let replica = process
            .replica
            .as_mut()
            .expect("only a replica that is up takes inputs");
        debug_assert!(
            self.effects.is_empty(),
            "the effects of a handler are let out after it"
        );
        let mut context = Context::new(
            now,
            &mut process.surroundings,
            &mut self.decisions,
            &mut self.effects,
        );
        let outcome = guarded(|| replica.handle(input.into_event(late), &mut context));
        self.after_handler(now, index, outcome);
    }

    /// What follows every handler, and every start.
    #[inline]
    pub(super) fn after_handler(&mut self, now: Instant, index: usize, outcome: Outcome<()>) {
        let process = &mut self.processes[index];
        process.handlers += 1;
        let io = process.surroundings.io.as_ref();
        let (elapsed, writes) = (io.elapsed() + process.slow, io.writes());
        let is_doomed = io.is_doomed();
        let has_failed = io.has_failed();
        self.collect_observations(now, index);
        let death = match outcome {
            Outcome::Returned(()) if !is_doomed => None,
            Outcome::Returned(()) => {
                // The crash struck after the last write, before the effects after it.
                self.effects.retain(|timed| timed.writes < writes);
                Some(self.death(index, true))
            }
            Outcome::Crashed => Some(self.death(index, true)),
            Outcome::Panicked(_) if has_failed => {
                self.tally.count(Occurrence::FailStop);
                Some(self.death(index, false))
            }
            Outcome::Panicked(caught) => return self.panicked(now, index, &caught),
        };
        self.let_effects_out(now, index);
        let process = &mut self.processes[index];
        if let Some(death) = death {
            // Nothing more is taken, read or observed from this instance.
            process.replica = None;
            process.dying = Some(death);
        }
        if elapsed > Duration::ZERO {
            process.busy = true;
            let event = Event::Ready {
                process: index as u16,
                handlers: process.handlers,
            };
            self.agenda.0.push(now + elapsed, event);
        } else if let Some(death) = process.dying {
            self.go_down(now, index, death);
        }
    }

    fn death(&self, index: usize, in_handler: bool) -> Death {
        Death {
            down: Some(self.processes[index].down_for),
            in_handler,
        }
    }

    fn panicked(&mut self, now: Instant, index: usize, caught: &Caught) {
        self.effects.clear();
        let process = &mut self.processes[index];
        process.replica = None;
        let violation = Violation::panic(now, process.id, caught);
        self.violated(violation);
    }

    /// The first violation ends the run.
    pub(super) fn violated(&mut self, violation: Violation) {
        if self.violation.is_some() {
            return;
        }
        if let Some(tracer) = &mut self.tracer {
            tracer.line(
                violation.at,
                "VIOLATION",
                format_args!("{}: {}", violation.check, violation.message),
            );
        }
        self.violation = Some(violation);
    }

    /// Hands what was observed to everyone who counts or judges.
    #[inline]
    pub(super) fn collect_observations(&mut self, now: Instant, index: usize) {
        let tape = &self.processes[index].surroundings.tape;
        if tape.is_empty() {
            return;
        }
        let mut observed = std::mem::take(&mut self.observed);
        tape.collect(&mut observed);
        self.observe(now, index, &observed);
        observed.clear();
        self.observed = observed;
    }

    #[inline]
    pub(super) fn observe(
        &mut self,
        now: Instant,
        index: usize,
        observations: &[Observation<EntryOf<S>>],
    ) {
        let process = &self.processes[index];
        let (id, incarnation) = (process.id, process.surroundings.incarnation);
        for observation in observations {
            self.keep_observation(now, id, incarnation, observation);
            self.tally.observe(id, observation);
            self.leaders.observe(now, id, observation);
            self.trace_observation(now, id, observation);
            if let Some(violation) = self.checks.observe(now, id, incarnation, observation) {
                self.violated(violation);
            }
        }
    }

    /// Effects leave in the order they were asked for, each after the writes before it.
    #[inline]
    fn let_effects_out(&mut self, now: Instant, index: usize) {
        if self.effects.is_empty() {
            return;
        }
        let mut effects = std::mem::take(&mut self.effects);
        for timed in effects.drain(..) {
            if timed.after == Duration::ZERO {
                self.effect(now, index, timed.effect);
                continue;
            }
            let process = &mut self.processes[index];
            process.outbox.push_back(timed.effect);
            let event = Event::Leave {
                process: index as u16,
                incarnation: process.surroundings.incarnation,
            };
            self.agenda.0.push(now + timed.after, event);
        }
        self.effects = effects;
    }

    /// The oldest waiting effect leaves.
    pub(super) fn leave(&mut self, now: Instant, index: usize, incarnation: u32) {
        let process = &mut self.processes[index];
        if process.surroundings.incarnation != incarnation {
            return;
        }
        if let Some(effect) = process.outbox.pop_front() {
            self.effect(now, index, effect);
        }
    }

    #[inline]
    fn effect(&mut self, now: Instant, index: usize, effect: Effect<S::Replica>) {
        let process = &mut self.processes[index];
        let from = self.endpoints.replica(process.id);
        match effect {
            Effect::Send { to, message } => {
                let to = self.endpoints.replica(to);
                let packet = Packet::Peer(message);
                self.network
                    .send(now, from, to, packet, &mut self.decisions, &mut self.agenda);
            }
            Effect::Reply(reply) => {
                let to = self.endpoints.client(reply.id.client);
                let packet = Packet::Reply(reply);
                self.network
                    .send(now, from, to, packet, &mut self.decisions, &mut self.agenda);
            }
            Effect::SetTimer { timer, after } => {
                if let Some(pending) = process.forget_timer(timer) {
                    self.agenda.0.cancel(pending);
                }
                let after = process.surroundings.clock.local_to_true(after);
                let event = Event::Timer {
                    process: index as u16,
                    timer,
                };
                let handle = self.agenda.0.push(now + after, event);
                process.timers.push((timer, handle));
            }
            Effect::CancelTimer(timer) => {
                if let Some(pending) = process.forget_timer(timer) {
                    self.agenda.0.cancel(pending);
                }
            }
        }
    }

    /// A handler's writes are done: the process goes down if it has to, or takes
    /// what waits.
    pub(super) fn ready(&mut self, now: Instant, index: usize, handlers: u64) {
        let process = &mut self.processes[index];
        if process.handlers != handlers || !process.busy {
            return;
        }
        process.busy = false;
        if let Some(death) = process.dying {
            self.go_down(now, index, death);
        } else {
            self.take_waiting(now, index);
        }
    }

    /// Takes inputs that waited, in the order they arrived, until one keeps it busy.
    pub(super) fn take_waiting(&mut self, now: Instant, index: usize) {
        while self.violation.is_none() && self.processes[index].is_ready() {
            let Some((since, input)) = self.processes[index].inbox.pop_front() else {
                return;
            };
            self.handle(now, index, input, now.saturating_since(since));
        }
    }
}
