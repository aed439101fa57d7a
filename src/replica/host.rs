//! The life of one replica: it starts, handles what happens to it, goes down and starts again.
//!
//! Runs and searches live through the same lives; when each of these things happens, what is
//! told of it and where effects go is theirs.

use std::rc::Rc;

use simulated_clock::{Duration, Instant, NodeClock};

use super::context::{Context, Surroundings};
use super::effect::Timed;
use super::guard::{Caught, Outcome, guarded};
use super::{Event, Replica};
use crate::decision::Decisions;
use crate::observation::{ReplicaId, Tape};
use crate::storage::{Disk, DiskOptions, Io};

/// A replica while it is up, and what outlives it.
pub(crate) struct Host<R: Replica> {
    /// `None` while it is down.
    replica: Option<R>,
    disk: R::Disk,
    surroundings: Surroundings<R::Entry>,
}

/// What a handler may use while it runs.
pub(crate) struct Turn<'a, R: Replica> {
    pub(crate) now: Instant,
    pub(crate) decisions: &'a mut Decisions,
    /// Where the effects that it asks for are appended.
    pub(crate) effects: &'a mut Vec<Timed<R>>,
}

/// How a handler broke off.
pub(crate) enum BrokenOff {
    /// A crash struck at one of its writes.
    Crashed,
    /// It panicked because a write had failed, as the code under test may.
    FailStop,
    /// It panicked.
    Panicked(Caught),
}

impl<R: Replica> Host<R> {
    /// A replica that was never started.
    pub(crate) fn new(id: ReplicaId, replicas: u64, disk: &DiskOptions, clock: NodeClock) -> Self {
        let io = Rc::new(Io::default());
        let tape = Rc::new(Tape::default());
        Self {
            replica: None,
            disk: R::Disk::create(disk, Rc::clone(&io), Rc::clone(&tape)),
            surroundings: Surroundings {
                replica: id,
                replicas,
                incarnation: 0,
                io,
                tape,
                clock,
                clock_errors: None,
                wrong_readings: 0,
                choices: Vec::new(),
            },
        }
    }

    /// The replica's number.
    pub(crate) fn id(&self) -> ReplicaId {
        self.surroundings.replica
    }

    #[inline]
    pub(crate) fn is_up(&self) -> bool {
        self.replica.is_some()
    }

    /// The replica, if it is up.
    #[cfg(feature = "explore")]
    pub(crate) fn replica(&self) -> Option<&R> {
        self.replica.as_ref()
    }

    /// Which life this is, from 1 on; 0 before the first.
    pub(crate) fn incarnation(&self) -> u32 {
        self.surroundings.incarnation
    }

    /// The gate to the disk, which has to know where each handler begins.
    #[inline]
    pub(crate) fn io(&self) -> &Io {
        &self.surroundings.io
    }

    /// Where what it shows is collected.
    #[inline]
    pub(crate) fn tape(&self) -> &Rc<Tape<R::Entry>> {
        &self.surroundings.tape
    }

    pub(crate) fn clock(&self) -> &NodeClock {
        &self.surroundings.clock
    }

    pub(crate) fn clock_mut(&mut self) -> &mut NodeClock {
        &mut self.surroundings.clock
    }

    /// What its clock reads, and how uncertain it says that is.
    pub(crate) fn read_clock(
        &mut self,
        now: Instant,
        decisions: &mut Decisions,
    ) -> (Instant, Duration) {
        self.surroundings.read_clock(now, decisions)
    }

    /// How often it read its clock while a fault made it wrong.
    pub(crate) fn wrong_readings(&self) -> u64 {
        self.surroundings.wrong_readings
    }

    /// How many of its last writes are not synced.
    #[cfg(feature = "explore")]
    pub(crate) fn unsynced(&self) -> u64 {
        self.disk.unsynced()
    }

    /// A new life begins, the number of which is returned; the replica is to be
    /// [started](Self::start).
    ///
    /// # Panics
    /// If it is up.
    pub(crate) fn begin_life(&mut self) -> u32 {
        assert!(!self.is_up(), "one life at a time");
        self.surroundings.incarnation += 1;
        self.surroundings.choices.clear();
        self.incarnation()
    }

    /// Starts the replica on its disk.
    pub(crate) fn start(&mut self, options: &R::Options, turn: Turn<'_, R>) -> Outcome<()> {
        let disk = self.disk.clone();
        let mut context = turn.context(&mut self.surroundings);
        match guarded(|| R::start(options, disk, &mut context)) {
            Outcome::Returned(replica) => {
                self.replica = Some(replica);
                Outcome::Returned(())
            }
            Outcome::Crashed => Outcome::Crashed,
            Outcome::Panicked(caught) => Outcome::Panicked(caught),
        }
    }

    /// The replica handles an event. It is made where it is taken: one that is not moved as a
    /// whole does not wait for having been made in parts.
    ///
    /// # Panics
    /// If it is down.
    #[inline(always)]
    pub(crate) fn handle(
        &mut self,
        event: impl FnOnce() -> Event<R>,
        turn: Turn<'_, R>,
    ) -> Outcome<()> {
        let replica = self.replica.as_mut();
        let replica = replica.expect("only a replica that is up takes inputs");
        let mut context = turn.context(&mut self.surroundings);
        guarded(|| replica.handle(event(), &mut context))
    }

    /// Whether a handler that ended so did all it wanted to.
    #[inline]
    pub(crate) fn is_complete(&self, outcome: &Outcome<()>) -> bool {
        matches!(outcome, Outcome::Returned(())) && !self.io().is_doomed()
    }

    /// A handler ended without being [complete](Self::is_complete): nothing more is taken, read
    /// or observed from this instance, and of its effects those remain that left before.
    pub(crate) fn break_off(
        &mut self,
        outcome: Outcome<()>,
        effects: &mut Vec<Timed<R>>,
    ) -> BrokenOff {
        self.replica = None;
        match outcome {
            Outcome::Returned(()) => {
                // The crash struck after the last write, before the effects after it.
                let writes = self.io().writes();
                effects.retain(|timed| timed.writes < writes);
                BrokenOff::Crashed
            }
            Outcome::Crashed => BrokenOff::Crashed,
            Outcome::Panicked(_) if self.io().has_failed() => BrokenOff::FailStop,
            Outcome::Panicked(caught) => {
                effects.clear();
                BrokenOff::Panicked(caught)
            }
        }
    }

    /// It goes down: all that is volatile is gone.
    pub(crate) fn go_down(&mut self) {
        self.replica = None;
        self.io().disarm();
    }

    /// What a crash does to the disk; `lost` says how many of so many writes are lost.
    pub(crate) fn crash_disk(&mut self, lost: &mut dyn FnMut(u64) -> u64) {
        self.disk.crash(lost);
    }
}

impl<'a, R: Replica> Turn<'a, R> {
    #[inline(always)]
    fn context<'s>(self, surroundings: &'s mut Surroundings<R::Entry>) -> Context<'s, R>
    where
        'a: 's,
    {
        Context::new(self.now, surroundings, self.decisions, self.effects)
    }
}
