//! Where scenarios come from: the columns of the table of detection power.

use std::fmt;

use serde::Serialize;

use crate::scenario::Scenario;
use crate::search::{Environment, Runner, swarm, targeted_swarm};

/// Every kind of fault at once, at fixed rates.
const FAIR_DICE: &str = include_str!("../../../scenarios/everything/together.toml");

/// A source of scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Column {
    /// Every seed draws a scenario of its own.
    Swarm,
    /// The same, but that faults come at moments that matter only.
    Targeted,
    /// One scenario with every kind of fault, at fixed rates.
    FairDice,
}

impl Column {
    /// All of them, the one that counts first.
    pub const ALL: [Self; 3] = [Self::Swarm, Self::Targeted, Self::FairDice];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Swarm => "swarm",
            Self::Targeted => "targeted",
            Self::FairDice => "fair dice",
        }
    }

    /// The scenario that a seed is run in.
    pub(super) fn scenario(self, runner: &dyn Runner, seed: u64) -> Scenario {
        let scenario = match self {
            Self::Swarm => swarm(runner, seed, Environment::Promised),
            Self::Targeted => targeted_swarm(runner, seed),
            Self::FairDice => {
                let scenario = Scenario::parse("fair_dice", FAIR_DICE);
                let mut scenario = scenario.expect("it is one of the scenarios that are tested");
                runner.name().clone_into(&mut scenario.cluster.system);
                scenario
            }
        };
        scenario.kept_to(&runner.info().assumes)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
