//! A bench for one invariant: ledgers, facts and a reference, as in a run.

use simulated_clock::Instant;

use super::invariant::Breach;
use super::reference::{Fold, Reference};
use super::{Broken, Facts, Invariant, Requests, Seen};
use crate::decision::hash::mix;
use crate::observation::{
    Ballot, Chain, Ledger, LogId, Observation, Position, ReplicaId, Replicated, RequestId, Voice,
};

/// An entry: a client adds an amount.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Add {
    request: RequestId,
    amount: u64,
}

impl Add {
    pub(super) fn new(client: u64, sequence: u64, amount: u64) -> Self {
        Self {
            request: RequestId { client, sequence },
            amount,
        }
    }

    /// The digest of the whole entry.
    pub(super) fn content(&self) -> u64 {
        mix(mix(self.request.client, self.request.sequence), self.amount)
    }
}

impl Replicated for Add {
    fn request(&self) -> RequestId {
        self.request
    }

    fn command_digest(&self) -> u64 {
        self.amount
    }
}

/// The state of the service is the sum, and so is every reply.
#[derive(Clone, Default)]
pub(super) struct Sum(u64);

impl Fold<Add> for Sum {
    fn apply(&mut self, entry: &Add) -> u64 {
        self.0 += entry.amount;
        self.0
    }

    fn state_digest(&self) -> u64 {
        self.0
    }

    fn judge(&self) -> Option<Result<(), String>> {
        Some(match self.0 {
            0..=100 => Ok(()),
            sum => Err(format!("{sum} is more than 100")),
        })
    }
}

/// One invariant, and all that it is told.
pub(super) struct Bench<I> {
    ledgers: Vec<Ledger>,
    incarnations: Vec<u32>,
    facts: Facts,
    requests: Requests,
    reference: Reference<Sum>,
    pub(super) invariant: I,
}

impl<I: Invariant<Add>> Bench<I> {
    pub(super) fn new(invariant: I) -> Self {
        Self {
            ledgers: vec![Ledger::default(); 3],
            incarnations: vec![1; 3],
            facts: Facts::new(3),
            requests: Requests::default(),
            reference: Reference::default(),
            invariant,
        }
    }

    pub(super) fn invoked(&mut self, entry: &Add) {
        let digest = entry.command_digest();
        self.requests.invoke(entry.request(), digest);
    }

    pub(super) fn see(
        &mut self,
        replica: ReplicaId,
        observation: Observation<Add>,
    ) -> Result<(), Broken> {
        let slot = replica as usize - 1;
        if let Observation::Started { incarnation } = observation {
            self.incarnations[slot] = incarnation;
        }
        self.ledgers[slot].observe(&observation);
        self.reference.observe(&mut self.facts, &observation);
        let seen = Seen {
            at: Instant::ZERO,
            replica,
            incarnation: self.incarnations[slot],
            log: LogId::FIRST,
            ledger: &self.ledgers[slot],
            facts: &self.facts,
            requests: &self.requests,
            observation: &observation,
        };
        if I::SEES.contains(observation.kind()) {
            self.invariant.observe(&seen)?;
        }
        self.facts.adopt(replica, &self.ledgers[slot], &observation);
        if let Observation::Applied {
            index,
            entry,
            executed: true,
            ..
        } = &observation
        {
            self.requests.execute(LogId::FIRST, *index, entry);
        }
        Ok(())
    }

    /// Several observations, which must all be fine.
    pub(super) fn fine(
        &mut self,
        replica: ReplicaId,
        observations: impl IntoIterator<Item = Observation<Add>>,
    ) {
        for observation in observations {
            let shown = format!("{observation:?}");
            if let Err(broken) = self.see(replica, observation) {
                panic!("a false alarm at {shown}: {}", broken.message);
            }
        }
    }

    /// Several observations, of which the last must break the invariant with
    /// these words.
    pub(super) fn red(
        &mut self,
        replica: ReplicaId,
        observations: impl IntoIterator<Item = Observation<Add>>,
        words: &str,
    ) {
        let mut observations = observations.into_iter().peekable();
        while let Some(observation) = observations.next() {
            let shown = format!("{observation:?}");
            match self.see(replica, observation) {
                Ok(()) => assert!(observations.peek().is_some(), "{shown} went unnoticed"),
                Err(broken) => {
                    let Breach {
                        message, requests, ..
                    } = &*broken;
                    assert!(names_only(message, requests), "{message}: {requests:?}");
                    assert!(
                        observations.peek().is_none(),
                        "too early, at {shown}: {}",
                        broken.message
                    );
                    assert!(
                        broken.message.contains(words),
                        "{:?} is no {words:?}",
                        broken.message
                    );
                    assert!(broken.replicas.contains(&replica));
                }
            }
        }
    }

    pub(super) fn evaluated(&self) -> u64 {
        self.invariant.evaluated()
    }
}

pub(super) fn ballot(number: u32, replica: ReplicaId) -> Ballot {
    Ballot {
        number,
        priority: 0,
        replica,
    }
}

pub(super) fn said(voice: Voice, ballot: Ballot) -> Observation<Add> {
    Observation::Said { voice, ballot }
}

pub(super) fn append(digest: u64) -> Observation<Add> {
    Observation::Appended { digest }
}

pub(super) const WRITTEN: Observation<Add> = Observation::Written;

/// Appends these digests and decides as far, in one write.
pub(super) fn decide(digests: &[u64], to: u64) -> Vec<Observation<Add>> {
    let mut observations: Vec<_> = digests.iter().map(|digest| append(*digest)).collect();
    observations.extend([Observation::Decided { to }, WRITTEN]);
    observations
}

/// D(index) of a log with these digests.
pub(super) fn digest(digests: &[u64]) -> u64 {
    digests
        .iter()
        .fold(Chain::default(), |chain, digest| chain.with(*digest))
        .digest
}

fn chain(log: &[Add], index: u64) -> u64 {
    let contents: Vec<_> = log[..index as usize].iter().map(Add::content).collect();
    digest(&contents)
}

/// The right report of applying the entry at `index` of a log.
pub(super) fn applied(log: &[Add], index: u64) -> Observation<Add> {
    Observation::Applied {
        index,
        entry: log[index as usize - 1].clone(),
        chain: chain(log, index),
        reply: log[..index as usize].iter().map(|entry| entry.amount).sum(),
        executed: true,
    }
}

pub(super) fn state(log: &[Add], index: u64, state: u64) -> Observation<Add> {
    Observation::State {
        index,
        chain: chain(log, index),
        state,
    }
}

pub(super) fn restored(log: &[Add], index: u64, state: u64) -> Observation<Add> {
    Observation::Restored {
        index,
        chain: chain(log, index),
        state,
    }
}

pub(super) fn replied(
    entry: &Add,
    attempt: u32,
    position: Position,
    reply: u64,
) -> Observation<Add> {
    Observation::Replied {
        request: entry.request(),
        attempt,
        position: Some(position),
        reply,
    }
}

/// Whether a message names no request that is not listed beside it.
pub(super) fn names_only(message: &str, requests: &[RequestId]) -> bool {
    let without = |rest: String, request: &RequestId| rest.replace(&request.to_string(), "");
    let rest = requests.iter().fold(message.to_owned(), without);
    !rest.contains(" of client ")
}
