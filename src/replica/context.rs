//! What a handler can see and do.

use std::rc::Rc;

use simulated_clock::{Duration, Instant, NodeClock};

use super::effect::{Effect, Timed};
use super::{Replica, Reply, TimerId};
use crate::decision::distribution::scale;
use crate::decision::{Decisions, Stream};
use crate::observation::{LogId, Observation, ReplicaId, Tape};
use crate::storage::Io;

/// What stays the same for one life of a replica, and what it shares with its disk.
#[derive(Debug)]
pub struct Surroundings<E> {
    /// The replica's number.
    pub replica: ReplicaId,
    /// How many replicas there are.
    pub replicas: u64,
    /// Which life this is, from 1 on.
    pub incarnation: u32,
    /// The gate to the disk.
    pub io: Rc<Io>,
    /// Where observations go.
    pub tape: Rc<Tape<E>>,
    /// The node's clock.
    pub clock: NodeClock,
    /// How often the replica read the clock while a fault made it wrong.
    pub wrong_readings: u64,
    /// Draws the errors of the clock's synchronisations.
    pub clock_errors: Option<Stream>,
    /// The choices that this life has asked for, by name.
    pub choices: Vec<(&'static str, Stream)>,
}

impl<E> Surroundings<E> {
    /// What the node's clock reads at `now`, and how uncertain it says that is.
    pub fn read_clock(&mut self, now: Instant, decisions: &mut Decisions) -> (Instant, Duration) {
        let Self {
            clock,
            clock_errors,
            replica,
            ..
        } = self;
        let bound = clock.options().uncertainty.as_nanos();
        clock.advance_to(now, |_| {
            let stream = clock_errors
                .get_or_insert_with(|| decisions.stream("clock_error", format!("r{replica}")));
            // Boring is zero error, so the offset is drawn from both sides of it.
            let drawn = decisions.ask(stream, bound, |slice| scale(slice, 2 * bound + 1));
            drawn.min(2 * bound) as i64 - bound as i64
        });
        (clock.read(now), clock.uncertainty(now))
    }
}

/// Handed to a replica with every event.
#[derive(Debug)]
pub struct Context<'a, R: Replica> {
    now: Instant,
    surroundings: &'a mut Surroundings<R::Entry>,
    decisions: &'a mut Decisions,
    effects: &'a mut Vec<Timed<R>>,
}

impl<'a, R: Replica> Context<'a, R> {
    /// A context for one handler; its effects are appended to `effects`.
    pub fn new(
        now: Instant,
        surroundings: &'a mut Surroundings<R::Entry>,
        decisions: &'a mut Decisions,
        effects: &'a mut Vec<Timed<R>>,
    ) -> Self {
        Self {
            now,
            surroundings,
            decisions,
            effects,
        }
    }

    /// The replica's own number.
    pub fn me(&self) -> ReplicaId {
        self.surroundings.replica
    }

    /// How many replicas there are; they are numbered from 1 on.
    pub fn replicas(&self) -> u64 {
        self.surroundings.replicas
    }

    /// All other replicas.
    pub fn peers(&self) -> impl Iterator<Item = ReplicaId> + use<R> {
        let me = self.me();
        (1..=self.replicas()).filter(move |replica| *replica != me)
    }

    /// Which life of the replica this is, from 1 on.
    pub fn incarnation(&self) -> u32 {
        self.surroundings.incarnation
    }

    /// What the node's clock reads, and how uncertain it says that is.
    pub fn clock(&mut self) -> (Instant, Duration) {
        let reading = self.surroundings.read_clock(self.now, self.decisions);
        let is_wrong = !self.surroundings.clock.is_truthful();
        self.surroundings.wrong_readings += u64::from(is_wrong);
        reading
    }

    /// Chooses a number below `bound`; `name` tells the choice from others.
    ///
    /// # Panics
    /// If `bound` is zero.
    pub fn choose(&mut self, name: &'static str, bound: u64) -> u64 {
        let Surroundings {
            choices,
            replica,
            incarnation,
            ..
        } = &mut *self.surroundings;
        let known = choices.iter().position(|(other, _)| *other == name);
        let place = known.unwrap_or_else(|| {
            let scope = format!("r{replica}.i{incarnation}");
            choices.push((name, self.decisions.stream(name, scope)));
            choices.len() - 1
        });
        self.decisions.below(&mut choices[place].1, bound)
    }

    /// Sends a message to a peer.
    #[inline]
    pub fn send(&mut self, to: ReplicaId, message: R::Message) {
        debug_assert!(
            (1..=self.replicas()).contains(&to),
            "there is no replica {to}"
        );
        debug_assert_ne!(to, self.me(), "a replica does not send to itself");
        self.emit(Effect::Send { to, message });
    }

    /// Answers a client.
    #[inline]
    pub fn reply(&mut self, reply: Reply<R::Output>) {
        self.emit(Effect::Reply(Box::new(reply)));
    }

    /// Lets a timer fire once after `after` by the node's oscillator, in place
    /// of one of the same name that is pending.
    #[inline]
    pub fn set_timer(&mut self, timer: TimerId, after: Duration) {
        self.emit(Effect::SetTimer { timer, after });
    }

    /// Lets a pending timer not fire.
    pub fn cancel_timer(&mut self, timer: TimerId) {
        self.emit(Effect::CancelTimer(timer));
    }

    /// Tells the checks something: of the replica as a whole, or of its first log.
    #[inline]
    pub fn observe(&self, observation: impl FnOnce() -> Observation<R::Entry>) {
        self.observe_log(LogId::FIRST, observation);
    }

    /// Tells the checks something of one of several logs, which the others replicate under the
    /// same number.
    ///
    /// Each log has its own ballots, entries, decided index, reference and state; the leader of
    /// the log with the highest number is the one that faults strike as `"leader"`.
    #[inline]
    pub fn observe_log(&self, log: LogId, observation: impl FnOnce() -> Observation<R::Entry>) {
        self.surroundings.tape.record(log, observation);
    }

    /// Tells the checks that a bug, planted on purpose, made the replica do what the correct code
    /// would not have done, if it did: so that a run says how often its bug acted.
    pub fn deviates_if(&self, deviates: bool) {
        if deviates {
            self.observe(|| Observation::Deviated);
        }
    }

    #[inline]
    fn emit(&mut self, effect: Effect<R>) {
        let io = &self.surroundings.io;
        self.effects.push(Timed {
            after: io.elapsed(),
            writes: io.writes(),
            effect,
        });
    }
}
