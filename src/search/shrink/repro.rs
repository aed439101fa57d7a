//! What a repro shows, made smaller: a run or a schedule, with the best so far and all that was
//! met on the way in files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::schedule::{ShrunkSchedule, shrink_schedule};
use super::{Found, ShrinkError, Shrinking, Shrunk, Signature, save_found, shrink_kept};
use crate::check::Violation;
use crate::explore::{Limits, Played};
use crate::report::{
    RunSizes, ScheduleSizes, ShrinkReport, Sizes, SlipReport, ViolationReport, replay_command,
};
use crate::repro::{Body, Repro, SeededRun, WriteError, write_schedule};
use crate::search::replay::validate_check;
use crate::search::{ReplayError, Runner, WallClock};

/// What is shrunk, and where what is left goes.
#[derive(Clone, Copy)]
pub struct ReproShrinking<'a> {
    /// The system under test.
    pub runner: &'static dyn Runner,
    /// What fails.
    pub repro: &'a Repro,
    /// The file that receives what is left; the best so far, all along.
    pub small: &'a Path,
    /// The folder for what else was met.
    pub out: &'a Path,
    /// How many candidates run at the same time; at least 1. The result does not depend on it.
    pub threads: usize,
    /// Set by others to end it: what was reached until then is the result.
    pub stop: &'a Arc<AtomicBool>,
    /// The time, for how often the best so far is written.
    pub clock: WallClock<'a>,
    /// The program that the commands call which are reported.
    pub program: &'a str,
}

/// Shrinks what a repro shows; `progress` hears how far it has come.
///
/// # Errors
/// When it does not fail, cannot be run, or what is left cannot be written.
pub fn shrink_repro(
    shrinking: &ReproShrinking<'_>,
    progress: &mut dyn FnMut(String),
) -> Result<ShrinkReport, ShrinkError> {
    validate_check(shrinking.runner, shrinking.repro)?;
    match &shrinking.repro.body {
        Body::Run(run) => shrinking.of_run(run, progress),
        Body::Schedule(lines) => shrinking.of_schedule(lines, progress),
    }
}

impl ReproShrinking<'_> {
    fn of_run(
        &self,
        run: &SeededRun,
        progress: &mut dyn FnMut(String),
    ) -> Result<ShrinkReport, ShrinkError> {
        let plan = run
            .plan()
            .map_err(|(_, message)| ReplayError::Site(message))?;
        let shrinking = Shrinking {
            runner: self.runner,
            scenario: &self.repro.scenario,
            seed: run.seed,
            plan: &plan,
            wanted: self.repro.violation.as_ref().into(),
            threads: self.threads,
            stop: self.stop,
        };
        let shrunk = shrink_kept(&shrinking, Some(self.small), self.clock, progress)?;
        save_found(self.small, &shrunk.after)?;
        let slips = shrunk.slips.iter().map(|slip| {
            let name = format!(
                "{}-{}-{}.repro.toml",
                slip.found.scenario.name, slip.found.outcome.seed, slip.signature.check
            );
            let path = self.out.join(name);
            save_found(&path, &slip.found)?;
            let mut violations = slip.found.outcome.violations.iter();
            let shown = violations.find(|one| Signature::of(one) == slip.signature);
            Ok(self.slip(shown.expect("it was met in this run"), Vec::new(), path))
        });
        let slips = slips.collect::<Result<_, WriteError>>()?;
        let shown = shrunk.after.outcome.violations.first();
        let shown = shown.expect("the same violation stays");
        Ok(self.report(run_sizes(&shrunk), shrunk.complete, shown, slips))
    }

    fn of_schedule(
        &self,
        lines: &[String],
        progress: &mut dyn FnMut(String),
    ) -> Result<ShrinkReport, ShrinkError> {
        let player = self.runner.player(&self.repro.scenario, &Limits::default());
        let player = player.map_err(ReplayError::Unsuited)?;
        let wanted = self.repro.violation.as_ref().into();
        let shrunk = shrink_schedule(&player, lines, wanted, self.stop, &mut |shorter, tries| {
            let actions = shorter.schedule.len();
            progress(format!("{actions} actions, after {tries} tries"));
            // What is left if somebody kills it; that it cannot be written is said at the end.
            let _ = self.save_schedule(self.small, shorter);
        })?;
        self.save_schedule(self.small, &shrunk.after)?;
        let hangs = shrunk.hang.iter().map(|hang| {
            let name = format!("{}-schedule-hang.repro.toml", self.repro.scenario.name);
            let path = self.out.join(name);
            self.save_schedule(&path, hang)?;
            let shown = hang.violation.as_ref().expect("it does not return");
            Ok(self.slip(shown, words(hang), path))
        });
        let slips = hangs.collect::<Result<_, WriteError>>()?;
        let shown = shrunk.after.violation.as_ref();
        let shown = shown.expect("the same violation stays");
        Ok(self.report(schedule_sizes(&shrunk), shrunk.complete, shown, slips))
    }

    fn save_schedule(&self, path: &Path, played: &Played) -> Result<(), WriteError> {
        let (steps, violation) = (&played.schedule, played.violation.as_ref());
        let scenario = &self.repro.scenario;
        let repro = Repro::of_schedule(scenario, steps, Some(played.digest), violation);
        write_schedule(path, &repro, steps)
    }

    fn report(
        &self,
        sizes: Sizes,
        complete: bool,
        shown: &Violation,
        slips: Vec<SlipReport>,
    ) -> ShrinkReport {
        let scenario = &self.repro.scenario;
        ShrinkReport {
            scenario: scenario.name.clone(),
            sizes,
            complete,
            violation: ViolationReport {
                in_contract: None,
                ..ViolationReport::of(scenario, shown, false)
            },
            repro: self.small.display().to_string(),
            replay: replay_command(self.program, self.small, None),
            slips,
        }
    }

    fn slip(&self, shown: &Violation, schedule: Vec<String>, path: PathBuf) -> SlipReport {
        SlipReport {
            check: shown.check.to_owned(),
            signature: Signature::of(shown).to_string(),
            message: shown.message.clone(),
            schedule,
            repro: path.display().to_string(),
            replay: replay_command(self.program, &path, None),
        }
    }
}

fn run_sizes(shrunk: &Shrunk) -> Sizes {
    let replicas = |found: &Found| found.scenario.cluster.replicas;
    let choices = |found: &Found| found.outcome.decisions.len();
    let (before, after) = (&shrunk.before, &shrunk.after);
    Sizes::Run(RunSizes {
        events_before: before.outcome.events,
        events_after: after.outcome.events,
        faults_before: before.faults(),
        faults: after.faults(),
        operations_before: before.operations(),
        operations: after.operations(),
        replicas_before: replicas(before),
        replicas: replicas(after),
        choices_before: choices(before),
        choices: choices(after),
        runs: shrunk.runs,
    })
}

fn schedule_sizes(shrunk: &ShrunkSchedule) -> Sizes {
    Sizes::Schedule(ScheduleSizes {
        actions_before: shrunk.before,
        actions_after: shrunk.after.schedule.len(),
        schedule: words(&shrunk.after),
        tries: shrunk.tries,
    })
}

fn words(played: &Played) -> Vec<String> {
    let steps = played.schedule.iter();
    steps.map(|step| step.words.clone()).collect()
}
