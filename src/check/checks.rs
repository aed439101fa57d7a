//! All invariants over one run.

use std::hash::Hash;

use serde::Serialize;
use simulated_clock::Instant;

use super::per_replica::PerReplica;
use super::reference::{Fold, Reference};
use super::witness::{WitnessLog, WitnessOp, Witnessed, witness};
use super::{Breach, Broken, Facts, Held, Invariants, Ledger, Seen, Violation};
use crate::decision::hash::Lanes;
use crate::observation::{Kind, Kinds, Observation, Position, ReplicaId, Replicated, RequestId};

/// How often a check was evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluated {
    /// The check.
    pub name: &'static str,
    /// How often; `None` where it is not applicable: switched off, or without
    /// anything to compare.
    pub evaluated: Option<u64>,
    /// How often it would have been, up to its first violation, where it is switched off; `None`
    /// where it is on, and where there was nothing to evaluate: to switch it off changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switched_off: Option<u64>,
}

impl Evaluated {
    /// A check that was evaluated this often.
    pub const fn of(name: &'static str, evaluated: u64) -> Self {
        Self {
            name,
            evaluated: if evaluated == 0 {
                None
            } else {
                Some(evaluated)
            },
            switched_off: None,
        }
    }

    /// The same check, switched off.
    #[must_use]
    pub const fn off(self) -> Self {
        Self {
            name: self.name,
            evaluated: None,
            switched_off: self.evaluated,
        }
    }
}

/// All invariants over one run, and what they are told of it.
#[derive(Clone, Debug)]
pub struct Checks<E, F> {
    ledgers: PerReplica<Ledger>,
    facts: Facts,
    reference: Reference<F>,
    invariants: Invariants,
    entry: std::marker::PhantomData<fn(&E)>,
}

impl<E: Replicated, F: Fold<E>> Checks<E, F> {
    /// The checks of a run with this many replicas, without those named.
    pub fn new(replicas: u64, without: &[String]) -> Self {
        assert!(replicas > 0, "a run has replicas");
        Self {
            ledgers: PerReplica::new(replicas),
            facts: Facts::new(replicas),
            reference: Reference::default(),
            invariants: Invariants::new(replicas, without),
            entry: std::marker::PhantomData,
        }
    }

    /// A client asks for the command with this digest.
    #[inline]
    pub fn invoked(&mut self, request: RequestId, command_digest: u64) {
        self.facts.invoke(request, command_digest);
    }

    /// Takes one observation into account, and gives the first violation.
    #[inline]
    pub fn observe(
        &mut self,
        at: Instant,
        replica: ReplicaId,
        incarnation: u32,
        observation: &Observation<E>,
    ) -> Option<Box<Violation>> {
        let who = (replica, incarnation);
        // A copy of the path for each of the frequent kinds, with nothing on it
        // that does not look at that kind.
        match observation {
            Observation::Written => {
                self.take(|sees| sees.contains(Kind::Written), at, who, observation)
            }
            Observation::Appended { .. } => {
                self.take(|sees| sees.contains(Kind::Appended), at, who, observation)
            }
            Observation::Decided { .. } => {
                self.take(|sees| sees.contains(Kind::Decided), at, who, observation)
            }
            Observation::Said { .. } => {
                self.take(|sees| sees.contains(Kind::Said), at, who, observation)
            }
            Observation::Applied { .. } => {
                self.take(|sees| sees.contains(Kind::Applied), at, who, observation)
            }
            Observation::Replied { .. } => {
                self.take(|sees| sees.contains(Kind::Replied), at, who, observation)
            }
            _ => self.take_rare(at, who, observation),
        }
    }

    #[inline(never)]
    fn take_rare(
        &mut self,
        at: Instant,
        who: (ReplicaId, u32),
        observation: &Observation<E>,
    ) -> Option<Box<Violation>> {
        let kind = observation.kind();
        self.take(|sees| sees.contains(kind), at, who, observation)
    }

