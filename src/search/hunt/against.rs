//! The same seeds under another build, run for run.
//!
//! The other build is a program that is run with the same arguments, or what it printed with
//! `--format json` before. Which verdicts differ says what a change of the library mends or
//! breaks; the first step that differs, where it begins to matter.

mod other;

pub use other::Other;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{Hunting, Prey, hunt as hunt_seeds};
use crate::report::{Comparison, Made, Parting, RunDifference, RunReport};
use crate::repro::{Repro, repro_path, write_atomically};
use crate::scenario::Scenario;
use crate::search::{Repeats, SearchError};
use crate::world::{Outcome, RunOptions, Shown};

/// What is compared, and how.
#[derive(Clone, Copy)]
pub struct Comparing<'a> {
    /// What is hunted by both.
    pub prey: &'a [Prey],
    /// Through which seeds.
    pub seeds: &'a Range<u64>,
    /// The other build.
    pub other: &'a Other,
    /// What it is asked for, if it is a program.
    pub words: &'a [String],
    /// How many runs are made at the same time, at least 1.
    pub threads: usize,
    /// The folder for the repro file of the first run that differs.
    pub out: &'a Path,
    /// Set to end it with what it has.
    pub stop: &'a Arc<AtomicBool>,
    /// Whether the program is to end.
    pub is_ending: &'a dyn Fn() -> bool,
}

/// Compares run by run; `step` hears of each.
///
/// # Errors
/// When the other build does not say what is compared, or something cannot be run or written.
pub fn compare(
    comparing: Comparing<'_>,
    step: &mut dyn FnMut(),
) -> Result<Comparison, SearchError> {
    let mut theirs = comparing.other.runs(comparing.words)?;
    let mut comparison = Comparison {
        against: comparing.other.path().display().to_string(),
        ..Comparison::default()
    };
    if (comparing.is_ending)() {
        return Ok(comparison);
    }
    let mut first = None;
    each_run(comparing, step, |scenario, outcome| {
        let here = Made::from(&RunReport::of(&scenario, &outcome));
        let key = (scenario.name.clone(), outcome.seed);
        match theirs.remove(&key) {
            None => comparison.missing += 1,
            Some(there) => {
                comparison.compared += 1;
                if there != here {
                    let (name, seed) = key;
                    let difference = RunDifference {
                        scenario: name,
                        seed,
                        here,
                        there,
                    };
                    if difference.took_other_steps() {
                        first.get_or_insert((scenario, seed));
                    }
                    comparison.differences.push(difference);
                }
            }
        }
    })?;
    if let Some((scenario, seed)) = first {
        comparison.divergence = parting(comparing, &scenario, seed)?;
    }
    Ok(comparison)
}

fn each_run(
    comparing: Comparing<'_>,
    step: &mut dyn FnMut(),
    mut sink: impl FnMut(Scenario, Outcome),
) -> Result<(), SearchError> {
    let Comparing { prey, seeds, .. } = comparing;
    let mut error = None;
    let hunting = Hunting {
        prey,
        first: seeds.start,
        from: seeds.start,
        runs: Some((seeds.end - seeds.start) * prey.len() as u64),
        repeats: Repeats::Never,
        skipped: &BTreeSet::new(),
        threads: comparing.threads,
        clock: &|| 0,
    };
    hunt_seeds(hunting, comparing.stop, |_, hunted| {
        step();
        match hunted.result {
            None => {}
            Some(Ok(outcome)) => sink(hunted.scenario, outcome),
            Some(Err(wrong)) => {
                error = Some(SearchError::unsuited(&hunted.scenario.name, &wrong));
            }
        }
    });
    error.map_or(Ok(()), Err)
}

/// Where two runs of one seed part: the first line of their traces that differs.
fn parting(
    comparing: Comparing<'_>,
    scenario: &Scenario,
    seed: u64,
) -> Result<Option<Parting>, SearchError> {
    let runner = comparing
        .prey
        .first()
        .expect("something is hunted")
        .runner();
    let run_options = RunOptions {
        trace: Some(Shown::All),
        ..RunOptions::default()
    };
    let outcome = runner
        .run(scenario, seed, run_options)
        .map_err(|error| SearchError::Input(error.to_string()))?;
    let path = repro_path(comparing.out, &scenario.name, seed);
    let repro = Repro::of(scenario, &outcome);
    write_atomically(&path, repro.to_text().as_bytes())?;
    let Some(theirs) = comparing.other.trace(&path)? else {
        return Ok(None);
    };
    let ours: Vec<String> = outcome.trace.iter().map(ToString::to_string).collect();
    let together = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let line = |lines: &[String]| {
        let line = lines.get(together).cloned();
        line.unwrap_or_else(|| "nothing more".to_owned())
    };
    Ok(Some(Parting {
        lines: together as u64,
        before: together
            .checked_sub(1)
            .map_or_else(String::new, |last| ours[last].clone()),
        here: line(&ours),
        there: line(&theirs),
    }))
}
