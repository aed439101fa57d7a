//! What planted bugs need of the tuning of a service before they can show.

use crate::nemesis::ActionRate;
use crate::scenario::Scenario;
use crate::system::Need;
use crate::systems::omnipaxos::tuned;
use crate::systems::omnipaxos::tuning::{Quorum, Snapshots};
use crate::units::Time;

/// Snapshots are taken.
pub(super) const SNAPSHOTS: Need = Need::Own("snapshots", |scenario, seed| {
    tuned(scenario, |tuning| {
        tuning.snapshots = Snapshots::Every(3 + seed % 30)
    });
});

/// Logs are trimmed without snapshots.
pub(super) const TRIMS: Need = Need::Own("trims", |scenario, _| {
    scenario.nemesis.actions.push(ActionRate {
        action: "trim".to_owned(),
        every: Time::from_millis(1_000),
        value_up_to: None,
    });
});

/// More promises are needed than acceptances: two decide, of at least four replicas.
pub(super) const WIDE_PROMISES: Need =
    Need::Own("more promises than acceptances", |scenario, _| {
        widen_promises(scenario);
    });

fn widen_promises(scenario: &mut Scenario) {
    let is_small = scenario.cluster.replicas < 4;
    if is_small {
        scenario.cluster.replicas = 5;
    }
    let read = scenario.cluster.replicas - 1;
    tuned(scenario, |tuning| {
        if is_small {
            tuning.priorities.clear();
        }
        tuning.quorum = Some(Quorum { read, write: 2 });
    });
}
