//! All invariants over one log, and what they see of it.

use std::hash::{Hash, Hasher};

use simulated_clock::Instant;

use super::invariants::Invariants;
use super::per_replica::PerReplica;
use super::reference::{Fold, Reference};
use super::{Breach, Broken, Facts, Held, Requests, Seen, Violation};
use crate::observation::{Kinds, Ledger, LogId, Observation, ReplicaId, Replicated};

/// All invariants over one log, and what they see of it.
#[derive(Clone, Debug)]
pub struct LogChecks<F> {
    ledgers: PerReplica<Ledger>,
    facts: Facts,
    reference: Reference<F>,
    pub(super) invariants: Invariants,
}

/// What the fold holds follows from how far it has come.
impl<F> Hash for LogChecks<F> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Self {
            ledgers,
            facts,
            reference,
            invariants,
        } = self;
        (ledgers, facts, reference, invariants).hash(hasher);
    }
}

/// Who is observed, when, and of which log.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub(super) at: Instant,
    pub(super) replica: ReplicaId,
    pub(super) incarnation: u32,
    pub(super) log: LogId,
}

impl<F> LogChecks<F> {
    /// Nothing is known of the log yet.
    pub(super) fn new(replicas: u64, invariants: Invariants) -> Self
    where
        F: Default,
    {
        Self {
            ledgers: PerReplica::new(replicas),
            facts: Facts::new(replicas),
            reference: Reference::default(),
            invariants,
        }
    }

    /// The checks of another log of the same replicas, of which nothing is known.
    pub(super) fn anew(&self) -> Self
    where
        F: Default,
    {
        let replicas = self.ledgers.len();
        Self::new(replicas, self.invariants.anew(replicas))
    }

    /// Takes an observation of a kind into account, of which `is_seen` says who sees it: a type
    /// of its own for each kind, so that it is known when this is compiled.
    #[inline(always)]
    pub(super) fn take<E: Replicated>(
        &mut self,
        is_seen: impl Fn(Kinds) -> bool,
        from: Source,
        requests: &mut Requests,
        observation: &Observation<E>,
    ) -> Option<Box<Violation>>
    where
        F: Fold<E>,
    {
        let ledger = &mut self.ledgers[from.replica];
        ledger.observe(observation);
        self.reference.observe(&mut self.facts, observation);
        let ledger = &*ledger;
        let seen = Seen {
            at: from.at,
            replica: from.replica,
            incarnation: from.incarnation,
            log: from.log,
            ledger,
            facts: &self.facts,
            requests,
            observation,
        };
        if let Err((check, broken)) = self.invariants.observe(is_seen, &seen) {
            return Some(violated(check, from, broken));
        }
        self.facts.adopt(from.replica, ledger, observation);
        if let Observation::Applied {
            index,
            entry,
            executed: true,
            ..
        } = observation
        {
            requests.execute(from.log, *index, entry);
        }
        None
    }

    /// An observation that was taken into account, as others see it.
    pub(super) fn seen<'a, E>(
        &'a self,
        from: Source,
        requests: &'a Requests,
        observation: &'a Observation<E>,
    ) -> Seen<'a, E> {
        Seen {
            at: from.at,
            replica: from.replica,
            incarnation: from.incarnation,
            log: from.log,
            ledger: &self.ledgers[from.replica],
            facts: &self.facts,
            requests,
            observation,
        }
    }

    /// What a replica's disk holds of the log.
    pub fn ledger(&self, replica: ReplicaId) -> &Ledger {
        &self.ledgers[replica]
    }

    /// What was learnt of the log.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What a replica said last, in its present life, that it holds.
    pub fn held(&self, replica: ReplicaId) -> Option<Held> {
        self.facts.held(replica)
    }

    /// The digest of the reply at an index, where the reference computed it.
    pub fn reference_reply(&self, index: u64) -> Option<u64> {
        if index > self.reference.index() {
            return None;
        }
        self.facts.applied(index).map(|entry| entry.reply)
    }

    /// How many applied entries the reference could not judge.
    pub fn skipped(&self) -> u64 {
        self.reference.skipped()
    }
}

#[cold]
fn violated(check: &'static str, from: Source, broken: Broken) -> Box<Violation> {
    let Breach {
        cause,
        replicas,
        message,
        requests,
    } = broken.into_breach();
    let violation = Violation::safety(check, cause, from.at, replicas, message);
    Box::new(violation.in_log(from.log).shown_by(requests))
}
