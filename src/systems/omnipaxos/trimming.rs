//! What a replica knows of the trims that were asked for.

use std::collections::BTreeMap;

use crate::observation::ReplicaId;

/// What a replica knows of the trims that were asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Trimming {
    /// At the leader: the index, and how far each peer's checkpoint reaches.
    wanted: Option<(u64, BTreeMap<ReplicaId, u64>)>,
    /// At a peer: the leader that waits, and for which index.
    owed: Option<(ReplicaId, u64)>,
}

impl Trimming {
    /// The leader wants to trim up to an index, once every peer's checkpoint reaches it.
    pub(super) fn want(&mut self, index: u64) {
        self.wanted = Some((index, BTreeMap::new()));
    }

    /// A peer's checkpoint reaches an index; gives what to trim, if the checkpoints of so many
    /// peers were missing and this was the last.
    pub(super) fn reached(&mut self, from: ReplicaId, index: u64, peers: u64) -> Option<u64> {
        let (wanted, written) = self.wanted.as_mut()?;
        let wanted = *wanted;
        if index >= wanted {
            written.insert(from, index);
        }
        let is_last = written.len() as u64 == peers;
        if is_last {
            self.wanted = None;
        }
        is_last.then_some(wanted)
    }

    /// A leader waits for a checkpoint at or above an index.
    pub(super) fn owe(&mut self, to: ReplicaId, index: u64) {
        self.owed = Some((to, index));
    }

    /// The leader that waits for a checkpoint, where enough is applied; it waits no longer.
    #[inline]
    pub(super) fn pay(&mut self, applied: u64) -> Option<ReplicaId> {
        let (to, index) = self.owed?;
        if applied < index {
            return None;
        }
        self.owed = None;
        Some(to)
    }
}
