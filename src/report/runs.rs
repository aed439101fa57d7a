//! What is said of all runs of some scenarios together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FaultReport;

/// All runs of some scenarios, each judged by its expectation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsReport {
    /// Those that were run at all.
    pub scenarios: Vec<ScenarioReport>,
    /// How long it took, by the wall clock.
    pub wall_ns: u64,
}

/// One scenario over its seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioReport {
    /// The scenario's name.
    pub scenario: String,
    /// Its file.
    pub file: String,
    /// How many seeds were run.
    pub seeds: u64,
    /// How that compares with what the scenario says.
    pub judged: Judged,
    /// The seeds that are not as expected, by what showed in them first: the largest group
    /// first.
    pub surprises: Vec<Surprise>,
    /// The seeds in which each expected or known violation was seen.
    pub seen: Vec<(String, Vec<u64>)>,
    /// The seeds in which each known finding was seen.
    pub known: BTreeMap<String, Vec<u64>>,
    /// What the faults that the scenario names, its actions and the planted bug did in all seeds.
    pub scripted: Vec<FaultReport>,
    /// The bug that is planted, and what it did in all seeds.
    pub planted: Option<FaultReport>,
    /// The keys of random faults that never began in any seed.
    pub never_began: Vec<String>,
    /// The checks that are left out and had nothing to evaluate in any seed.
    pub needless: Vec<String>,
    /// What struck nothing in any seed although it has to, each with its place in the file.
    pub missed: Vec<String>,
    /// How many seeds were run twice.
    pub twice: u64,
    /// The seeds that differed the second time.
    pub diverged: Vec<u64>,
    /// The folder with the repro files of seeds that are not as expected.
    pub folder: String,
    /// What all runs add up to.
    pub totals: Totals,
}

/// Seeds of a scenario that are not as expected, and fail alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surprise {
    /// What showed first in them.
    pub kind: String,
    /// What was said of the first one.
    pub message: String,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// The first of them, which are kept in repro files.
    pub repros: Vec<String>,
}

/// How a scenario's runs compare with its expectation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// As expected.
    #[default]
    AsExpected,
    /// Violations that are not expected, or expected ones that did not come.
    NotAsExpected(String),
    /// Not enough was seen to say.
    Incomplete(String),
}

/// Sums over runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Operations completed.
    pub operations: u64,
    /// Faults begun.
    pub faults: u64,
    /// How often another replica came to lead.
    pub leader_changes: u64,
    /// Simulated time.
    pub simulated_ns: u64,
    /// Time by the wall clock, of all threads together.
    pub wall_ns: u64,
    /// The longest time in which nothing completed although it could, in tenths of an election
    /// timeout.
    pub unavailability_tenths: u64,
}

impl Judged {
    /// Why it is not as expected; empty if it is.
    pub fn why(&self) -> &str {
        match self {
            Self::AsExpected => "",
            Self::NotAsExpected(why) | Self::Incomplete(why) => why,
        }
    }
}

impl ScenarioReport {
    /// How many seeds are not as expected.
    pub fn surprising(&self) -> u64 {
        self.surprises
            .iter()
            .map(|one| one.seeds.len() as u64)
            .sum()
    }

    /// Whether all is as the scenario says, and came again.
    pub fn is_good(&self) -> bool {
        self.diverged.is_empty() && self.judged == Judged::AsExpected
    }
}
