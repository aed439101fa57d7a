//! A service as a system that a binary can test, with the entry type that a scenario asks for.

use std::marker::PhantomData;

use super::tuning::{Snapshots, Tuning};
use super::{OverOmniPaxos, Service, WithSnapshots, WithoutSnapshots};
#[cfg(feature = "explore")]
use crate::explore::{Explored, Explorer, Limits, Player, Progress};
use crate::scenario::Scenario;
use crate::search::{Runner, Testable, Whole};
use crate::system::{Profile, System, SystemInfo};
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// Runs a service, with snapshots or without.
#[derive(Debug)]
pub struct ServiceRunner<S>(PhantomData<fn() -> S>);

impl<S: Service> ServiceRunner<S> {
    fn suited(scenario: &Scenario) -> &'static dyn Runner {
        let tuning = scenario.system.read::<Tuning>().unwrap_or_default();
        match tuning.snapshots {
            Snapshots::Off => Whole::<OverOmniPaxos<S, WithoutSnapshots>>::RUNNER,
            Snapshots::Sync | Snapshots::Every(_) => {
                Whole::<OverOmniPaxos<S, WithSnapshots>>::RUNNER
            }
        }
    }
}

impl<S: Service> Testable for S {
    const RUNNER: &'static dyn Runner = &ServiceRunner::<S>(PhantomData);
}

impl<S: Service> Runner for ServiceRunner<S> {
    fn info(&self) -> &'static SystemInfo {
        const { &<OverOmniPaxos<S, WithoutSnapshots> as System>::INFO }
    }

    fn profile(&self, scenario: &Scenario) -> Result<Profile, KeyError> {
        Self::suited(scenario).profile(scenario)
    }

    fn validate(&self, scenario: &Scenario) -> Result<(), KeyError> {
        Self::suited(scenario).validate(scenario)
    }

    fn run(
        &self,
        scenario: &Scenario,
        seed: u64,
        options: RunOptions,
    ) -> Result<Outcome, KeyError> {
        Self::suited(scenario).run(scenario, seed, options)
    }

    #[cfg(feature = "explore")]
    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError> {
        Self::suited(scenario).explore(scenario, limits, watch)
    }

    #[cfg(feature = "explore")]
    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError> {
        Self::suited(scenario).player(scenario, limits)
    }

    #[cfg(feature = "explore")]
    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError> {
        Self::suited(scenario).explorer(scenario, limits)
    }
}
