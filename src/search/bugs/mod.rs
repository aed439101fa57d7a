//! Detection power: how many seeds until a planted bug is found, and by which check.
//!
//! A *trial* is one hunt for one bug: seeds in order, each in a scenario in which
//! the bug can show, until a run violates something that no known finding explains.
//! The *clean twin* of a run is the same scenario and seed without the bug: it must
//! pass, or what was found need not be the bug.

mod columns;
mod conditions;
#[cfg(feature = "explore")]
mod measure;
mod power;

pub use columns::Column;
#[cfg(feature = "explore")]
pub use measure::{BugsMeasured, BugsPlan, measure_bugs};
pub use power::Power;

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Job, Runner, WallClock};
use crate::check::Violation;
use crate::nemesis::FaultSource;
use crate::observation::RequestId;
use crate::scenario::Scenario;
use crate::system::PlantedBug;
use crate::world::{Outcome, RunOptions};

/// How far the first seeds of two hunts lie apart.
const SEEDS_APART: u64 = 1_000_000;

/// One hunt for one bug.
#[derive(Clone, Copy)]
pub struct BugTrial<'a> {
    /// The system that it is planted in.
    pub runner: &'static dyn Runner,
    /// The bug.
    pub bug: &'static PlantedBug,
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

/// The result of a trial.
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
    /// How often the bug acted, in all of these seeds.
    pub acts: u64,
    /// How much the check that is blind would have had to evaluate, in all of these seeds.
    pub unseen: u64,
    /// A run in which omnisim itself panicked: its seed, and how.
    pub own: Option<(u64, String)>,
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
        let drawn = self.column.scenario(self.runner, seed);
        let mut scenario = conditions::meet(drawn, seed, self.bug, self.runner.info());
        scenario.check.without = self.without.iter().map(|name| (*name).to_owned()).collect();
        scenario
    }

    /// The scenario of a seed, with the bug.
    pub fn scenario(&self, seed: u64) -> Scenario {
        let mut scenario = self.twin(seed);
        scenario.name = format!("{}-{}", scenario.name, self.bug);
        scenario.selftest.planted = Some(self.bug.name.to_owned());
        scenario
    }

    fn outcome(
        &self,
        scenario: &Scenario,
        seed: u64,
        tried: &mut Tried,
    ) -> Result<Outcome, String> {
        let outcome = self.runner.run(scenario, seed, RunOptions::default());
        let outcome = outcome.map_err(|error| error.to_string())?;
        if let Some(own) = outcome.violations.iter().find(|one| one.is_own()) {
            tried.own.get_or_insert_with(|| (seed, own.message.clone()));
        }
        Ok(outcome)
    }

    fn hunt(&self, tried: &mut Tried) -> Result<(), String> {
        let first = self.hunt * SEEDS_APART;
        for seed in first..first + self.seeds_max {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let began = (self.clock)();
            tried.seeds += 1;
            let scenario = self.scenario(seed);
            let outcome = self.outcome(&scenario, seed, tried)?;
            tried.wall_ns += (self.clock)().saturating_sub(began);
            tried.note(&outcome);
            tried.found = unexplained(&scenario, &outcome);
            if self.twins && tried.false_alarm.is_none() {
                let twin = self.twin(seed);
                let alarm = unexplained(&twin, &self.outcome(&twin, seed, tried)?);
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

impl Tried {
    fn note(&mut self, outcome: &Outcome) {
        let acted = outcome.impacts.get(&FaultSource::Planted);
        self.acts += acted.map_or(0, |impact| impact.began);
        let unseen = outcome.checks.iter().filter_map(|check| check.switched_off);
        self.unseen += unseen.sum::<u64>();
    }
}

/// The first violation of a run that no known finding explains.
fn unexplained(scenario: &Scenario, outcome: &Outcome) -> Option<Found> {
    let mut violations = outcome.violations.iter();
    let shows = |violation: &&Violation| {
        // What omnisim itself broke says nothing of the system.
        !violation.is_own() && scenario.known_finding(violation).is_none()
    };
    let violation = violations.find(shows)?;
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
            acts: 0,
            unseen: 0,
            own: None,
            unsuited: None,
        };
        tried.unsuited = self.hunt(&mut tried).err();
        tried
    }
}
