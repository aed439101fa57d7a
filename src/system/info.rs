//! What is known of a system before any scenario is read: its name, what it assumes, the bugs
//! that can be planted in it, and what searches may do with its tuning.

use std::fmt;

use super::{Contract, PlantedBug};
use crate::check::{Finding, Violation, findings};
use crate::decision::Dice;
use crate::nemesis::{ActionRate, FOLLOWER, LEADER, REPLY};
use crate::observation::ReplicaId;
use crate::scenario::Scenario;
use crate::units::OpenTable;

/// What is known of a system before any scenario is read.
#[derive(Clone, Copy, Debug)]
pub struct SystemInfo {
    /// The name that a scenario's `cluster.system` gives.
    pub name: &'static str,
    /// The environment that it is written for.
    pub assumes: Contract,
    /// The bugs that can be planted in it, in groups.
    pub planted: &'static [&'static [PlantedBug]],
    /// The operator action by which a replica attempts to lead, if there is one: a search takes
    /// it by itself.
    pub campaign: Option<&'static str>,
    /// The roles that replicas have, as they say: by [`Observation::Leads`](crate::observation::Observation::Leads) and
    /// [`Observation::Role`](crate::observation::Observation::Role).
    pub roles: &'static [&'static str],
    /// The moments at which a swarm lets faults strike: a cue, and how often one may follow it at
    /// most, in parts per million.
    pub cues: &'static [(&'static str, u64)],
    /// What searches may do with its tuning.
    pub tuning: TuningHooks,
    /// The libraries that it is built on, whose known findings show in it.
    pub libraries: &'static [&'static str],
    /// What is known to be wrong with the system itself: a scenario can list it as `known`.
    pub own_findings: &'static [Finding],
    /// The JSON schema of its `[system]` table; none where it has no keys.
    pub schema: Option<fn() -> schemars::Schema>,
    /// What its user has to know before anything is run, if anything.
    pub warning: fn() -> Option<&'static str>,
}

impl SystemInfo {
    /// A system without tuning, operator actions or planted bugs.
    pub const fn new(name: &'static str, assumes: Contract) -> Self {
        Self {
            name,
            assumes,
            planted: &[],
            campaign: None,
            roles: &[LEADER, FOLLOWER],
            cues: &[(REPLY, 20_000)],
            tuning: TuningHooks::NONE,
            libraries: &[],
            own_findings: &[],
            schema: None,
            warning: || None,
        }
    }

    /// The bugs that can be planted in it.
    pub fn bugs(&self) -> impl Iterator<Item = &'static PlantedBug> + use<> {
        self.planted.iter().copied().flatten()
    }

    /// The known findings that can show in it.
    pub fn findings(&self) -> impl Iterator<Item = &'static Finding> + use<> {
        let libraries = self.libraries;
        let of_these = move |finding: &&Finding| libraries.contains(&finding.library_name());
        let own = self.own_findings.iter();
        own.chain(findings().iter().filter(of_these))
    }

    /// The known finding that shows in a violation.
    pub fn finding_in(&self, violation: &Violation) -> Option<&'static Finding> {
        let mut findings = self.findings();
        findings.find(|finding| finding.matches(violation))
    }

    /// The planted bug of this name.
    pub fn bug(&self, name: &str) -> Option<&'static PlantedBug> {
        self.bugs().find(|bug| bug.name == name)
    }
}

/// What searches may do with the tuning of a system.
#[derive(Clone, Copy)]
pub struct TuningHooks {
    /// Draws the number of replicas and the `[system]` table for a swarm; the network is drawn.
    pub draw: fn(&mut Dice, &mut Scenario),
    /// Draws what operators do, for the system as it is tuned.
    pub draw_actions: fn(&mut Dice, &Scenario) -> Vec<ActionRate>,
    /// Plainer tables, each a step that shrinking may take.
    pub plainer: fn(&Scenario) -> Vec<OpenTable>,
    /// Makes the tuning and the operator actions fit after the number of replicas or another
    /// part of the tuning was changed.
    pub reconcile: fn(&mut Scenario),
    /// Takes away what known findings are about, where planted bugs are looked for.
    pub avoid_known: fn(&mut Scenario),
    /// Lets a replica lead first, where the system has leaders.
    pub led_first_by: fn(&mut Scenario, ReplicaId),
}

impl TuningHooks {
    /// There is nothing to tune but the number of replicas.
    pub const NONE: Self = Self {
        draw: |dice, scenario| scenario.cluster.replicas = draw_replicas(dice),
        draw_actions: |_, _| Vec::new(),
        plainer: |_| Vec::new(),
        reconcile: |_| {},
        avoid_known: |_| {},
        led_first_by: |_, _| {},
    };
}

impl fmt::Debug for TuningHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TuningHooks").finish_non_exhaustive()
    }
}

/// How many replicas a swarm draws: three as often as not, up to seven.
pub fn draw_replicas(dice: &mut Dice) -> u64 {
    dice.pick(
        "cluster.replicas",
        &[(1, 2), (5, 3), (1, 4), (3, 5), (1, 7)],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::LinkContract;
    use crate::storage::Durability;

    #[test]
    fn only_findings_about_a_library_that_it_is_built_on_can_show_in_a_system() {
        let assumes = Contract {
            links: LinkContract::Session,
            disks: Durability::Durable,
            clocks_bounded: true,
        };
        let own = SystemInfo::new("own", assumes);
        assert_eq!(own.findings().count(), 0);
        let built_on = SystemInfo {
            libraries: &["omnipaxos"],
            ..own
        };
        assert_eq!(built_on.findings().count(), findings().len());
        let broken = SystemInfo {
            own_findings: findings(),
            ..own
        };
        assert_eq!(broken.findings().count(), findings().len());
    }
}
