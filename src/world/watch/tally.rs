//! What a run counts beside what its checks evaluate.

use std::collections::BTreeMap;

use simulated_clock::Instant;

use crate::nemesis::{Coverage, FaultKind, FaultSource, Impacts, LEADER, Moment, Struck};
use crate::observation::{Kind, Kinds, LogId, Observation, ReplicaId};
use crate::scenario::{Occurrence, Scenario};

/// The counts of one run.
#[derive(Debug, Default)]
pub(in crate::world) struct Tally {
    /// How often each kind of fault began.
    pub(in crate::world) faults: BTreeMap<FaultKind, u64>,
    pub(in crate::world) occurrences: BTreeMap<Occurrence, u64>,
    pub(in crate::world) decided: u64,
    /// The log with the highest number of which anybody named a leader.
    newest: LogId,
    /// The replica that last came to lead it.
    pub(super) leader: Option<ReplicaId>,
    pub(in crate::world) leader_changes: u64,
    /// When the lead first passed from one replica to another; until then, when the first
    /// one came to lead.
    pub(in crate::world) takeover: Option<Instant>,
    /// Where faults struck.
    pub(in crate::world) coverage: Coverage,
    /// What each fault struck.
    pub(in crate::world) impacts: Impacts,
    /// What each replica does about leading.
    roles: Vec<Moment>,
    /// The replica that last came to have each role of the system's own.
    holders: BTreeMap<&'static str, ReplicaId>,
}

impl Tally {
    /// The kinds of observation that it is [told](Self::observe) of; most are not counted.
    pub(super) const COUNTS: Kinds = Kinds::of(&[
        Kind::Truncated,
        Kind::Trimmed,
        Kind::SnapshotStored,
        Kind::Restored,
        Kind::Leads,
        Kind::Role,
        Kind::Crashed,
        Kind::Deviated,
    ]);

    pub(super) fn new(scenario: &Scenario) -> Self {
        let sources = scenario.fault_sources().into_iter();
        Self {
            // No impact yet of every source of faults that the scenario has.
            impacts: sources.map(|source| (source, Default::default())).collect(),
            roles: vec![Moment::NoLeader; scenario.cluster.replicas as usize],
            ..Self::default()
        }
    }

    pub(super) fn count(&mut self, occurrence: Occurrence) {
        *self.occurrences.entry(occurrence).or_default() += 1;
    }

    /// A fault of this kind begins, while messages of these kinds are under way.
    pub(super) fn count_fault(
        &mut self,
        kind: FaultKind,
        under_way: impl Iterator<Item = &'static str>,
    ) {
        *self.faults.entry(kind).or_default() += 1;
        self.coverage.count(kind, self.moment(), under_way);
    }

    /// A fault began, or an operator acted.
    pub(super) fn began(&mut self, source: FaultSource) {
        self.impacts.entry(source).or_default().began += 1;
    }

    /// A fault struck something.
    pub(super) fn struck(&mut self, source: FaultSource, what: Struck, count: u64) {
        self.impacts.entry(source).or_default().strike(what, count);
    }

    /// Counts what is observed of every entry.
    #[inline]
    pub(super) fn observe_entry<E>(&mut self, observation: &Observation<E>) {
        match observation {
            Observation::Decided { to } => self.decided = self.decided.max(*to),
            Observation::Applied {
                executed: false, ..
            } => self.count(Occurrence::Deduplicated),
            _ => {}
        }
    }

    /// Counts what an observation of a log of `replica` shows, which ended at `last`.
    pub(super) fn observe<E>(
        &mut self,
        now: Instant,
        replica: ReplicaId,
        (log, last): (LogId, u64),
        observation: &Observation<E>,
    ) {
        match observation {
            Observation::Truncated { to } if *to < last => self.count(Occurrence::LogTruncated),
            Observation::Trimmed { .. } => self.count(Occurrence::LogTrimmed),
            Observation::SnapshotStored { .. } => self.count(Occurrence::SnapshotTaken),
            Observation::Restored { .. } => self.count(Occurrence::SnapshotInstalled),
            Observation::Leads { leader, accepting } if log >= self.newest => {
                self.newest = log;
                let role = match (*leader == Some(replica), accepting) {
                    (false, _) => Moment::NoLeader,
                    (true, false) => Moment::Electing,
                    (true, true) => Moment::Leading,
                };
                self.roles[replica as usize - 1] = role;
                if role == Moment::Leading {
                    self.leads(now, replica);
                }
            }
            Observation::Role(role) => {
                self.holders.insert(role, replica);
            }
            Observation::Crashed => self.roles[replica as usize - 1] = Moment::NoLeader,
            Observation::Deviated => {
                self.began(FaultSource::Planted);
                self.struck(FaultSource::Planted, Struck::Deviations, 1);
            }
            _ => {}
        }
    }

    /// What the cluster does now: as far as the one that came furthest.
    fn moment(&self) -> Moment {
        self.roles.iter().copied().max().unwrap_or_default()
    }

    /// The replica that last came to have a role.
    pub(super) fn holder(&self, role: &str) -> Option<ReplicaId> {
        match role {
            LEADER => self.leader,
            own => self.holders.get(own).copied(),
        }
    }

    fn leads(&mut self, now: Instant, replica: ReplicaId) {
        if self.leader != Some(replica) && self.leader_changes == 0 {
            self.takeover = Some(now);
        }
        if self.leader.is_some_and(|leader| leader != replica) {
            self.leader_changes += 1;
            self.count(Occurrence::LeaderChange);
        }
        self.leader = Some(replica);
    }
}
