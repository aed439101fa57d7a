//! Runs the handlers of replicas, and lets their effects leave.

use simulated_clock::{Duration, Instant};

use super::World;
use super::input::Input;
use super::packet::Packet;
use crate::check::Violation;
use crate::nemesis::Struck;
use crate::network::Endpoint;
use crate::observation::ReplicaId;
use crate::replica::{BrokenOff, Effect, Outcome};
use crate::scenario::Occurrence;
use crate::system::System;

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
        if input.is_noted() && !self.notes(now, index, &input) {
            return;
        }
        let decisions = &mut self.decisions;
        let outcome = self.cluster.handle(now, index, input, late, decisions);
        self.after_handler(now, index, outcome);
    }

    /// Something is about to be handled that more have to know of than the replica; whether that
    /// hears of it, too.
    #[cold]
    fn notes(&mut self, now: Instant, index: usize, input: &Input<S::Replica>) -> bool {
        match input {
            Input::Operator { source, .. } => {
                self.watch.struck(*source, Struck::ActionsHandled, 1);
            }
            Input::SessionUp { peer, session } => self.told(index, *peer, *session),
            _ => {}
        }
        self.watch.trace_session(now, index, input);
        input.is_heard()
    }

    /// What follows every handler, and every start.
    #[inline(always)]
    pub(super) fn after_handler(&mut self, now: Instant, index: usize, outcome: Outcome<()>) {
        self.collect_observations(now, index);
        if self.nemesis.is_waiting() {
            self.cues(now, index as ReplicaId + 1);
        }
        let (elapsed, is_complete) = self.cluster.handled(index, &outcome);
        if !is_complete && !self.broke_off(now, index, outcome) {
            return;
        }
        self.let_effects_out(now, index);
        if elapsed > Duration::ZERO {
            let until = now + elapsed;
            self.cluster.keep_busy(index, until, &mut self.agenda);
        } else if let Some(death) = self.cluster[index].dying() {
            self.go_down(now, index, death);
        }
    }

    /// A handler ended otherwise than by returning: whether the process is dying. Otherwise that
    /// is a violation, which leaves nothing to be done.
    #[cold]
    fn broke_off(&mut self, now: Instant, index: usize, outcome: Outcome<()>) -> bool {
        match self.cluster.break_off(index, outcome) {
            BrokenOff::Crashed => {}
            BrokenOff::FailStop => self.watch.count(Occurrence::FailStop),
            BrokenOff::Panicked(caught) => {
                let id = self.cluster[index].id();
                self.watch.violated(Violation::panic(now, id, &caught));
                return false;
            }
        }
        true
    }

    /// Hands what was observed to everyone who counts or judges.
    #[inline]
    pub(super) fn collect_observations(&mut self, now: Instant, index: usize) {
        let watch = &mut self.watch;
        self.cluster.show(index, |who, observations| {
            watch.observe(now, who, observations);
        });
    }

    /// Effects leave in the order they were asked for, each after the writes before it.
    #[inline]
    fn let_effects_out(&mut self, now: Instant, index: usize) {
        self.cluster.line_up_effects();
        while let Some(timed) = self.cluster.next_effect() {
            if timed.after == Duration::ZERO {
                self.effect(now, index, timed.effect);
                continue;
            }
            self.cluster.postpone(now, index, timed, &mut self.agenda);
        }
    }

    /// The oldest waiting effect leaves.
    pub(super) fn leave(&mut self, now: Instant, index: usize, incarnation: u32) {
        if let Some(effect) = self.cluster.postponed(index, incarnation) {
            self.effect(now, index, effect);
        }
    }

    #[inline]
    fn effect(&mut self, now: Instant, index: usize, effect: Effect<S::Replica>) {
        let endpoints = self.network.endpoints();
        let agenda = &mut self.agenda;
        let (to, packet) = match effect {
            Effect::Send { to, message } => (endpoints.replica(to), Packet::Peer(message)),
            Effect::Reply(reply) => (endpoints.client(reply.id.client), Packet::Reply(reply)),
            Effect::SetTimer { timer, after } => {
                self.cluster.set_timer(now, index, timer, after, agenda);
                return;
            }
            Effect::CancelTimer(timer) => {
                self.cluster.cancel_timer(index, timer, agenda);
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
        if self.watch.traces() {
            self.send_and_tell(now, from, to, packet);
        } else {
            self.network
                .send(now, from, to, packet, &mut self.decisions, &mut self.agenda);
        }
    }

    #[cold]
    fn send_and_tell(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        packet: Packet<S::Replica>,
    ) {
        let leaving = self.watch.trace_leaving(now, from, to, &packet);
        let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
        let is_under_way = self.network.send(now, from, to, packet, decisions, agenda);
        self.watch.trace_left(leaving, is_under_way);
    }

    /// A handler's writes are done: the process goes down if it has to, or takes
    /// what waits.
    pub(super) fn ready(&mut self, now: Instant, index: usize, handlers: u64) {
        if !self.cluster.writes_done(index, handlers) {
            return;
        }
        if let Some(death) = self.cluster[index].dying() {
            self.go_down(now, index, death);
        } else {
            self.take_waiting(now, index);
        }
    }

    /// Takes inputs that waited, in the order they arrived, until one keeps it busy.
    pub(super) fn take_waiting(&mut self, now: Instant, index: usize) {
        while self.watch.violation().is_none()
            && let Some((since, input)) = self.cluster.take_waiting(index)
        {
            self.handle(now, index, input, now.saturating_since(since));
        }
    }
}
