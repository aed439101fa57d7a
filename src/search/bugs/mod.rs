//! Detection power: how many seeds until a planted bug is found, and by which check.
//!
//! A *trial* is one hunt for one bug: seeds in order, each in a scenario in which
//! the bug can show, until a run violates something that no known finding explains.
//! The *clean twin* of a run is the same scenario and seed without the bug: it must
//! pass, or what was found need not be the bug.

mod cards;
mod columns;
mod conditions;
mod library_cards;
mod power;
mod service_cards;

pub use cards::{Card, card};
pub use columns::Column;
pub use conditions::Need;
pub use power::Power;

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Job, Runner, WallClock, is_known};
use crate::observation::RequestId;
use crate::replica::omnipaxos::PlantedBug;
use crate::scenario::Scenario;
use crate::world::{Outcome, RunOptions};

/// How far the first seeds of two hunts lie apart.
const SEEDS_APART: u64 = 1_000_000;

/// One hunt for one bug.
#[derive(Clone, Copy)]
pub struct BugTrial<'a> {
    /// The system that it is planted in.
    pub runner: &'static dyn Runner,
    /// The bug.
    pub bug: PlantedBug,
    /// Where scenarios come from.
    pub column: Column,
    /// Which hunt: each has seeds of its own.
    pub hunt: u64,
    /// The most seeds.
    pub seeds_max: u64,
    /// A check that is blind, to see who else finds the bug.
    pub without: Option<&'a str>,
    /// Whether the clean twin of every run is run, too.
    pub twins: bool,
    /// The caller's clock.
    pub clock: WallClock<'a>,
    /// Set by others to end it.
    pub stop: &'a AtomicBool,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// How many seeds were run.
    pub seeds: u64,
    /// What found the bug, in the last of them.
    pub found: Option<Found>,
    /// How long it took without the twins, in nanoseconds of the caller's clock.
    pub wall_ns: u64,
    /// A twin that did not pass: its seed, and why.
    pub false_alarm: Option<(u64, String)>,
    /// Why there was nothing to run: the scenario does not suit the system.
    pub unsuited: Option<String>,
}

/// A run that shows a bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The seed.
    pub seed: u64,
    /// The check that saw it.
    pub check: &'static str,
    /// What it said.
    pub message: String,
    /// The requests that show it, where the check is about some.
    pub requests: Box<[RequestId]>,
}

impl BugTrial<'_> {
    /// The scenario of a seed, without the bug.
    pub fn twin(&self, seed: u64) -> Scenario {
        let card = card(self.bug);
        let drawn = self.column.scenario(self.runner, seed);
        let mut scenario = conditions::meet(drawn, seed, card.needs, card.mistaken_for);
        scenario.check.without = self.without.iter().map(|name| (*name).to_owned()).collect();
        scenario
    }

    /// The scenario of a seed, with the bug.
    pub fn scenario(&self, seed: u64) -> Scenario {
        let mut scenario = self.twin(seed);
        scenario.name = format!("{}-{}", scenario.name, self.bug);
        scenario.cluster.planted = Some(self.bug);
        scenario
    }

    /// The first violation of a run that no known finding explains.
    fn violation(&self, scenario: &Scenario, seed: u64) -> Result<Option<Found>, String> {
        let outcome = self.runner.run(scenario, seed, RunOptions::default());
        let outcome = outcome.map_err(|(key, message)| format!("{key}: {message}"))?;
        Ok(unexplained(scenario, &outcome))
    }

    fn hunt(&self, tried: &mut Tried) -> Result<(), String> {
        let first = self.hunt * SEEDS_APART;
        for seed in first..first + self.seeds_max {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let began = (self.clock)();
            tried.seeds += 1;
            tried.found = self.violation(&self.scenario(seed), seed)?;
            tried.wall_ns += (self.clock)().saturating_sub(began);
            if self.twins && tried.false_alarm.is_none() {
                let alarm = self.violation(&self.twin(seed), seed)?;
                let told = |found: Found| (seed, format!("{}: {}", found.check, found.message));
                tried.false_alarm = alarm.map(told);
            }
            if tried.found.is_some() {
                break;
            }
        }
        Ok(())
    }
}

fn unexplained(scenario: &Scenario, outcome: &Outcome) -> Option<Found> {
    let mut violations = outcome.violations.iter();
    let violation = violations.find(|violation| is_known(scenario, violation).is_none())?;
    Some(Found {
        seed: outcome.seed,
        check: violation.check,
        message: violation.message.clone(),
        requests: violation.requests.clone(),
    })
}

impl Job for BugTrial<'_> {
    type Output = Tried;

    fn run(&self) -> Tried {
        let mut tried = Tried {
            seeds: 0,
            found: None,
            wall_ns: 0,
            false_alarm: None,
            unsuited: None,
        };
        tried.unsuited = self.hunt(&mut tried).err();
        tried
    }
}
