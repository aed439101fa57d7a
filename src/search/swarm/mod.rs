//! The swarm: from a seed alone, a whole scenario.
//!
//! Everything is drawn: how many replicas, their quorums, timeouts, batches and
//! snapshots, latencies, the workload, and a *subset* of the kinds of fault, each
//! with its own rate. A fault that is a little on in every run hides what only
//! its absence, or its plenty, would show (Groce et al., "Swarm Testing", ISSTA
//! 2012). Each option is a question of its own, so that a new option leaves what
//! a seed draws for the others as it was.

mod environment;
mod faults;
mod links;
mod requests;

pub use environment::Environment;

use super::Runner;
use crate::check::Finding;
use crate::decision::Dice;
use crate::nemesis::{NemesisOptions, SettleMode, SettleOptions};
use crate::scenario::{ClockQuality, Scenario};
use crate::storage::{DiskOptions, Durability};
use crate::system::{Contract, Profile};
use crate::units::Time;

/// What a drawn scenario is called.
const NAME: &str = "swarm";

impl Scenario {
    /// Whether it was drawn from a seed.
    pub fn is_drawn(&self) -> bool {
        self.name == NAME
    }

    /// The same without clocks that lie or step, for a system that relies on bounded ones:
    /// what they break says nothing about it.
    #[must_use]
    pub fn kept_to(mut self, assumes: &Contract) -> Self {
        if assumes.clocks_bounded {
            self.nemesis.clock_step = None;
            self.nemesis.clock_lie = None;
        }
        self
    }
}

/// The scenario that a seed draws.
///
/// Violations that known findings explain do not fail it, so that a hunt goes on
/// behind them.
///
/// ```
/// use omnisim::scenario::Scenario;
/// use omnisim::search::{Environment, swarm};
/// let kv = omnisim::systems::BUILT_IN[0];
///
/// let scenario = swarm(kv, 42, Environment::Promised);
/// assert_eq!(scenario, swarm(kv, 42, Environment::Promised));
/// assert_ne!(scenario, swarm(kv, 43, Environment::Promised));
/// assert_eq!(Scenario::parse("swarm", &scenario.to_text()), Ok(scenario));
/// ```
pub fn swarm(runner: &dyn Runner, seed: u64, environment: Environment) -> Scenario {
    let mut dice = Dice::new(seed);
    let tuning = runner.info().tuning;
    let mut scenario = Scenario {
        name: NAME.to_owned(),
        about: "everything drawn from the seed".to_owned(),
        network: links::draw(&mut dice, environment),
        disk: disk(&mut dice, environment),
        ..Scenario::default()
    };
    runner.name().clone_into(&mut scenario.cluster.system);
    (tuning.draw)(&mut dice, &mut scenario);
    let profile = runner.profile(&scenario);
    let profile = profile.unwrap_or_else(|_| Profile::of_replicas(scenario.cluster.replicas));
    scenario.workload = requests::draw(&mut dice, profile.suspicion);
    scenario.nemesis = faults::draw(&mut dice, &scenario, runner.info());
    scenario.clock.quality = clock_quality(&mut dice);
    scenario.check.settle = SettleOptions {
        mode: if dice.chance("settle.core", 30) {
            SettleMode::Core
        } else {
            SettleMode::Full
        },
        bound: None,
    };
    // One that needs more than the promises to be broken explains nothing here.
    let explains =
        |finding: &&Finding| finding.in_contract || environment == Environment::Unlimited;
    scenario.check.known = runner
        .info()
        .findings()
        .filter(explains)
        .map(|finding| finding.name.to_owned())
        .collect();
    scenario
}

/// The scenario that a seed draws, but that faults come at moments that matter,
/// and at no others.
pub fn targeted_swarm(runner: &dyn Runner, seed: u64) -> Scenario {
    let mut scenario = swarm(runner, seed, Environment::Promised);
    let targeted = faults::targeted(&mut Dice::new(seed), runner.info().cues, 50);
    let actions = std::mem::take(&mut scenario.nemesis.actions);
    scenario.nemesis = NemesisOptions {
        targeted,
        actions,
        ..NemesisOptions::default()
    };
    scenario
}

