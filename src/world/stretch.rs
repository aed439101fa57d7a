//! What is observed goes to the checks a stretch of the run at a time.
//!
//! Checks read observations and never the world: nothing depends on when they
//! look, as long as they look before somebody asks what they or the tally have
//! learnt. Looking at the observations of many events together is faster, because
//! the checks' code then stays in the processor's cache, and so does the world's.
//!
//! A violation is found late that way, after events that should not have been. So
//! a run that shows one is run again, with a look after each event, and ends where
//! it has to. Who watches the steps of a run gets it so in the first place.

use std::rc::Rc;

use simulated_clock::Instant;

use super::World;
use super::tally::Tally;
use crate::check::{Class, LeaderLog};
use crate::observation::{Kinds, Observation, ReplicaId, RequestId};
use crate::systems::{EntryOf, System};

/// The most observations between two looks: enough for some tens of events, and
/// few enough to stay in the first cache.
const OBSERVATIONS_MAX: usize = 64;

/// What the checks have not looked at, beside the observations on the tape.
#[derive(Debug)]
pub(super) struct Unseen {
    waiting: Vec<Waiting>,
    /// How far the tape belongs to somebody.
    end: usize,
    /// They look when this many observations wait.
    look_at: usize,
}

#[derive(Clone, Copy, Debug)]
enum Waiting {
    /// What one replica left on the tape at one time, up to this place.
    Observed {
        at: Instant,
        replica: ReplicaId,
        incarnation: u32,
        end: usize,
    },
    /// A client asked for the command with this digest.
    Invoked { request: RequestId, digest: u64 },
}

impl Default for Unseen {
    /// Nothing so far, and a look after each event.
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            end: 0,
            look_at: 1,
        }
    }
}

impl<S: System> World<'_, S> {
    /// The checks look at many events together, unless there are faults that wait
    /// for something to be said: those have to hear it when it is.
    pub(super) fn look_now_and_then(&mut self) {
        if self.targeted.listens() == Kinds::of(&[]) {
            self.unseen.look_at = OBSERVATIONS_MAX;
        }
    }

    /// What a replica left on the tape waits for the checks to look.
    #[inline]
    pub(super) fn collect_observations(&mut self, at: Instant, index: usize) {
        let end = self.tape.len();
        if end == self.unseen.end {
            return;
        }
        let process = &self.processes[index];
        self.unseen.end = end;
        self.unseen.waiting.push(Waiting::Observed {
            at,
            replica: process.id,
            incarnation: process.surroundings.incarnation,
            end,
        });
        if end >= self.unseen.look_at {
            self.look();
        }
    }

    /// A client asks for the command with this digest.
    pub(super) fn invoked(&mut self, request: RequestId, digest: u64) {
        let invoked = Waiting::Invoked { request, digest };
        self.unseen.waiting.push(invoked);
    }

    /// Shows everything that waits to everyone who counts or judges.
    #[inline(never)]
    pub(super) fn look(&mut self) {
        if self.tape.is_empty() {
            return;
        }
        let tape = Rc::clone(&self.tape);
        let mut waiting = std::mem::take(&mut self.unseen.waiting);
        self.unseen.end = 0;
        tape.show(|observations| {
            let mut begin = 0;
            for waiting in waiting.drain(..) {
                match waiting {
                    Waiting::Invoked { request, digest } => self.checks.invoked(request, digest),
                    Waiting::Observed {
                        at,
                        replica,
                        incarnation,
                        end,
                    } => {
                        self.observe(at, (replica, incarnation), &observations[begin..end]);
                        begin = end;
                    }
                }
            }
            debug_assert_eq!(begin, observations.len(), "each belongs to somebody");
        });
        self.unseen.waiting = waiting;
    }

    #[inline(always)]
    fn observe(
        &mut self,
        at: Instant,
        (replica, incarnation): (ReplicaId, u32),
        observations: &[Observation<EntryOf<S>>],
    ) {
        let cues = self.targeted.listens();
        let is_told = self.observations.is_some() || self.tracer.is_some();
        for observation in observations {
            if is_told {
                self.keep_observation(at, replica, incarnation, observation);
                self.trace_observation(at, replica, observation);
            }
            let kind = observation.kind();
            if cues.contains(kind) {
                self.cue(at, replica, observation);
            }
            if Tally::COUNTS.contains(kind) {
                let last = self.checks.ledger(replica).last();
                self.tally.observe(replica, last, observation);
            }
            if LeaderLog::SEES.contains(kind) {
                self.leaders.observe(at, replica, observation);
            }
            let violation = self.checks.observe(at, replica, incarnation, observation);
            if let Some(violation) = violation {
                self.violated(violation);
            }
        }
    }

    /// Whether the run went on after a violation that nobody had seen yet. A
    /// panic is seen at once.
    pub(super) fn went_too_far(&self) -> bool {
        let is_late = |class| self.unseen.look_at > 1 && class != Class::Panic;
        self.violation
            .as_ref()
            .is_some_and(|violation| is_late(violation.class))
    }
}
