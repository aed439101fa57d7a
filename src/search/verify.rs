//! Whether the same seed takes the same steps twice, and if not, where and why.

mod cause;

pub use cause::Cause;

use std::fmt;

use knossos::StopFlag;
use simulated_clock::Duration;

use super::Runner;
use crate::scenario::Scenario;
use crate::units::KeyError;
use crate::world::{Divergence, Outcome, RunOptions, Shown, StepWatch, TraceLine, Verdict};

/// How long two runs that differ are compared beyond the first step that does: what comes
/// in another order comes again soon.
const BEYOND: Duration = Duration::from_secs(1);

/// Of many runs, those that are made twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeats {
    /// None.
    Never,
    /// The first, and every 64th after it: that costs little, and code that is not
    /// deterministic rarely hides from all of them.
    #[default]
    Sample,
    /// All.
    Always,
}

impl Repeats {
    /// Of how many runs one is made twice.
    pub const ONE_IN: u64 = 64;

    /// Whether the run at this place, from 0 on, is made twice.
    ///
    /// ```
    /// use omnisim::search::Repeats;
    ///
    /// let twice = (0..200).filter(|place| Repeats::Sample.wants(*place));
    /// assert_eq!(twice.collect::<Vec<_>>(), [0, 64, 128, 192]);
    /// ```
    pub const fn wants(self, place: u64) -> bool {
        match self {
            Self::Never => false,
            Self::Sample => place.is_multiple_of(Self::ONE_IN),
            Self::Always => true,
        }
    }
}

/// A run that was made twice.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The first run.
    pub outcome: Outcome,
    /// How the second differs, if it does.
    pub difference: Option<Difference>,
}

/// How two runs of the same seed differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first step that differs; nothing where only the judgement does, or where two
    /// more runs, made to look, agree.
    pub divergence: Option<Divergence>,
    /// The first entries of the traces, or of the judgements, that differ.
    pub entries: Option<[String; 2]>,
    /// What that looks like.
    pub cause: Cause,
}

/// Runs a seed twice and compares.
///
/// # Errors
/// The scenario's options do not suit the system.
pub fn verify(runner: &dyn Runner, scenario: &Scenario, seed: u64) -> Result<Verified, KeyError> {
    let outcome = runner.run(scenario, seed, RunOptions::default())?;
    let difference = run_again(runner, scenario, &outcome, None)?;
    Ok(Verified {
        outcome,
        difference,
    })
}

/// Runs the seed of a run once more, unless somebody wants it to stop, and tells how that
/// differs, if it does: in any step, or in what was found wrong.
///
/// # Errors
/// The scenario's options do not suit the system.
pub fn run_again(
    runner: &dyn Runner,
    scenario: &Scenario,
    outcome: &Outcome,
    stop: Option<StopFlag>,
) -> Result<Option<Difference>, KeyError> {
    let options = RunOptions {
        stop,
        ..RunOptions::default()
    };
    let again = runner.run(scenario, outcome.seed, options)?;
    if outcome.stopped || again.stopped {
        return Ok(None);
    }
    if (again.digest, again.events) != (outcome.digest, outcome.events) {
        return locate(runner, scenario, outcome.seed).map(Some);
    }
    Ok(judged_otherwise(outcome, &again))
}

/// Whether the same steps were judged in another way. A judgement that was given up
/// says nothing.
fn judged_otherwise(first: &Outcome, second: &Outcome) -> Option<Difference> {
    let is_given_up = |outcome: &Outcome| outcome.verdict == Verdict::Unknown;
    if is_given_up(first) || is_given_up(second) || first.violations == second.violations {
        return None;
    }
    let words = |outcome: &Outcome| -> Vec<String> {
        let violations = outcome.violations.iter();
        violations
            .map(|violation| format!("{}: {}", violation.check, violation.message))
            .collect()
    };
    Some(Difference::between(None, &words(first), &words(second)))
}

/// Looks for the first step that differs, and for the first line of the trace that does.
fn locate(runner: &dyn Runner, scenario: &Scenario, seed: u64) -> Result<Difference, KeyError> {
    let watched = |watch| RunOptions {
        watch,
        ..RunOptions::default()
    };
    let steps = runner.run(scenario, seed, watched(StepWatch::Keep))?.steps;
    let compared = runner.run(scenario, seed, watched(StepWatch::Compare(steps)))?;
    let Some(divergence) = compared.divergence else {
        return Ok(Difference::between(None, &[], &[]));
    };
    let steps = [divergence.first, divergence.second];
    let at = steps.into_iter().flatten().map(|step| step.at).max();
    let traced = || -> Result<Vec<String>, KeyError> {
        let options = RunOptions {
            trace: Some(Shown::All),
            until: at.map(|at| at + BEYOND),
            ..RunOptions::default()
        };
        let trace = runner.run(scenario, seed, options)?.trace;
        Ok(trace.iter().map(TraceLine::to_string).collect())
    };
    let (first, second) = (traced()?, traced()?);
    Ok(Difference::between(Some(divergence), &first, &second))
}

impl Difference {
    /// Between two lists of entries.
    fn between(divergence: Option<Divergence>, first: &[String], second: &[String]) -> Self {
        let mut pairs = first.iter().zip(second);
        let place = pairs.position(|(one, other)| one != other);
        let place = place.unwrap_or(first.len().min(second.len()));
        let (first, second) = (&first[place..], &second[place..]);
        let entry = |entries: &[String]| match entries.first() {
            Some(entry) => entry.trim().to_owned(),
            None => "nothing more".to_owned(),
        };
        let differ = !first.is_empty() || !second.is_empty();
        Self {
            divergence,
            cause: Cause::of(first, second),
            entries: differ.then(|| [first, second].map(entry)),
        }
    }
}

/// Where it is, on the first line; the entries and the cause below it.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.divergence {
            Some(Divergence {
                step,
                second: Some(second),
                description,
                ..
            }) => write!(f, "step {step}, at {}, differs: {description}", second.at)?,
            Some(Divergence {
                step, description, ..
            }) => write!(f, "step {step} differs: {description}")?,
            None if self.entries.is_some() => {
                write!(f, "the same steps are judged in another way")?;
            }
            None => write!(
                f,
                "the digests of two runs differ, and those of two more do not"
            )?,
        }
        if let Some([first, second]) = &self.entries {
            write!(f, "\n  first     {first}\n  then      {second}")?;
        }
        write!(f, "\n  likely    {}", self.cause)
    }
}

#[cfg(test)]
mod tests;
