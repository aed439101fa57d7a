//! What a hunt caught: kinds of violation, and the runs that showed each.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::form::Form;
use super::kind::Kind;
use crate::check::Violation;
use crate::report::{Commands, replay_command};
use crate::scenario::Scenario;

/// One kind of violation, and the runs that showed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Catch {
    /// What makes it the same as others.
    #[serde(flatten)]
    pub kind: Kind,
    /// The first run's words.
    pub message: String,
    /// The seed that showed it first.
    pub seed: u64,
    /// The scenario that showed it first.
    pub scenario: String,
    /// What was drawn for that scenario, if it was drawn.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub drawn: String,
    /// How many runs showed it; none where only a search that went on from one did.
    pub runs: u64,
    /// The seeds of these runs, ascending, by scenario.
    #[serde(default)]
    pub seeds: BTreeMap<String, Vec<u64>>,
    /// Whether what shrinking left of the first run keeps to what the system is written for:
    /// it can, though the first run did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small_in_contract: Option<bool>,
    /// What shrinking left of the first run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Other catches of which it left the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Its repro file.
    pub repro: String,
}

/// A catch of which shrinking left the same as of another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// What its runs were before.
    #[serde(flatten)]
    pub kind: Kind,
    /// The seed that was shrunk.
    pub seed: u64,
    /// The scenario that it was shrunk in.
    pub scenario: String,
    /// How many runs showed it.
    pub runs: u64,
    /// The seeds of these runs, ascending, by scenario.
    pub seeds: BTreeMap<String, Vec<u64>>,
    /// Its repro file.
    pub repro: String,
}

impl From<Catch> for Joined {
    fn from(catch: Catch) -> Self {
        Self {
            kind: catch.kind,
            seed: catch.seed,
            scenario: catch.scenario,
            runs: catch.runs,
            seeds: catch.seeds,
            repro: catch.repro,
        }
    }
}

impl Catch {
    /// What a scenario was seen to violate with a seed, by no run yet.
    pub(super) fn new(scenario: &Scenario, violation: &Violation, kind: Kind, seed: u64) -> Self {
        Self {
            kind,
            message: violation.message.clone(),
            seed,
            scenario: scenario.name.clone(),
            drawn: if scenario.is_drawn() {
                scenario.told()
            } else {
                String::new()
            },
            runs: 0,
            seeds: BTreeMap::new(),
            small_in_contract: None,
            form: None,
            joined: Vec::new(),
            repro: String::new(),
        }
    }

    /// Adds a run of this kind that showed it.
    pub(super) fn add(&mut self, scenario: &Scenario, kind: &Kind, seed: u64) {
        let joined = self.joined.iter_mut().find(|joined| joined.kind == *kind);
        let (runs, seeds) = match joined {
            Some(joined) => (&mut joined.runs, &mut joined.seeds),
            None => (&mut self.runs, &mut self.seeds),
        };
        *runs += 1;
        seeds.entry(scenario.name.clone()).or_default().push(seed);
    }

    /// Whether runs of this kind show it.
    pub(super) fn is_shown_by(&self, kind: &Kind) -> bool {
        let mut joined = self.joined.iter();
        self.kind == *kind || joined.any(|joined| joined.kind == *kind)
    }

    /// The command that shows it again, step by step.
    pub fn replay(&self, program: &str) -> String {
        format!(
            "{} --trace",
            replay_command(program, Path::new(&self.repro), None)
        )
    }

    /// The command that makes it smaller; nothing of one that is small.
    pub fn shrink(&self, program: &str) -> Option<String> {
        let is_small = self.small_in_contract.is_some() || self.runs == 0;
        let commands = Commands {
            program,
            file: Path::new(&self.repro),
            seed: None,
            system: None,
        };
        (!is_small).then(|| commands.shrink())
    }

    /// How many runs showed it, of whatever kind.
    pub fn all_runs(&self) -> u64 {
        self.runs + self.joined.iter().map(|joined| joined.runs).sum::<u64>()
    }
}
