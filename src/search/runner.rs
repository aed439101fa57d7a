//! From the name in a scenario to the system that runs it: one dynamic call per run.

use std::marker::PhantomData;

use crate::explore::{Explored, Explorer, Limits, Player, Progress, explore};
use crate::replica::omnipaxos::{Snapshots, WithSnapshots, WithoutSnapshots};
use crate::scenario::Scenario;
use crate::systems::kv::Kv;
use crate::systems::{Contract, OverOmniPaxos, Service, System};
use crate::units::KeyError;
use crate::world::{self, Outcome, RunOptions};

/// Runs the scenarios of one system.
pub trait Runner: Sync {
    /// The name that a scenario's `cluster.system` gives.
    fn name(&self) -> &'static str;

    /// The environment that the system is written for.
    fn written_for(&self) -> Contract;

    /// Runs one seed.
    ///
    /// # Errors
    /// The scenario's options do not suit the system: the key, and what would be right.
    fn run(&self, scenario: &Scenario, seed: u64, options: RunOptions)
    -> Result<Outcome, KeyError>;

    /// Takes every schedule of the scenario's `[model]` table.
    ///
    /// # Errors
    /// As [`Self::run`].
    ///
    /// # Panics
    /// If the scenario has no such table.
    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError>;

    /// What takes single schedules of the scenario's `[model]` table.
    ///
    /// # Errors
    /// As [`Self::run`], or if the scenario has no such table.
    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError>;

    /// What serves every schedule of the scenario's `[model]` table.
    ///
    /// # Errors
    /// As [`Self::player`].
    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError>;
}

/// The systems of a binary.
pub type Systems<'a> = &'a [&'static dyn Runner];

/// The systems that come with omnisim, compiled with it: who lists them with
/// [`systems!`](crate::systems!) compiles the whole simulator over them again.
pub static BUNDLED: Systems<'static> = &[<Kv as Testable>::RUNNER];

/// Something that [`systems!`](crate::systems!) can list: a [`Service`], or a
/// whole system as [`Whole<T>`].
pub trait Testable {
    /// What runs it.
    const RUNNER: &'static dyn Runner;
}

/// Runs a service, with the entry type that the scenario asks for.
#[derive(Debug)]
pub struct ServiceRunner<S>(PhantomData<fn() -> S>);

impl<S: Service> ServiceRunner<S> {
    fn suited(scenario: &Scenario) -> &'static dyn Runner {
        match scenario.cluster.snapshots {
            Snapshots::Off => &Whole::<OverOmniPaxos<S, WithoutSnapshots>>(PhantomData),
            Snapshots::Sync | Snapshots::Every(_) => {
                &Whole::<OverOmniPaxos<S, WithSnapshots>>(PhantomData)
            }
        }
    }
}

impl<S: Service> Runner for ServiceRunner<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn written_for(&self) -> Contract {
        OverOmniPaxos::<S, WithoutSnapshots>::written_for()
    }

    fn run(
        &self,
        scenario: &Scenario,
        seed: u64,
        options: RunOptions,
    ) -> Result<Outcome, KeyError> {
        Self::suited(scenario).run(scenario, seed, options)
    }

    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError> {
        Self::suited(scenario).explore(scenario, limits, watch)
    }

    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError> {
        Self::suited(scenario).player(scenario, limits)
    }

    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError> {
        Self::suited(scenario).explorer(scenario, limits)
    }
}

impl<S: Service> Testable for S {
    const RUNNER: &'static dyn Runner = &ServiceRunner::<S>(PhantomData);
}

/// A system that brings replicas of its own, and its name.
pub trait WholeSystem: System {
    /// The name that a scenario's `cluster.system` gives.
    const NAME: &'static str;
}

impl<S: Service, K> WholeSystem for OverOmniPaxos<S, K>
where
    Self: System,
{
    const NAME: &'static str = S::NAME;
}

/// Lists a [`WholeSystem`] in [`systems!`](crate::systems!).
#[derive(Debug)]
pub struct Whole<T>(PhantomData<fn() -> T>);

impl<T: WholeSystem> Runner for Whole<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn written_for(&self) -> Contract {
        T::written_for()
    }

    fn run(
        &self,
        scenario: &Scenario,
        seed: u64,
        options: RunOptions,
    ) -> Result<Outcome, KeyError> {
        world::run::<T>(scenario, seed, options)
    }

    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError> {
        explore::<T>(scenario, limits, watch)
    }

    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError> {
        Player::new::<T>(scenario, limits)
    }

    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError> {
        Explorer::new::<T>(scenario, limits)
    }
}

impl<T: WholeSystem> Testable for Whole<T> {
    const RUNNER: &'static dyn Runner = &Whole::<T>(PhantomData);
}
