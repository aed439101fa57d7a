//! Changes to the tuning of a scenario: plainer ones for shrinking, and what keeps it sound.

use super::tuning::{MissedTicks, Quorum, Snapshots, TakeOutgoing, Tuning};
use crate::observation::ReplicaId;
use crate::scenario::Scenario;
use crate::units::OpenTable;

impl Tuning {
    /// The operator action that compacts the log.
    pub(super) fn compacting_action(&self) -> &'static str {
        match self.snapshots {
            Snapshots::Off => "trim",
            Snapshots::Sync | Snapshots::Every(_) => "snapshot",
        }
    }
}

/// Changes the tuning of a scenario; one that cannot be read stays as it is.
pub(super) fn tuned(scenario: &mut Scenario, change: impl FnOnce(&mut Tuning)) {
    if let Ok(mut tuning) = scenario.system.read::<Tuning>() {
        change(&mut tuning);
        scenario.system = OpenTable::of(&tuning);
    }
}

/// The steps that shrinking may take.
pub(super) fn plainer(scenario: &Scenario) -> Vec<OpenTable> {
    let Ok(now) = scenario.system.read::<Tuning>() else {
        return Vec::new();
    };
    let steps: [fn(&mut Tuning); 8] = [
        |tuning| tuning.quorum = None,
        |tuning| tuning.batch_size = 1,
        |tuning| tuning.buffer_size = Tuning::default().buffer_size,
        |tuning| tuning.priorities.clear(),
        |tuning| tuning.initial_leader = None,
        |tuning| tuning.missed_ticks = MissedTicks::Collapse,
        |tuning| tuning.snapshots = Snapshots::Off,
        |tuning| tuning.take_outgoing = TakeOutgoing::EachEvent,
    ];
    let step = |change: fn(&mut Tuning)| {
        let mut tuning = now.clone();
        change(&mut tuning);
        OpenTable::of(&tuning)
    };
    steps.into_iter().map(step).collect()
}

/// What a changed number of replicas, or other snapshots, leave no place for.
pub(super) fn reconcile(scenario: &mut Scenario) {
    let replicas = scenario.cluster.replicas;
    tuned(scenario, |tuning| {
        let works =
            |quorum: &Quorum| quorum.read <= replicas && quorum.read + quorum.write > replicas;
        tuning.quorum = tuning.quorum.filter(works);
        tuning.priorities.truncate(replicas as usize);
        tuning.initial_leader = tuning.initial_leader.filter(|leader| *leader <= replicas);
    });
    let tuning = scenario.system.read::<Tuning>().unwrap_or_default();
    for rate in &mut scenario.nemesis.actions {
        if matches!(rate.action.as_str(), "trim" | "snapshot") {
            tuning.compacting_action().clone_into(&mut rate.action);
        }
    }
}

/// Known findings about snapshots would end most runs that have any.
pub(super) fn avoid_known(scenario: &mut Scenario) {
    tuned(scenario, |tuning| tuning.snapshots = Snapshots::Off);
}

/// A replica leads first, and is preferred to all others.
pub(super) fn led_first_by(scenario: &mut Scenario, leader: ReplicaId) {
    let replicas = 1..=scenario.cluster.replicas;
    tuned(scenario, |tuning| {
        tuning.initial_leader = Some(leader);
        tuning.priorities = replicas
            .map(|replica| if replica == leader { 9 } else { 0 })
            .collect();
    });
}
