//! What a run counts beside what its checks evaluate.

use std::collections::BTreeMap;

use simulated_clock::Duration;

use crate::nemesis::{Coverage, FaultKind, Moment};
use crate::observation::{Observation, ReplicaId};
use crate::scenario::Occurrence;

/// The counts of one run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) faults: BTreeMap<FaultKind, u64>,
    pub(super) occurrences: BTreeMap<Occurrence, u64>,
    pub(super) latencies: Vec<Duration>,
    pub(super) decided: u64,
    pub(super) acknowledged: u64,
    pub(super) completed: u64,
    pub(super) late_replies: u64,
    /// The replica that last came to lead.
    pub(super) leader: Option<ReplicaId>,
    pub(super) leader_changes: u64,
    /// How long each replica's log is, to see what is overwritten.
    pub(super) coverage: Coverage,
    lengths: Vec<u64>,
    /// What each replica does about leading.
    roles: Vec<Moment>,
}

impl Tally {
    pub(super) fn new(replicas: u64) -> Self {
        Self {
            lengths: vec![0; replicas as usize],
            roles: vec![Moment::NoLeader; replicas as usize],
            ..Self::default()
        }
    }

    pub(super) fn count(&mut self, occurrence: Occurrence) {
        *self.occurrences.entry(occurrence).or_default() += 1;
    }

    /// Counts what an observation of `replica` shows.
    #[inline]
    pub(super) fn observe<E>(&mut self, replica: ReplicaId, observation: &Observation<E>) {
        let length = &mut self.lengths[replica as usize - 1];
        match observation {
            Observation::Appended { .. } => *length += 1,
            Observation::Truncated { to } => {
                let overwritten = *to < *length;
                *length = *to;
                if overwritten {
                    self.count(Occurrence::LogTruncated);
                }
            }
            Observation::Trimmed { to } => {
                *length = (*length).max(*to);
                self.count(Occurrence::LogTrimmed);
            }
            Observation::Lost { compacted, .. } => *length = *compacted,
            Observation::Decided { to } => self.decided = self.decided.max(*to),
            Observation::SnapshotStored { .. } => self.count(Occurrence::SnapshotTaken),
            Observation::Restored { .. } => self.count(Occurrence::SnapshotInstalled),
            Observation::Applied {
                executed: false, ..
            } => self.count(Occurrence::Deduplicated),
            Observation::Leads { leader, accepting } => {
                let role = match (*leader == Some(replica), accepting) {
                    (false, _) => Moment::NoLeader,
                    (true, false) => Moment::Electing,
                    (true, true) => Moment::Leading,
                };
                self.roles[replica as usize - 1] = role;
                if role == Moment::Leading {
                    self.leads(replica);
                }
            }
            Observation::Crashed => self.roles[replica as usize - 1] = Moment::NoLeader,
            _ => {}
        }
    }

    /// What the cluster does now: as far as the one that came furthest.
    pub(super) fn moment(&self) -> Moment {
        self.roles.iter().copied().max().unwrap_or_default()
    }

    fn leads(&mut self, replica: ReplicaId) {
        if self.leader.is_some_and(|leader| leader != replica) {
            self.leader_changes += 1;
            self.count(Occurrence::LeaderChange);
        }
        self.leader = Some(replica);
    }
}
