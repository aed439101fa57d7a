//! All bugs, hunted for side by side: quick ones more often, and the first run that shows each
//! kept and made small.

mod shrunken;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::{BugTrial, Column, Power, Tried};
use crate::report::{BugReport, PowerReport};
use crate::repro::{Repro, write_atomically};
use crate::scenario::Scenario;
use crate::search::{Listener, Runner, SearchError, Surroundings, Weight, run_all};
use crate::system::PlantedBug;
use crate::world::RunOptions;

/// Hunts for every bug; more only for those that are found quickly.
const HUNTS_FIRST: u64 = 5;

/// A median below this is quick, in nanoseconds.
const QUICK_NS: u64 = 10_000_000_000;

/// Which bugs are hunted for, and how.
#[derive(Clone, Copy)]
pub struct BugsPlan<'a> {
    /// The system that they are planted in.
    pub runner: &'static dyn Runner,
    /// The bugs.
    pub bugs: &'a [&'static PlantedBug],
    /// Where scenarios come from, what counts first.
    pub columns: &'a [Column],
    /// Hunts for each bug.
    pub hunts: u64,
    /// The most seeds of one hunt.
    pub seeds_max: u64,
    /// A check that is blind.
    pub without: Option<&'a str>,
    /// Whether the same runs are made without the bug, too.
    pub twins: bool,
    /// How long the first run that shows a bug is shrunk, if it is.
    pub shrink_for: Option<Duration>,
    /// The folder for the first run that shows each bug.
    pub out: Option<&'a Path>,
    /// How many hunts go on at the same time, at least 1.
    pub threads: usize,
    /// What it needs from outside.
    pub around: Surroundings<'a>,
}

/// What hunts for bugs came to.
#[derive(Clone, Debug)]
pub struct BugsMeasured {
    /// The bugs of which some hunt came to its end.
    pub reports: Vec<BugReport>,
    /// Whether omnisim itself panicked in a run.
    pub is_own: bool,
    /// Whether the check that was blind would have had anything to evaluate.
    pub was_blinded: bool,
}

/// Hunts for planted bugs.
///
/// # Errors
/// When a bug does not suit its system, or something cannot be written.
pub fn measure_bugs(
    plan: BugsPlan<'_>,
    listener: &mut dyn Listener,
) -> Result<BugsMeasured, SearchError> {
    let mut measured = Measured {
        plan,
        listener,
        powers: BTreeMap::new(),
        shown: BTreeMap::new(),
        own: false,
    };
    let columns = plan.columns;
    let of_bug = |bug: &&'static PlantedBug| {
        let bug = *bug;
        columns.iter().map(move |column| (bug, *column))
    };
    let all: Vec<_> = plan.bugs.iter().flat_map(of_bug).collect();
    measured.measure(&all, 0, plan.hunts.min(HUNTS_FIRST))?;
    let quick: Vec<_> = all
        .into_iter()
        .filter(|one| measured.is_quick(*one))
        .collect();
    measured.measure(&quick, HUNTS_FIRST, plan.hunts)?;
    measured.keep_repros()?;
    let mut reports = measured.reports()?;
    reports.retain(BugReport::is_tried);
    Ok(BugsMeasured {
        reports,
        is_own: measured.own,
        was_blinded: measured.powers.values().any(|power| power.unseen > 0),
    })
}

/// What was measured so far.
struct Measured<'a> {
    plan: BugsPlan<'a>,
    listener: &'a mut dyn Listener,
    powers: BTreeMap<(&'static PlantedBug, Column), Power>,
    /// For each bug, the first scenario and seed that showed it.
    shown: BTreeMap<&'static PlantedBug, (Scenario, u64)>,
    /// Whether omnisim itself panicked in a run.
    own: bool,
}

impl Measured<'_> {
    fn measure(
        &mut self,
        what: &[(&'static PlantedBug, Column)],
        from: u64,
        to: u64,
    ) -> Result<(), SearchError> {
        let plan = self.plan;
        let Surroundings { clock, stop, .. } = plan.around;
        let trial = |(bug, column), hunt| BugTrial {
            runner: plan.runner,
            bug,
            column,
            hunt,
            seeds_max: plan.seeds_max,
            without: plan.without,
            twins: plan.twins,
            clock,
            stop,
        };
        // Every bug once, then every bug again: what takes long is not left to the end.
        let trials: Vec<_> = (from..to)
            .flat_map(|hunt| what.iter().map(move |one| trial(*one, hunt)))
            .collect();
        self.listener.begins(Some(trials.len() as u64));
        let threads = plan.threads;
        let listener = &mut *self.listener;
        let (mut unsuited, mut own) = (None, false);
        let (powers, shown) = (&mut self.powers, &mut self.shown);
        run_all(&trials, threads, stop, |place, tried: Tried| {
            let trial = &trials[place];
            let is_whole = tried.found.is_some() || tried.seeds == trial.seeds_max;
            if is_whole {
                powers
                    .entry((trial.bug, trial.column))
                    .or_default()
                    .add(&tried);
            }
            if let Some(found) = &tried.found {
                let seed = found.seed;
                let show = || (trial.scenario(seed), seed);
                shown.entry(trial.bug).or_insert_with(show);
            }
            if let Some((seed, message)) = &tried.own {
                own = true;
                listener.say(
                    Weight::News,
                    format!("{}, seed {seed}: {message}", trial.bug),
                );
            }
            if tried.unsuited.is_some() {
                unsuited = tried.unsuited;
            }
            listener.step(trial.bug.to_string());
        });
        self.listener.ends();
        self.own |= own;
        unsuited.map_or(Ok(()), |message| Err(SearchError::Input(message)))
    }

    /// Writes the first run that showed each bug, to be replayed and shrunk.
    fn keep_repros(&self) -> Result<(), SearchError> {
        let Some(folder) = self.plan.out else {
            return Ok(());
        };
        for (bug, (scenario, seed)) in &self.shown {
            let outcome = self.plan.runner.run(scenario, *seed, RunOptions::default());
            let outcome = outcome.map_err(|error| SearchError::Input(error.message))?;
            let path = folder.join(format!("{bug}.repro.toml"));
            let repro = Repro::of(scenario, &outcome);
            write_atomically(&path, repro.to_text().as_bytes())?;
        }
        Ok(())
    }

    fn is_quick(&self, one: (&'static PlantedBug, Column)) -> bool {
        let median = self.powers.get(&one).and_then(Power::wall_median);
        median.is_some_and(|median| median < QUICK_NS)
    }

    fn reports(&mut self) -> Result<Vec<BugReport>, SearchError> {
        let (bugs, columns) = (self.plan.bugs, self.plan.columns);
        let mut reports = Vec::new();
        for bug in bugs {
            let shrunken = self.shrunken(bug)?;
            let power = |column: &Column| {
                let power = self.powers.get(&(*bug, *column));
                power.map_or_else(PowerReport::default, PowerReport::from)
            };
            reports.push(BugReport {
                card: (*bug).into(),
                first: columns.first().map(power).unwrap_or_default(),
                columns: columns
                    .iter()
                    .map(|column| (column.name().to_owned(), power(column)))
                    .collect(),
                shrunken,
            });
        }
        Ok(reports)
    }
}
