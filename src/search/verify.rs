//! Whether the same seed takes the same steps twice.

use super::Runner;
use crate::scenario::Scenario;
use crate::world::{Divergence, Outcome, RunOptions, StepWatch};

/// A run that was made twice.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The first run.
    pub outcome: Outcome,
    /// Where the second went another way, if it did.
    pub divergence: Option<Divergence>,
}

/// Runs a seed twice and compares every step.
///
/// # Errors
/// The scenario's options do not suit the system.
pub fn verify(
    runner: &dyn Runner,
    scenario: &Scenario,
    seed: u64,
    keep_history: bool,
) -> Result<Verified, (String, String)> {
    let first = RunOptions {
        watch: StepWatch::Keep,
        keep_history,
        ..RunOptions::default()
    };
    let mut outcome = runner.run(scenario, seed, first)?;
    let second = RunOptions {
        watch: StepWatch::Compare(std::mem::take(&mut outcome.steps)),
        ..RunOptions::default()
    };
    let divergence = runner.run(scenario, seed, second)?.divergence;
    Ok(Verified {
        outcome,
        divergence,
    })
}
