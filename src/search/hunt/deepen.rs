//! From promising runs into every schedule.
//!
//! A run takes one schedule of millions. Where it met something new, what could have happened
//! instead is searched, too: every schedule within small bounds, from the moment at which the
//! first takeover had just begun to bring the logs of others in line with the new leader's.
//! That is when what was lost, forgotten or overlooked before does its damage.

#[cfg(feature = "explore")]
use std::sync::Arc;
#[cfg(feature = "explore")]
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use simulated_clock::Instant;

#[cfg(feature = "explore")]
use crate::explore::{Explored, Limits, Progress};
use crate::scenario::{Beginning, ModelOptions, Scenario};
#[cfg(feature = "explore")]
use crate::search::Job;
use crate::search::Runner;
#[cfg(feature = "explore")]
use crate::units::KeyError;
use crate::units::Time;
use crate::world::Outcome;

#[cfg(feature = "explore")]
/// How many states each search finds at most: by count, so that what it finds does not
/// depend on how fast a machine is.
const STATES_MAX: u64 = 100_000;

/// A run from which every schedule is searched.
#[derive(Clone)]
pub struct Promising {
    /// What it was run in, with the bounds of the search.
    pub scenario: Scenario,
    /// Its system.
    pub runner: &'static dyn Runner,
    /// Its seed.
    pub seed: u64,
    /// How many places it was the first to cover.
    pub news: usize,
    /// Whether it kept to what the system is written for.
    pub in_contract: bool,
}

/// What searches that went on from runs did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deepened {
    /// Runs that were gone on from.
    pub runs: u64,
    /// Those of which every schedule within the bounds was taken.
    pub complete: u64,
    /// Different states that were found.
    pub states: u64,
    /// Runs from which no search can go on.
    #[serde(default)]
    pub passed_over: u64,
    /// Why not from the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Promising {
    /// The search that goes on from a run; none where nobody ever led in it, or where what
    /// it was run in cannot be searched.
    pub fn of(
        scenario: &Scenario,
        runner: &'static dyn Runner,
        outcome: &Outcome,
        news: usize,
    ) -> Option<Self> {
        let until = outcome.takeover?.saturating_since(Instant::ZERO);
        let beginning = Beginning {
            seed: outcome.seed,
            until: Time(until),
            decisions: Default::default(),
        };
        let model = ModelOptions::going_on(beginning);
        let mut scenario = scenario.clone();
        if model.problem(&scenario).is_some() {
            return None;
        }
        scenario.model = Some(model);
        Some(Self {
            scenario,
            runner,
            seed: outcome.seed,
            news,
            in_contract: outcome.in_contract,
        })
    }
}

#[cfg(feature = "explore")]
/// One search.
pub struct Deepening<'a> {
    /// From where.
    pub promising: &'a Promising,
    /// Set when it is to end with what it has.
    pub stop: &'a AtomicBool,
}

#[cfg(feature = "explore")]
impl Job for Deepening<'_> {
    type Output = Result<Explored, KeyError>;

    fn run(&self) -> Self::Output {
        let limits = Limits {
            threads: 1,
            ..Limits::default()
        };
        let ends = Arc::clone(&limits.stop);
        let mut watch = |progress: Progress| {
            if progress.unique_states >= STATES_MAX || self.stop.load(Ordering::Relaxed) {
                ends.store(true, Ordering::Relaxed);
            }
        };
        let Promising {
            scenario, runner, ..
        } = self.promising;
        runner.explore(scenario, &limits, &mut watch)
    }
}

#[cfg(feature = "explore")]
impl Deepened {
    /// Adds one search.
    pub fn add(&mut self, explored: &Explored) {
        self.runs += 1;
        self.complete += u64::from(explored.complete);
        self.states += explored.progress.unique_states;
    }

    /// No search can go on from this run.
    pub(super) fn pass_over(&mut self, run: &Promising, why: &KeyError) {
        self.passed_over += 1;
        let first = || format!("{} of seed {}: {why}", run.scenario.name, run.seed);
        self.why.get_or_insert_with(first);
    }
}