fn disk(dice: &mut Dice, environment: Environment) -> DiskOptions {
    let contract = match environment {
        Environment::Promised => Durability::Durable,
        Environment::Unlimited => dice.pick(
            "disk.contract",
            &[
                (2, Durability::Durable),
                (1, Durability::Unsynced),
                (1, Durability::Amnesia),
            ],
        ),
    };
    DiskOptions {
        contract,
        write_latency: if dice.chance("disk.slow", 60) {
            dice.micros("disk.write_latency", 1, 200)
        } else {
            Time::default()
        },
        unsynced_writes: dice.wide("disk.unsynced_writes", 1, 64) as u32,
    }
}

fn clock_quality(dice: &mut Dice) -> ClockQuality {
    dice.pick(
        "clock.quality",
        &[
            (1, ClockQuality::High),
            (1, ClockQuality::Medium),
            (1, ClockQuality::Low),
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::nemesis::{FaultKind, TargetedRate};
    use crate::network::LinkContract;
    use crate::search::Testable;
    use crate::systems::kv::Kv;

    const KV: &dyn Runner = <Kv as Testable>::RUNNER;

    #[test]
    fn every_seed_draws_a_sound_scenario_that_survives_its_file() {
        for environment in [Environment::Promised, Environment::Unlimited] {
            for seed in 0..2_000 {
                let scenario = swarm(KV, seed, environment);
                let text = scenario.to_text();
                let read = Scenario::parse("swarm", &text);
                assert_eq!(read.as_ref(), Ok(&scenario), "seed {seed}:\n{text}");
            }
        }
    }

    #[test]
    fn only_an_unlimited_swarm_leaves_what_is_promised() {
        let all = |environment| (0..500).map(move |seed| swarm(KV, seed, environment));
        assert!(all(Environment::Promised).all(|scenario| {
            scenario.network.contract == LinkContract::Session
                && scenario.disk.contract == Durability::Durable
        }));
        let contracts: BTreeSet<_> = all(Environment::Unlimited)
            .map(|scenario| {
                format!(
                    "{:?} {:?}",
                    scenario.network.contract, scenario.disk.contract
                )
            })
            .collect();
        assert_eq!(contracts.len(), 9, "{contracts:?}");
    }

    #[test]
    fn clocks_lie_only_to_those_who_do_not_rely_on_them() {
        let lies = |clocks_bounded| {
            let contract = Contract {
                links: LinkContract::Session,
                disks: Durability::Durable,
                clocks_bounded,
            };
            let drawn = |seed| swarm(KV, seed, Environment::Promised).kept_to(&contract);
            let lies = |run: &Scenario| {
                let rates = run.nemesis.rates();
                let mut kinds = rates.iter().map(|(kind, _)| *kind);
                kinds.any(|kind| matches!(kind, FaultKind::ClockStep | FaultKind::ClockLie))
            };
            (0..300).map(drawn).filter(lies).count()
        };
        assert_eq!(lies(true), 0);
        assert!(lies(false) > 60);
    }

    #[test]
    fn kinds_of_fault_are_on_in_some_runs_and_off_in_others() {
        let runs: Vec<_> = (0..300)
            .map(|seed| swarm(KV, seed, Environment::Promised))
            .collect();
        let repeats = |kind: &FaultKind| *kind == FaultKind::Repeat;
        for kind in FaultKind::ALL.into_iter().filter(|kind| !repeats(kind)) {
            let by_the_clock = |run: &&Scenario| {
                let rates = run.nemesis.rates();
                rates.iter().any(|(other, _)| *other == kind)
            };
            let on = runs.iter().filter(by_the_clock).count();
            assert!((60..220).contains(&on), "{kind} is on in {on} of 300");
        }
        for (cue, _) in KV.info().cues {
            let on = |aim: &TargetedRate| aim.on.name() == *cue;
            let waits = |run: &&Scenario| run.nemesis.targeted.iter().any(on);
            let on = runs.iter().filter(waits).count();
            assert!((15..70).contains(&on), "{cue} is waited for in {on} of 300");
        }
        assert!(runs.iter().any(|run| run.nemesis.is_quiet()));
    }
}
