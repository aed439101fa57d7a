//! `omnisim model --from`: a search that goes on from a random run.

use std::path::Path;

use super::Exit;
use super::replay::repro_of;
use super::source::one;
use crate::repro::{Body, Source};
use crate::scenario::{Beginning, ModelOptions};
use crate::units::Time;

/// The scenario of a run, to be searched from a moment of it on, within the bounds of
/// another one, or else its own.
pub(super) fn source(
    run: &Path,
    seed: Option<u64>,
    until: Time,
    bounds: Option<&Path>,
) -> Result<Source, Exit> {
    let (repro, mut source) = repro_of(run, seed, "--from-seed")?;
    let Body::Run(begun) = repro.body else {
        let message = "is a schedule, which knows no times: --from takes the repro file of a run";
        return Err(Exit::usage(format!("{}: {message}", run.display())));
    };
    let scenario = &mut source.scenario;
    let other = bounds.map(one).transpose()?;
    let bounds = match &other {
        Some(other) => {
            let model = other.scenario.model.clone();
            Some(model.ok_or_else(|| no_bounds(other))?)
        }
        None => scenario.model.take(),
    };
    let beginning = Beginning {
        seed: begun.seed,
        until,
        decisions: begun.decisions,
    };
    let model = match bounds {
        Some(bounds) => {
            if let Some(note) = no_longer_expected(&bounds, run, &beginning) {
                say!("{note}");
            }
            bounds.begun_with(beginning)
        }
        None => ModelOptions::going_on(beginning),
    };
    let problem = model.problem(scenario);
    scenario.model = Some(model);
    match problem {
        Some(error) => {
            // What is wrong stands where the bounds do.
            let source = other.as_ref().unwrap_or(&source);
            Err(source.unsuited(error.within("model")).into())
        }
        None => Ok(source),
    }
}

/// That what is expected of a search from the first start is not expected of this one.
fn no_longer_expected(bounds: &ModelOptions, run: &Path, from: &Beginning) -> Option<String> {
    let expected = bounds.violates.join(", ");
    (!expected.is_empty()).then(|| {
        format!(
            "note: model.violates ({expected}) is said of schedules from the first start, and not \
             expected of those that go on from {} at {}: a violation ends with exit code 1",
            run.display(),
            from.until
        )
    })
}

/// What a search needs that this scenario has not.
pub(super) fn no_bounds(source: &Source) -> Exit {
    Exit::usage(format!(
        "{}: has no [model] table, which says what may happen and how often, as\n\
         [model]\nclients = [{{ at = 1, does = [\"write\", \"read\"] }}]\nattempts = 1",
        source.path.display()
    ))
}