    /// Takes an observation of a kind into account, of which `is_seen` tells who
    /// sees it: a type of its own for each kind, so that it is told beforehand.
    #[inline(always)]
    fn take(
        &mut self,
        is_seen: impl Fn(Kinds) -> bool,
        at: Instant,
        (replica, incarnation): (ReplicaId, u32),
        observation: &Observation<E>,
    ) -> Option<Box<Violation>> {
        let ledger = &mut self.ledgers[replica];
        ledger.observe(observation);
        self.reference.observe(&mut self.facts, observation);
        let ledger = &*ledger;
        let seen = Seen {
            at,
            replica,
            incarnation,
            ledger,
            facts: &self.facts,
            observation,
        };
        if let Err((check, broken)) = self.invariants.observe(is_seen, &seen) {
            return Some(violated(check, at, broken));
        }
        self.facts.adopt(replica, ledger, observation);
        None
    }

    /// An observation that was taken into account, as others see it.
    pub fn seen<'a>(
        &'a self,
        at: Instant,
        (replica, incarnation): (ReplicaId, u32),
        observation: &'a Observation<E>,
    ) -> Seen<'a, E> {
        Seen {
            at,
            replica,
            incarnation,
            ledger: &self.ledgers[replica],
            facts: &self.facts,
            observation,
        }
    }

    /// How often each invariant was evaluated.
    pub fn results(&self) -> Vec<Evaluated> {
        self.invariants.results()
    }

    /// The digest of everything that could make a later observation a violation,
    /// or keep it from being one.
    pub fn remembered(&self) -> u64 {
        let Self {
            ledgers,
            facts,
            reference,
            invariants,
            entry: _,
        } = self;
        let mut hasher = Lanes::new(0);
        (ledgers, facts, reference, invariants).hash(&mut hasher);
        hasher.finish()
    }

    /// What a replica's disk holds.
    pub fn ledger(&self, replica: ReplicaId) -> &Ledger {
        &self.ledgers[replica]
    }

    /// What was learnt of the run.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// D(index) of the decided log, where somebody could tell it.
    pub fn agreed(&self, index: u64) -> Option<u64> {
        self.facts.agreed(index)
    }

    /// The digest of the reply at a log index, where the reference computed it.
    pub fn reference_reply(&self, index: u64) -> Option<u64> {
        if index > self.reference.index() {
            return None;
        }
        self.facts.applied(index).map(|entry| entry.reply)
    }

    /// The log index at which a command was executed first.
    pub fn executed_at(&self, request: RequestId) -> Option<u64> {
        self.facts.executed_at(request)
    }

    /// What a replica said last, in its present life, that it holds.
    pub fn held(&self, replica: ReplicaId) -> Option<Held> {
        self.facts.held(replica)
    }

    /// How many applied entries the reference could not judge.
    pub fn skipped(&self) -> u64 {
        self.reference.skipped()
    }

    /// Judges the whole history by the agreed log, in real time or not ([`witness`]).
    pub fn witness(&self, ops: &[WitnessOp], keeps_real_time: bool) -> Witnessed {
        witness(ops, self, keeps_real_time)
    }
}

impl<E: Replicated, F: Fold<E>> WitnessLog for Checks<E, F> {
    fn executed_at(&self, request: RequestId) -> Option<u64> {
        self.facts.executed_at(request)
    }

    fn executed_twice(&self) -> bool {
        self.facts.executed_twice()
    }

    fn reply(&self, _: RequestId, position: Position) -> Option<u64> {
        match position {
            Position::At(index) => self.reference_reply(index),
            // The fold has gone on, and entries are not kept.
            Position::After(_) => None,
        }
    }
}

#[cold]
fn violated(check: &'static str, at: Instant, broken: Broken) -> Box<Violation> {
    let Breach {
        cause,
        replicas,
        message,
        requests,
    } = broken.into_breach();
    Box::new(Violation::safety(check, cause, at, replicas, message).shown_by(requests))
}

#[cfg(test)]
mod tests;
