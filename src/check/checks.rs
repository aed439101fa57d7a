//! All invariants over one run.

use std::collections::BTreeMap;
use std::hash::Hash;

use simulated_clock::Instant;

use super::invariants::Invariants;
use super::log_checks::{LogChecks, Source};
use super::reference::Fold;
use super::witness::{WitnessLog, WitnessOp, Witnessed, witness};
use super::{Evaluated, Facts, Held, Requests, Seen, Violation};
use crate::decision::hash::Lanes;
use crate::observation::{
    Kind, Kinds, Ledger, LogId, Observation, Position, ReplicaId, Replicated, RequestId,
};

/// All invariants over one run, and what they see of it: each log for itself, and what clients ask
/// over all logs.
#[derive(Clone, Debug)]
pub struct Checks<E, F> {
    requests: Requests,
    /// The first log, which is the only one of most systems.
    first: LogChecks<F>,
    /// Further logs, from their first observation on.
    others: BTreeMap<LogId, LogChecks<F>>,
    entry: std::marker::PhantomData<fn(&E)>,
}

impl<E: Replicated, F: Fold<E>> Checks<E, F> {
    /// The checks of a run with this many replicas, without those named.
    pub fn new(replicas: u64, without: &[String]) -> Self {
        assert!(replicas > 0, "a run has replicas");
        Self {
            requests: Requests::default(),
            first: LogChecks::new(replicas, Invariants::new(replicas, without)),
            others: BTreeMap::new(),
            entry: std::marker::PhantomData,
        }
    }

    /// A client asks for the command with this digest.
    #[inline]
    pub fn invoked(&mut self, request: RequestId, command_digest: u64) {
        self.requests.invoke(request, command_digest);
    }

    /// Takes one observation of a log into account, and gives the first violation.
    #[inline]
    pub fn observe(
        &mut self,
        at: Instant,
        (replica, incarnation): (ReplicaId, u32),
        log: LogId,
        observation: &Observation<E>,
    ) -> Option<Box<Violation>> {
        let from = Source {
            at,
            replica,
            incarnation,
            log,
        };
        // A copy of the path for each of the frequent kinds, with nothing on it
        // that does not look at that kind.
        match observation {
            Observation::Written => {
                self.take(|sees| sees.contains(Kind::Written), from, observation)
            }
            Observation::Appended { .. } => {
                self.take(|sees| sees.contains(Kind::Appended), from, observation)
            }
            Observation::Decided { .. } => {
                self.take(|sees| sees.contains(Kind::Decided), from, observation)
            }
            Observation::Said { .. } => {
                self.take(|sees| sees.contains(Kind::Said), from, observation)
            }
            Observation::Applied { .. } => {
                self.take(|sees| sees.contains(Kind::Applied), from, observation)
            }
            Observation::Replied { .. } => {
                self.take(|sees| sees.contains(Kind::Replied), from, observation)
            }
            _ => self.take_rare(from, observation),
        }
    }

    #[inline(never)]
    fn take_rare(&mut self, from: Source, observation: &Observation<E>) -> Option<Box<Violation>> {
        let kind = observation.kind();
        let is_seen = |sees: Kinds| sees.contains(kind);
        let mut found = self.take(is_seen, from, observation);
        // A life begins and ends for all logs.
        if matches!(kind, Kind::Started | Kind::Crashed) {
            for (log, checks) in &mut self.others {
                let from = Source { log: *log, ..from };
                let of_other = checks.take(is_seen, from, &mut self.requests, observation);
                found = found.or(of_other);
            }
        }
        found
    }

    #[inline(always)]
    fn take(
        &mut self,
        is_seen: impl Fn(Kinds) -> bool,
        from: Source,
        observation: &Observation<E>,
    ) -> Option<Box<Violation>> {
        let checks = match from.log {
            LogId::FIRST => &mut self.first,
            other => beyond_first(&self.first, &mut self.others, other),
        };
        checks.take(is_seen, from, &mut self.requests, observation)
    }

