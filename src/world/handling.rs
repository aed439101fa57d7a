//! Runs the handlers of replicas, and lets their effects leave.

use std::rc::Rc;

use simulated_clock::{Duration, Instant};

use super::event::Event as Due;
use super::process::{Death, Input};
use super::tally::Tally;
use super::{Packet, World};
use crate::check::{LeaderLog, Violation};
use crate::nemesis::Struck;
use crate::network::Endpoint;
use crate::observation::{Kinds, LogId, Observation, ReplicaId};
use crate::replica::{BrokenOff, Effect, Event, Outcome, Turn};
use crate::scenario::Occurrence;
use crate::system::{EntryOf, System};

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
        if let Input::SessionUp { .. } | Input::SessionLost { .. } = input
            && !self.hears_of_session(now, index, &input)
        {
            return;
        }
        debug_assert!(
            self.effects.is_empty(),
            "the effects of a handler are let out after it"
        );
        let host = &mut self.processes[index].host;
        host.io().begin_handler();
        let turn = Turn {
            now,
            decisions: &mut self.decisions,
            effects: &mut self.effects,
        };
        let outcome = match input {
            Input::Message { from, message } => {
                host.handle(|| Event::Message { from, message }, turn)
            }
            Input::Operator { action, source } => {
                self.tally.struck(source, Struck::ActionsHandled, 1);
                host.handle(|| Event::Operator(action), turn)
            }
            other => host.handle(|| other.into_event(late), turn),
        };
        self.after_handler(now, index, outcome);
    }

    /// A session is made or lost; whether that is for the replica to hear.
    #[cold]
    fn hears_of_session(&mut self, now: Instant, index: usize, input: &Input<S::Replica>) -> bool {
        if let Input::SessionUp { peer, session } = input {
            self.told(index, *peer, *session);
        }
        self.trace_session(now, index, input);
        input.is_heard()
    }

    /// What follows every handler, and every start.
    #[inline(always)]
    pub(super) fn after_handler(&mut self, now: Instant, index: usize, outcome: Outcome<()>) {
        self.collect_observations(now, index);
        if self.targeted.is_waiting() {
            self.cues(now, index as ReplicaId + 1);
        }
        let process = &mut self.processes[index];
        process.handlers += 1;
        let elapsed = process.io().elapsed() + process.slow;
        let mut dying = process.dying;
        if !process.host.is_complete(&outcome) {
            dying = self.broke_off(now, index, outcome);
            if dying.is_none() {
                return;
            }
        }
        self.let_effects_out(now, index);
        if elapsed > Duration::ZERO {
            let process = &mut self.processes[index];
            process.busy = true;
            process.busy_until = now + elapsed;
            let event = Due::Ready {
                process: index as u16,
                handlers: process.handlers,
            };
            self.agenda.push(now + elapsed, event);
        } else if let Some(death) = dying {
            self.go_down(now, index, death);
        }
    }

    /// A handler ended otherwise than by returning: the process is dying, and
    /// nothing more is taken, read or observed from this instance. `None` where
    /// that is a violation, which leaves nothing to be done.
    #[cold]
    fn broke_off(&mut self, now: Instant, index: usize, outcome: Outcome<()>) -> Option<Death> {
        let host = &mut self.processes[index].host;
        let in_handler = match host.break_off(outcome, &mut self.effects) {
            BrokenOff::Crashed => true,
            BrokenOff::FailStop => {
                self.tally.count(Occurrence::FailStop);
                false
            }
            BrokenOff::Panicked(caught) => {
                let violation = Violation::panic(now, self.processes[index].id(), &caught);
                self.violated(violation);
                return None;
            }
        };
        let process = &mut self.processes[index];
        process.dying = Some(Death {
            down: Some(process.down_for),
            in_handler,
        });
        process.dying
    }

    /// The first violation ends the run.
    pub(super) fn violated(&mut self, violation: Violation) {
        if self.violation.is_some() {
            return;
        }
        self.violation = Some(violation);
    }

    /// Hands what was observed to everyone who counts or judges.
    #[inline]
    pub(super) fn collect_observations(&mut self, now: Instant, index: usize) {
        let tape = self.processes[index].host.tape();
        if tape.is_empty() {
            return;
        }
        let tape = Rc::clone(tape);
        tape.show(|observations| self.observe(now, index, observations));
    }

    pub(super) fn observe(
        &mut self,
        now: Instant,
        index: usize,
        observations: &[(LogId, Observation<EntryOf<S>>)],
    ) {
        let process = &self.processes[index];
        let who = (process.id(), process.host.incarnation());
        // Few observations concern anybody but the checks.
        let mut noted = Tally::COUNTS.and(LeaderLog::SEES);
        if self.observations.is_some() || self.tracer.is_some() {
            noted = Kinds::ALL;
        }
        for (log, observation) in observations {
            if noted.contains(observation.kind()) {
                self.note(now, who, *log, observation);
            }
            self.tally.observe_entry(observation);
            if let Some(violation) = self.checks.observe(now, who, *log, observation) {
                self.violated(*violation);
            }
            if self.judges.sees(observation.kind()) {
                self.show_judges(now, who, *log, observation);
            }
        }
    }

    /// Shows an observation to the judges that the system brings.
    #[cold]
    fn show_judges(
        &mut self,
        now: Instant,
        who: (ReplicaId, u32),
        log: LogId,
        observation: &Observation<EntryOf<S>>,
    ) {
        let seen = self.checks.seen(now, who, log, observation);
        if let Some(violation) = self.judges.observe(&seen) {
            self.violated(violation);
        }
    }

    /// Shows an observation to those who judge nothing by it.
    #[inline(never)]
    fn note(
        &mut self,
        now: Instant,
        (id, incarnation): (ReplicaId, u32),
        log: LogId,
        observation: &Observation<EntryOf<S>>,
    ) {
        self.keep_observation(now, (id, incarnation), log, observation);
        self.trace_observation(now, id, log, observation);
        let kind = observation.kind();
        if Tally::COUNTS.contains(kind) {
            let last = self.checks.log(log).map_or(0, |log| log.ledger(id).last());
            self.tally.observe(now, id, (log, last), observation);
        }
        if LeaderLog::SEES.contains(kind) {
            self.leaders.observe(now, id, log, observation);
        }
    }

    /// Effects leave in the order they were asked for, each after the writes before it.
    #[inline]
    fn let_effects_out(&mut self, now: Instant, index: usize) {
        if self.effects.len() > 1 {
            // The first is taken from the end.
            self.effects.reverse();
        }
        while let Some(timed) = self.effects.pop() {
            if timed.after == Duration::ZERO {
                self.effect(now, index, timed.effect);
                continue;
            }
            let process = &mut self.processes[index];
            process.outbox.push_back(timed.effect);
            let event = Due::Leave {
                process: index as u16,
                incarnation: process.host.incarnation(),
            };
            self.agenda.push(now + timed.after, event);
        }
    }

    /// The oldest waiting effect leaves.
    pub(super) fn leave(&mut self, now: Instant, index: usize, incarnation: u32) {
        let process = &mut self.processes[index];
        if process.host.incarnation() != incarnation {
            return;
        }
        if let Some(effect) = process.outbox.pop_front() {
            self.effect(now, index, effect);
        }
    }

    #[inline]
    fn effect(&mut self, now: Instant, index: usize, effect: Effect<S::Replica>) {
        let process = &mut self.processes[index];
        let (to, packet) = match effect {
            Effect::Send { to, message } => (self.endpoints.replica(to), Packet::Peer(message)),
            Effect::Reply(reply) => (self.endpoints.client(reply.id.client), Packet::Reply(reply)),
            Effect::SetTimer { timer, after } => {
                if let Some(pending) = process.forget_timer(timer) {
                    self.agenda.cancel(pending);
                }
                let after = process.host.clock().local_to_true(after);
                let event = Due::Timer {
                    process: index as u16,
                    timer,
                };
                let handle = self.agenda.push(now + after, event);
                process.remember_timer(timer, handle);
                return;
            }
            Effect::CancelTimer(timer) => {
                if let Some(pending) = process.forget_timer(timer) {
                    self.agenda.cancel(pending);
                }
                return;
            }
        };
        self.send(now, Endpoint(index as u16), to, packet);
    }

    /// Puts something on a link.
    #[inline]
    pub(super) fn send(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: Packet<S::Replica>,
    ) {
        if self.tracer.is_some() {
            self.send_and_tell(now, from, to, packet);
        } else {
            self.network
                .send(now, from, to, packet, &mut self.decisions, &mut self.agenda);
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
