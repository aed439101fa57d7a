//! A run survives panics outside of handlers: of code under test (a workload, a fold, a model,
//! what describes a command) and of omnisim itself. They are told as what they are, and what was
//! found before is kept.

use simulated_clock::Instant;

use super::outcome::{Latencies, Operations, Outcome, Verdict};
use super::{RunOptions, World};
use crate::check::Violation;
use crate::network::Counts;
use crate::observation::RunDigest;
use crate::replica::{Caught, caught};
use crate::scenario::Scenario;
use crate::system::Searched;
use crate::system::{Budget, Contract, Profile, System};
use crate::units::KeyError;

/// Runs one seed to its end, or until something panics.
pub(super) fn run<S: System>(
    scenario: &Scenario,
    seed: u64,
    options: RunOptions,
) -> Result<Outcome, KeyError> {
    let mut world = match caught(|| World::<S>::new(scenario, seed, options)) {
        Ok(world) => world?,
        Err(caught) => return Ok(panicked(scenario, seed, &caught)),
    };
    world.watch.announce(Instant::ZERO, "replicas start");
    if let Err(caught) = caught(|| world.run(u64::MAX)) {
        let now = world.agenda.now();
        world.cluster.forget_effects();
        world.watch.violated(Violation::panic_beside(now, &caught));
    }
    let judged = caught(|| world.into_outcome());
    Ok(judged.unwrap_or_else(|caught| panicked(scenario, seed, &caught)))
}

fn panicked(scenario: &Scenario, seed: u64, caught: &Caught) -> Outcome {
    let violation = Violation::panic_beside(Instant::ZERO, caught);
    Outcome::broken_off(scenario, seed, violation)
}

impl Outcome {
    /// What is left of a run of which nothing is left but how it was broken off.
    pub(crate) fn broken_off(scenario: &Scenario, seed: u64, violation: Violation) -> Self {
        let verdict = if violation.is_own() {
            Verdict::Unknown
        } else {
            Verdict::Violation
        };
        // What the system would say of itself may be what panicked.
        let profile = Profile::of_replicas(scenario.cluster.replicas);
        Self {
            seed,
            verdict,
            ended: violation.at,
            violations: vec![violation],
            in_contract: true,
            contract: Contract {
                links: scenario.network.contract,
                disks: scenario.disk.contract,
                clocks_bounded: true,
            },
            checks: Vec::new(),
            remarks: Vec::new(),
            faults: Default::default(),
            occurrences: Default::default(),
            digest: RunDigest::default().value(),
            events: 0,
            messages: Counts::default(),
            operations: Operations::default(),
            decided: 0,
            leader_changes: 0,
            takeover: None,
            latencies: Latencies::default(),
            search: Searched::default(),
            levels: Default::default(),
            unavailability: Default::default(),
            election_timeout: profile.suspicion,
            history: None,
            observations: None,
            excerpt: Vec::new(),
            decisions: Vec::new(),
            steps: Vec::new(),
            divergence: None,
            settled: None,
            impacts: Default::default(),
            coverage: Default::default(),
            trace: Vec::new(),
            cut_short: false,
            stopped: false,
            budget: Budget::of(scenario, &profile, Default::default()),
        }
    }
}