    /// An observation that was taken into account, as others see it.
    ///
    /// # Panics
    /// If nothing was ever observed of the log.
    pub fn seen<'a>(
        &'a self,
        at: Instant,
        (replica, incarnation): (ReplicaId, u32),
        log: LogId,
        observation: &'a Observation<E>,
    ) -> Seen<'a, E> {
        let checks = self.log(log).expect("it was observed");
        let from = Source {
            at,
            replica,
            incarnation,
            log,
        };
        checks.seen(from, &self.requests, observation)
    }

    /// How often each invariant was evaluated, over all logs.
    pub fn results(&self) -> Vec<Evaluated> {
        let mut results = self.first.invariants.results();
        for checks in self.others.values() {
            for (all, one) in results.iter_mut().zip(checks.invariants.results()) {
                *all = all.and(&one);
            }
        }
        results
    }

    /// The digest of everything that could make a later observation a violation,
    /// or keep it from being one.
    pub fn remembered(&self) -> u64 {
        let Self {
            requests,
            first,
            others,
            entry: _,
        } = self;
        let mut hasher = Lanes::new(0);
        (requests, first, others).hash(&mut hasher);
        hasher.finish()
    }

    /// What is checked of a log, if anything was observed of it.
    pub fn log(&self, log: LogId) -> Option<&LogChecks<F>> {
        match log {
            LogId::FIRST => Some(&self.first),
            other => self.others.get(&other),
        }
    }

    /// All logs: the first, and further ones of which anything was observed.
    pub fn logs(&self) -> impl Iterator<Item = (LogId, &LogChecks<F>)> {
        let others = self.others.iter().map(|(log, checks)| (*log, checks));
        std::iter::once((LogId::FIRST, &self.first)).chain(others)
    }

    /// What a replica's disk holds of the first log.
    pub fn ledger(&self, replica: ReplicaId) -> &Ledger {
        self.first.ledger(replica)
    }

    /// What was learnt of the first log.
    pub fn facts(&self) -> &Facts {
        self.first.facts()
    }

    /// What was learnt of requests.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// D(index) of the first log, as decided, where somebody could tell it.
    pub fn agreed(&self, index: u64) -> Option<u64> {
        self.facts().agreed(index)
    }

    /// The index at which a command was executed first, in whichever log.
    pub fn executed_at(&self, request: RequestId) -> Option<u64> {
        let place = self.requests.executed_at(request);
        place.map(|(_, index)| index)
    }

    /// What a replica said last, in its present life, that it holds of the first log.
    pub fn held(&self, replica: ReplicaId) -> Option<Held> {
        self.first.held(replica)
    }

    /// How many applied entries the reference could not judge.
    pub fn skipped(&self) -> u64 {
        let others = self.others.values().map(LogChecks::skipped);
        self.first.skipped() + others.sum::<u64>()
    }

    /// Judges the whole history by the agreed log, in real time or not ([`witness`]).
    pub fn witness(&self, ops: &[WitnessOp], keeps_real_time: bool) -> Witnessed {
        if !self.others.is_empty() {
            return Witnessed::NotApplicable("there are several logs, and no order of all entries");
        }
        witness(ops, self, keeps_real_time)
    }
}

/// The checks of a log beyond the first.
#[cold]
fn beyond_first<'a, F: Default>(
    first: &LogChecks<F>,
    others: &'a mut BTreeMap<LogId, LogChecks<F>>,
    log: LogId,
) -> &'a mut LogChecks<F> {
    others.entry(log).or_insert_with(|| first.anew())
}

impl<E: Replicated, F: Fold<E>> WitnessLog for Checks<E, F> {
    fn executed_at(&self, request: RequestId) -> Option<u64> {
        Checks::executed_at(self, request)
    }

    fn executed_twice(&self) -> bool {
        self.requests.executed_twice()
    }

    fn reply(&self, _: RequestId, position: Position) -> Option<u64> {
        match position {
            Position::At(index) => self.first.reference_reply(index),
            // The fold has gone on, and entries are not kept.
            Position::After(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
