//! Scenarios over their seeds: run, judged by what they expect, and kept where somebody has to
//! look.

mod ledger;

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Difference, Job, Repeats, Runner, SearchError, WallClock, run_again, run_all};
use crate::check::Violation;
use crate::report::{Commands, RunReport, RunsReport};
use crate::repro::{Source, WriteError, repro_path, save_run};
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};
use ledger::Ledger;

/// A scenario with its system.
#[derive(Clone)]
pub struct Subject {
    /// The scenario, and its file.
    pub source: Source,
    /// Its system.
    pub runner: &'static dyn Runner,
}

/// Which seeds of each scenario are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seeds {
    /// As many as it asks for.
    #[default]
    AsAsked,
    /// One.
    One(u64),
    /// These.
    Range(Range<u64>),
}

impl Seeds {
    fn of(&self, subject: &Subject) -> Vec<u64> {
        match self {
            Self::AsAsked => (0..subject.source.scenario.check.seeds).collect(),
            Self::One(seed) => vec![*seed],
            Self::Range(seeds) => seeds.clone().collect(),
        }
    }
}

/// What is run, and how.
#[derive(Clone, Copy)]
pub struct RunPlan<'a> {
    /// The scenarios.
    pub subjects: &'a [Subject],
    /// Their seeds.
    pub seeds: &'a Seeds,
    /// Which of them are run twice.
    pub repeats: Repeats,
    /// Whether every run is kept, or only those that somebody has to look at.
    pub save: bool,
    /// The folder for what is kept.
    pub out: &'a Path,
    /// The program that replays it.
    pub program: &'a str,
    /// The system, if it was named beside the scenarios.
    pub system: Option<&'a str>,
    /// How many runs are made at the same time, at least 1.
    pub threads: usize,
    /// The caller's clock.
    pub clock: WallClock<'a>,
}

/// One run that is over.
#[derive(Debug)]
pub struct RunNews {
    /// The result.
    pub report: RunReport,
    /// How it differed the second time, and the command that shows it.
    pub difference: Option<(Difference, String)>,
    /// That it could not be kept.
    pub unsaved: Option<WriteError>,
    /// Whether omnisim itself panicked in it.
    pub is_own: bool,
}

/// One run to do.
struct Run<'a> {
    plan: RunPlan<'a>,
    subject: &'a Subject,
    place: usize,
    seed: u64,
    twice: bool,
}

/// What a run gave.
struct Done {
    result: Result<(Outcome, Option<Difference>), KeyError>,
    wall_ns: u64,
}

impl Job for Run<'_> {
    type Output = Done;

    fn run(&self) -> Done {
        let (clock, runner) = (self.plan.clock, self.subject.runner);
        let began = clock();
        let scenario = &self.subject.source.scenario;
        let options = RunOptions {
            keep_history: self.plan.save,
            keep_observations: self.plan.save,
            ..RunOptions::default()
        };
        let outcome = runner.run(scenario, self.seed, options);
        let wall_ns = clock().saturating_sub(began);
        let result = outcome.and_then(|outcome| {
            let difference = match self.twice {
                true => run_again(runner, scenario, &outcome, None)?,
                false => None,
            };
            Ok((outcome, difference))
        });
        Done { result, wall_ns }
    }
}

impl RunPlan<'_> {
    /// How many runs there are.
    pub fn len(&self) -> usize {
        let seeds = self
            .subjects
            .iter()
            .map(|subject| self.seeds.of(subject).len());
        seeds.sum()
    }

    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn jobs(&self) -> Vec<Run<'_>> {
        let of_one = |(place, subject)| {
            let seeds = self.seeds.of(subject).into_iter();
            (0..).zip(seeds).map(move |(number, seed)| Run {
                plan: *self,
                subject,
                place,
                seed,
                twice: self.repeats.wants(number),
            })
        };
        self.subjects.iter().enumerate().flat_map(of_one).collect()
    }
}

/// Makes all runs, until `stop` is set; `sink` hears of each in the order of scenarios and seeds.
///
/// # Errors
/// When a scenario does not suit its system.
pub fn run_scenarios(
    plan: RunPlan<'_>,
    stop: &AtomicBool,
    mut sink: impl FnMut(RunNews),
) -> Result<RunsReport, SearchError> {
    let began = (plan.clock)();
    let jobs = plan.jobs();
    let mut taking = Taking {
        plan,
        is_alone: jobs.len() == 1,
        ledgers: plan.subjects.iter().map(|_| Ledger::default()).collect(),
    };
    let mut error = None;
    run_all(&jobs, plan.threads, stop, |place, done| {
        if error.is_some() {
            return;
        }
        match taking.take(&jobs[place], done) {
            Ok(None) => {}
            Ok(Some(news)) => sink(news),
            Err(wrong) => {
                error = Some(wrong);
                stop.store(true, Ordering::Relaxed);
            }
        }
    });
    if let Some(error) = error {
        return Err(error);
    }
    let subjects = plan.subjects.iter().zip(&taking.ledgers);
    let reports = subjects.map(|(subject, ledger)| ledger.report(&subject.source, plan.out));
    Ok(RunsReport {
        scenarios: reports.filter(|report| report.seeds > 0).collect(),
        wall_ns: (plan.clock)().saturating_sub(began),
    })
}

/// Takes what runs gave, in order.
struct Taking<'a> {
    plan: RunPlan<'a>,
    /// Whether there is only one run.
    is_alone: bool,
    ledgers: Vec<Ledger>,
}

impl Taking<'_> {
    /// Nothing of a run that was stopped: it is as if it had not begun.
    fn take(&mut self, job: &Run<'_>, done: Done) -> Result<Option<RunNews>, SearchError> {
        let (source, plan) = (&job.subject.source, &self.plan);
        let (outcome, difference) = done.result.map_err(|error| source.unsuited(error))?;
        if outcome.stopped {
            return Ok(None);
        }
        let scenario = &source.scenario;
        let ledger = &mut self.ledgers[job.place];
        ledger.tally.add(scenario, &outcome);
        ledger.count(&outcome, done.wall_ns);
        if job.twice {
            ledger.ran_twice(outcome.seed, difference.is_some());
        }
        let mut report = RunReport::of(scenario, &outcome);
        if self.is_alone {
            report.ended = ledger.alone(scenario, &report);
        }
        let path = repro_path(plan.out, &scenario.name, outcome.seed);
        // What its author expects comes again whenever it is run again.
        let is_kept = ledger.note(&report, &path) || plan.save;
        let commands = Commands {
            program: plan.program,
            file: if is_kept { &path } else { &source.path },
            seed: (!is_kept).then_some(outcome.seed),
            system: plan.system,
        };
        report.wall_ns = done.wall_ns;
        report.replay = commands.replay();
        report.shrink = Some(commands.shrink());
        report.repro = is_kept.then(|| path.display().to_string());
        report.verified = job.twice.then_some(difference.is_none());
        // The verdict does not depend on whether it can be kept.
        let saved = is_kept.then(|| save_run(plan.out, scenario, &outcome));
        let again = Commands {
            file: &source.path,
            seed: Some(outcome.seed),
            ..commands
        };
        Ok(Some(RunNews {
            report,
            difference: difference.map(|difference| (difference, again.verify())),
            unsaved: saved.and_then(Result::err),
            is_own: outcome.violations.iter().any(Violation::is_own),
        }))
    }
}
