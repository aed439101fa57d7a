//! Runs a repro file once more, of a run or of a schedule.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use knossos::StopFlag;

use super::{Again, Kept};
use crate::check::{HANG, Violation};
use crate::explore::Limits;
use crate::repro::{Build, Repro, ReproViolation, ScheduleRepro, Source};
use crate::scenario::{Scenario, ScenarioError, read_text};
use crate::search::{Runner, SearchError, Signature, Systems, find};
use crate::world::RunOptions;

/// A repro file, read.
enum Found {
    Run(Box<Repro>),
    Schedule(Box<ScheduleRepro>),
}

/// What a file says today.
pub(in crate::search::hunt) enum Once {
    /// Nothing: it is of a run that passed, was stopped, or of a system that another binary has.
    Nothing,
    /// Its scenario expects the violation anyway.
    Expected,
    /// It does not return.
    Hangs,
    /// What comes of it.
    Again(Kept),
}

/// Runs a repro file once more.
///
/// # Errors
/// When it cannot be run; `Ok(Err)` when it cannot be read, which is worth a word and no more.
pub(in crate::search::hunt) fn once_more(
    file: &Path,
    systems: Systems<'static>,
    stop: &Arc<AtomicBool>,
) -> Result<Result<Once, ScenarioError>, SearchError> {
    let found = match read(file) {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let Some(wanted) = found.violation() else {
        return Ok(Ok(Once::Nothing));
    };
    if found.is_expected(wanted) {
        return Ok(Ok(Once::Expected));
    }
    if wanted.check == HANG {
        return Ok(Ok(Once::Hangs));
    }
    let Ok(runner) = find(systems, &Source::named(file, found.scenario().clone())) else {
        return Ok(Ok(Once::Nothing));
    };
    let shown = match &found {
        Found::Run(repro) => run_again(repro, runner, stop),
        Found::Schedule(repro) => schedule_again(repro, runner),
    };
    let shown = shown.map_err(|message| {
        let file = file.display();
        SearchError::Input(format!("{file}: {message}"))
    })?;
    Ok(Ok(match shown {
        Some(shown) => Once::Again(judged(file, &found, wanted, &shown)),
        None => Once::Nothing,
    }))
}

/// What comes today.
struct Shows {
    violations: Vec<Violation>,
    /// Whether every step is as it was; nothing if the file does not say.
    same_steps: Option<bool>,
}

impl Found {
    fn scenario(&self) -> &Scenario {
        match self {
            Self::Run(repro) => &repro.scenario,
            Self::Schedule(repro) => &repro.scenario,
        }
    }

    fn violation(&self) -> Option<&ReproViolation> {
        match self {
            Self::Run(repro) => repro.violation.as_ref(),
            Self::Schedule(repro) => repro.violation.as_ref(),
        }
    }

    fn build(&self) -> &Build {
        match self {
            Self::Run(repro) => &repro.build,
            Self::Schedule(repro) => &repro.build,
        }
    }

    /// Whether its scenario says that the violation comes.
    fn is_expected(&self, violation: &ReproViolation) -> bool {
        let (scenario, check) = (self.scenario(), &violation.check);
        let model = scenario.model.as_ref();
        scenario.check.expects(check) || model.is_some_and(|model| model.expects(check))
    }
}

fn read(file: &Path) -> Result<Found, ScenarioError> {
    let (name, text) = (file.display().to_string(), read_text(file)?);
    Ok(if ScheduleRepro::is_schedule(&text) {
        Found::Schedule(Box::new(ScheduleRepro::parse(&name, &text)?))
    } else {
        Found::Run(Box::new(Repro::parse(&name, &text)?))
    })
}

/// Nothing if it was stopped.
fn run_again(
    repro: &Repro,
    runner: &'static dyn Runner,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Shows>, String> {
    let options = RunOptions {
        plan: repro.plan().map_err(|(_, message)| message)?,
        stop: Some(StopFlag::sharing(Arc::clone(stop))),
        ..RunOptions::default()
    };
    let outcome = runner
        .run(&repro.scenario, repro.seed, options)
        .map_err(|error| error.to_string())?;
    Ok((!outcome.stopped).then(|| Shows {
        same_steps: repro.has_digest(outcome.digest),
        violations: outcome.violations,
    }))
}

fn schedule_again(
    repro: &ScheduleRepro,
    runner: &'static dyn Runner,
) -> Result<Option<Shows>, String> {
    let player = runner
        .player(&repro.scenario, &Limits::default())
        .map_err(|error| error.to_string())?;
    let played = player
        .play(&repro.schedule)
        .map_err(|(_, message)| message)?;
    Ok(Some(Shows {
        same_steps: repro.has_digest(played.digest),
        violations: played.violation.into_iter().collect(),
    }))
}

fn judged(file: &Path, found: &Found, wanted: &ReproViolation, shows: &Shows) -> Kept {
    let mut violations = shows.violations.iter();
    let violation = violations.find(|violation| wanted.is_shown_by(violation));
    let again = match (
        violation,
        shows.same_steps,
        found.build() == &Build::current(),
    ) {
        (None, ..) => Again::Gone,
        (Some(_), None, _) => Again::Edited,
        (Some(_), Some(true), _) => Again::StepForStep,
        (Some(_), Some(false), true) => Again::OtherCode,
        (Some(_), Some(false), false) => Again::OtherBuild,
    };
    let gone = || Signature {
        check: wanted.check.clone(),
        class: wanted.class,
        place: wanted.place.clone(),
        finding: None,
    };
    Kept {
        repro: file.display().to_string(),
        signature: violation.map_or_else(gone, Signature::of),
        planted: found.scenario().selftest.planted.clone(),
        again,
    }
}
