//! What has been learnt of a log: of each thing, what was said of it first.
//!
//! The agreed log is the chain digest D(i) that the first replica to decide
//! index i reported; the applied log is its chain and the reply that the
//! reference computed. Invariants compare what replicas say later with these.

use std::collections::BTreeMap;

use super::Held;
use super::per_replica::PerReplica;
use crate::observation::{Ledger, Observation, ReplicaId};

/// How many state digests are remembered.
const STATES_MAX: usize = 1024;

/// What has been learnt of a log. 26 bytes per index.
#[derive(Clone, Debug, Hash)]
pub struct Facts {
    /// D(1), D(2), ... of the decided log; 0 where nobody could tell.
    agreed: Vec<u64>,
    /// Who told each of them.
    reporters: Vec<u16>,
    /// How far each replica's decided log is part of the agreed one.
    reported: PerReplica<u64>,
    /// The entries at index 1, 2, ... once they were applied.
    applied: Vec<AppliedEntry>,
    /// The digest of the state after an index.
    states: BTreeMap<u64, u64>,
    /// What each replica said last that it holds.
    held: PerReplica<Option<Held>>,
    /// The last state that was judged by the invariant of its author: after which index, and how.
    judged: Option<(u64, Result<(), String>)>,
}

/// What is known of an entry that was applied; its chain digest is 0 if nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AppliedEntry {
    /// The chain digest of everything applied up to it.
    pub chain: u64,
    /// The digest of the result.
    pub reply: u64,
}

impl Facts {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            agreed: Vec::new(),
            reporters: Vec::new(),
            reported: PerReplica::new(replicas),
            applied: Vec::new(),
            states: BTreeMap::new(),
            held: PerReplica::new(replicas),
            judged: None,
        }
    }

    /// D(index) of the decided log, where somebody could tell it.
    #[inline]
    pub fn agreed(&self, index: u64) -> Option<u64> {
        let digest = *self.agreed.get(index.checked_sub(1)? as usize)?;
        (digest != 0).then_some(digest)
    }

    /// Who told D(index) first; 0 when nobody did.
    pub fn reporter(&self, index: u64) -> ReplicaId {
        let slot = (index as usize).wrapping_sub(1);
        self.reporters
            .get(slot)
            .map_or(0, |replica| u64::from(*replica))
    }

    /// The entry applied at `index`: what the reference computed or, where it
    /// could not, what the first replica said.
    #[inline]
    pub fn applied(&self, index: u64) -> Option<AppliedEntry> {
        let entry = *self.applied.get(index.checked_sub(1)? as usize)?;
        (entry.chain != 0).then_some(entry)
    }

    /// The digest of the state after `index`, where it is known.
    pub fn state(&self, index: u64) -> Option<u64> {
        self.states.get(&index).copied()
    }

    /// What a replica said last, in its present life, that it holds.
    pub fn held(&self, replica: ReplicaId) -> Option<Held> {
        self.held[replica]
    }

    /// Whether the state after `index` is one that its author allows, if that was just asked.
    #[inline]
    pub fn judged_at(&self, index: u64) -> Option<Result<(), &str>> {
        let (last, verdict) = self.judged.as_ref()?;
        (*last == index).then(|| verdict.as_ref().copied().map_err(String::as_str))
    }

    /// The reference judged the state after `index`, if anything is demanded of it.
    #[inline]
    pub(super) fn set_judged(&mut self, index: u64, verdict: Option<Result<(), String>>) {
        self.judged = verdict.map(|verdict| (index, verdict));
    }

    /// The reference computed what applying the entry at `index` gives.
    #[inline]
    pub(super) fn set_applied(&mut self, index: u64, entry: AppliedEntry) {
        debug_assert!(index > 0, "the first entry has index 1");
        let slot = index as usize - 1;
        if slot >= self.applied.len() {
            self.applied.resize(slot + 1, AppliedEntry::default());
        }
        self.applied[slot] = entry;
    }

    /// The state after `index` has this digest, if nothing else is known of it.
    pub(super) fn set_state(&mut self, index: u64, state: u64) {
        self.states.entry(index).or_insert(state);
        if self.states.len() > STATES_MAX {
            self.states.pop_first();
        }
    }

    /// What no invariant objected to becomes a fact, unless one was known.
    #[inline(always)]
    pub(super) fn adopt<E>(
        &mut self,
        replica: ReplicaId,
        ledger: &Ledger,
        observation: &Observation<E>,
    ) {
        match observation {
            Observation::Written => self.adopt_decided(replica, ledger),
            Observation::Lost { .. } => self.reported[replica] = 0,
            Observation::Applied {
                index,
                chain,
                reply,
                ..
            } if self.applied(*index).is_none() => {
                let (chain, reply) = (*chain, *reply);
                self.set_applied(*index, AppliedEntry { chain, reply });
            }
            Observation::Started { .. } => self.held[replica] = None,
            Observation::State {
                index,
                chain,
                state,
            }
            | Observation::Restored {
                index,
                chain,
                state,
            } => {
                let (index, chain, state) = (*index, *chain, *state);
                self.set_state(index, state);
                self.held[replica] = Some(Held {
                    replica,
                    index,
                    chain,
                    state,
                });
            }
            Observation::SnapshotStored {
                count,
                state: Some(state),
                ..
            } => self.set_state(*count, *state),
            _ => {}
        }
    }

    #[inline]
    fn adopt_decided(&mut self, replica: ReplicaId, ledger: &Ledger) {
        // A log that ends below its decided index breaks another invariant.
        let decided = ledger.decided.min(ledger.last());
        if decided > self.reported[replica] {
            self.adopt_up_to(decided, replica, ledger);
        }
    }

    #[inline(never)]
    fn adopt_up_to(&mut self, decided: u64, replica: ReplicaId, ledger: &Ledger) {
        let reported = self.reported[replica];
        debug_assert_eq!(self.agreed.len(), self.reporters.len());
        if decided > self.agreed.len() as u64 {
            self.agreed.resize(decided as usize, 0);
            self.reporters.resize(decided as usize, 0);
        }
        for index in (reported + 1).max(ledger.compacted()).max(1)..=decided {
            let slot = index as usize - 1;
            if self.agreed[slot] == 0
                && let Some(digest) = ledger.digest_at(index)
            {
                self.agreed[slot] = digest;
                self.reporters[slot] = replica as u16;
            }
        }
        self.reported[replica] = decided;
    }
}
