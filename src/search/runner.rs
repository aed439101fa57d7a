//! From the name in a scenario to the system that runs it: one dynamic call per run.

use std::marker::PhantomData;

use serde_json::{Value, json};

#[cfg(feature = "explore")]
use crate::explore::{Explored, Explorer, Limits, Player, Progress, explore};
use crate::scenario::Scenario;
use crate::system::{Profile, System, SystemInfo};
use crate::units::KeyError;
use crate::world::{self, Outcome, RunOptions};

/// Runs the scenarios of one system.
pub trait Runner: Sync {
    /// What is known of the system before any scenario is read.
    fn info(&self) -> &'static SystemInfo;

    /// The name that a scenario's `cluster.system` gives.
    fn name(&self) -> &'static str {
        self.info().name
    }

    /// What the simulator has to know of the system as the scenario tunes it.
    ///
    /// # Errors
    /// The scenario's options do not suit the system: the key, and what would be right.
    fn profile(&self, scenario: &Scenario) -> Result<Profile, KeyError>;

    /// Whether the system can run the scenario: its tuning, messages, operator actions, planted
    /// bug and search.
    ///
    /// # Errors
    /// As [`Self::profile`].
    fn validate(&self, scenario: &Scenario) -> Result<(), KeyError>;

    /// The names of the checks that the system brings, beside those that any system is put to.
    fn own_checks(&self) -> Vec<&'static str>;

    /// Runs one seed.
    ///
    /// # Errors
    /// As [`Self::profile`].
    fn run(&self, scenario: &Scenario, seed: u64, options: RunOptions)
    -> Result<Outcome, KeyError>;

    #[cfg(feature = "explore")]
    /// Takes every schedule of the scenario's `[model]` table.
    ///
    /// # Errors
    /// As [`Self::profile`].
    ///
    /// # Panics
    /// If the scenario has no such table.
    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError>;

    #[cfg(feature = "explore")]
    /// What takes single schedules of the scenario's `[model]` table.
    ///
    /// # Errors
    /// As [`Self::profile`], or if the scenario has no such table.
    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError>;

    #[cfg(feature = "explore")]
    /// What serves every schedule of the scenario's `[model]` table.
    ///
    /// # Errors
    /// As [`Self::player`].
    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError>;
}

/// The systems of a binary.
pub type Systems<'a> = &'a [&'static dyn Runner];

/// Something that [`systems!`](crate::systems!) can list: a
/// [`Service`](crate::systems::omnipaxos::Service), or any [`System`] as [`Whole<T>`].
pub trait Testable {
    /// What runs it.
    const RUNNER: &'static dyn Runner;
}

/// Lists a [`System`] in [`systems!`](crate::systems!).
#[derive(Debug)]
pub struct Whole<T>(PhantomData<fn() -> T>);

impl<T: System> Runner for Whole<T> {
    fn info(&self) -> &'static SystemInfo {
        const { &T::INFO }
    }

    fn profile(&self, scenario: &Scenario) -> Result<Profile, KeyError> {
        Ok(T::setup(scenario)?.profile)
    }

    fn validate(&self, scenario: &Scenario) -> Result<(), KeyError> {
        world::validate::<T>(scenario)
    }

    fn own_checks(&self) -> Vec<&'static str> {
        world::own_checks::<T>()
    }

    fn run(
        &self,
        scenario: &Scenario,
        seed: u64,
        options: RunOptions,
    ) -> Result<Outcome, KeyError> {
        world::run::<T>(scenario, seed, options)
    }

    #[cfg(feature = "explore")]
    fn explore(
        &self,
        scenario: &Scenario,
        limits: &Limits,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError> {
        explore::<T>(scenario, limits, watch)
    }

    #[cfg(feature = "explore")]
    fn player(&self, scenario: &Scenario, limits: &Limits) -> Result<Player, KeyError> {
        Player::new::<T>(scenario, limits)
    }

    #[cfg(feature = "explore")]
    fn explorer(&self, scenario: &Scenario, limits: &Limits) -> Result<Explorer, KeyError> {
        Explorer::new::<T>(scenario, limits)
    }
}

impl<T: System> Testable for Whole<T> {
    const RUNNER: &'static dyn Runner = &Whole::<T>(PhantomData);
}

/// The JSON schema of scenario files for these systems: that of every scenario, with what the
/// systems say of their `[system]` tables.
pub fn schema(systems: Systems<'_>) -> Value {
    let mut whole = Scenario::schema();
    let tables = systems.iter().filter_map(|runner| runner.info().schema);
    let tables: Vec<_> = tables.map(|schema| schema().to_value()).collect();
    let defs: Vec<_> = tables
        .iter()
        .filter_map(|table| table.get("$defs").cloned())
        .collect();
    for shared in defs.iter().filter_map(Value::as_object) {
        for (name, definition) in shared {
            whole["$defs"][name] = definition.clone();
        }
    }
    if !tables.is_empty() {
        whole["properties"]["system"] = json!({ "anyOf": tables });
    }
    whole
}
