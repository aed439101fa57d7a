//! Runs a repro file once more, of a run or of a schedule.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use knossos::StopFlag;

use super::kept::{Again, Kept};
use crate::check::HANG;
use crate::repro::{Build, Repro, ReproViolation, Source};
use crate::scenario::ScenarioError;
use crate::search::{Replayed, SearchError, Signature, Systems, find, replay};
use crate::world::RunOptions;

/// What a file says today.
pub(super) enum Once {
    /// Nothing: it is of a run that passed, was stopped, or of a system that another binary has.
    Nothing,
    /// Its scenario expects the violation anyway.
    Expected,
    /// It does not return.
    Hangs,
    /// What it shows.
    Again(Kept),
}

/// Runs a repro file once more.
///
/// # Errors
/// When it cannot be run; `Ok(Err)` when it cannot be read, which is worth a word and no more.
pub(super) fn once_more(
    file: &Path,
    systems: Systems<'static>,
    stop: &Arc<AtomicBool>,
) -> Result<Result<Once, ScenarioError>, SearchError> {
    let repro = match Repro::load(file) {
        Ok(repro) => repro,
        Err(error) => return Ok(Err(error)),
    };
    let Some(wanted) = &repro.violation else {
        return Ok(Ok(Once::Nothing));
    };
    if is_expected(&repro, wanted) {
        return Ok(Ok(Once::Expected));
    }
    if wanted.check == HANG {
        return Ok(Ok(Once::Hangs));
    }
    let Ok(runner) = find(systems, &Source::named(file, repro.scenario.clone())) else {
        return Ok(Ok(Once::Nothing));
    };
    let options = RunOptions {
        stop: Some(StopFlag::sharing(Arc::clone(stop))),
        ..RunOptions::default()
    };
    let replayed = replay(runner, &repro, options)
        .map_err(|error| SearchError::Input(format!("{}: {error}", file.display())))?;
    Ok(Ok(if replayed.is_stopped() {
        Once::Nothing
    } else {
        Once::Again(judged(file, &repro, wanted, &replayed))
    }))
}

/// Whether its scenario says that the violation comes.
fn is_expected(repro: &Repro, violation: &ReproViolation) -> bool {
    let (scenario, check) = (&repro.scenario, &violation.check);
    let model = scenario.model.as_ref();
    scenario.check.expects(check) || model.is_some_and(|model| model.expects(check))
}

fn judged(file: &Path, repro: &Repro, wanted: &ReproViolation, replayed: &Replayed) -> Kept {
    let violation = wanted.find_in(replayed.violations());
    let same_steps = repro.has_digest(replayed.digest());
    let again = match (violation, same_steps, repro.build == Build::current()) {
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
        planted: repro.scenario.selftest.planted.clone(),
        again,
    }
}
