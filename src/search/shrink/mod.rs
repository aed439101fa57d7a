//! Shrinking: a failing run, reduced to the choices that matter.
//!
//! A run is a scenario, a seed and the set of decisions that keep their seeded
//! answer; all others are boring (no fault, base latency, operation not issued).
//! Shrinking takes away whole kinds of decision, then faults, operations and single
//! answers, by delta debugging (Zeller and Hildebrandt, "Simplifying and isolating
//! failure-inducing input", IEEE TSE 2002), then tables and numbers of the scenario,
//! and begins again until nothing is left to take away. It does so twice, the first
//! time with the scenario first, from the smallest cluster in which the seed fails at
//! all, and keeps the smaller end; the second time it gives up where it stays behind
//! for longer than the first took. A candidate counts only if the *same*
//! violation comes; another one that is met on the way is kept as a slip. What is
//! left replays exactly, because it is a run like any other.

mod bench;
mod chunks;
mod kept;
#[cfg(feature = "explore")]
mod repro;
mod scenario_steps;
#[cfg(feature = "explore")]
mod schedule;
mod signature;
mod sites;

pub use bench::{Found, Slip};
pub use kept::{save_found, shrink_kept};
#[cfg(feature = "explore")]
pub use repro::{ReproShrinking, shrink_repro};
pub use signature::Signature;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{ReplayError, Runner};
use crate::check::Violation;
use crate::decision::{Kept, Plan, Site};
use crate::repro::{ReproViolation, WriteError};
use crate::scenario::Scenario;
use bench::{Bench, Candidate};

/// What is shrunk, and with what.
#[derive(Clone, Copy)]
pub struct Shrinking<'a> {
    /// The system under test.
    pub runner: &'static dyn Runner,
    /// The run that failed.
    pub scenario: &'a Scenario,
    /// Its seed.
    pub seed: u64,
    /// Its decisions.
    pub plan: &'a Plan,
    /// The violation that has to stay.
    pub wanted: Wanted<'a>,
    /// How many candidates run at the same time; at least 1. The result does not depend on it.
    pub threads: usize,
    /// Set by others to end it: what was reached until then is the result.
    pub stop: &'a Arc<AtomicBool>,
}

/// Which violation has to stay.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Wanted<'a> {
    /// The first that comes.
    First,
    /// This one.
    Signature(&'a Signature),
    /// The one that a repro tells of.
    Shown(&'a ReproViolation),
}

impl Wanted<'_> {
    /// The signature of the violation, which these have to contain.
    fn of(self, violations: &[Violation], what: &str) -> Result<Signature, ShrinkError> {
        let (found, wanted) = match self {
            Self::First => (violations.first(), "any violation".to_owned()),
            Self::Signature(wanted) => {
                let mut all = violations.iter();
                (
                    all.find(|one| Signature::of(one) == *wanted),
                    wanted.to_string(),
                )
            }
            Self::Shown(shown) => {
                let wanted = format!("the violation of {} that its repro tells of", shown.check);
                (shown.find_in(violations), wanted)
            }
        };
        let missing = || ShrinkError::DoesNotFail(format!("the {what} does not show {wanted}"));
        found.map(Signature::of).ok_or_else(missing)
    }
}

impl<'a> From<Option<&'a ReproViolation>> for Wanted<'a> {
    fn from(shown: Option<&'a ReproViolation>) -> Self {
        shown.map_or(Self::First, Self::Shown)
    }
}

/// A shrunken run.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The run before anything was taken away.
    pub before: Found,
    /// The smallest run found.
    pub after: Found,
    /// Other violations met on the way, one run for each.
    pub slips: Vec<Slip>,
    /// How many runs it took.
    pub runs: u64,
    /// Whether nothing more could be taken away; otherwise it was stopped.
    pub complete: bool,
}

/// Why something cannot be shrunk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShrinkError {
    /// It cannot be taken even once.
    #[error("{0}")]
    Unmade(#[from] ReplayError),
    /// It violates nothing, or something else.
    #[error("{0}")]
    DoesNotFail(String),
    /// What is left cannot be written.
    #[error("{0}")]
    Unwritten(String),
    /// It was stopped before the run was made once.
    #[error("stopped before the first run was over")]
    Stopped,
}

impl From<WriteError> for ShrinkError {
    fn from(error: WriteError) -> Self {
        Self::Unwritten(error.to_string())
    }
}

/// Shrinks a failing run. `progress` hears of every smaller run.
///
/// # Errors
/// When the run does not fail (so), or the scenario does not suit the system.
pub fn shrink(
    shrinking: &Shrinking<'_>,
    progress: &mut dyn FnMut(&Found, u64),
) -> Result<Shrunk, ShrinkError> {
    let start = Candidate {
        scenario: shrinking.scenario.clone(),
        plan: shrinking.plan.clone(),
    };
    let mut bench = Bench::new(shrinking, start, progress)?;
    let before = bench.best().clone();
    let complete = reduce(&mut bench);
    Ok(Shrunk {
        before,
        after: bench.in_full(),
        runs: bench.runs(),
        slips: bench.into_slips(),
        complete,
    })
}

/// What is taken away first. Either may end where nothing can be taken away alone,
/// in another place than the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    /// Faults and operations: a smaller cluster that needs a hundred operations to
    /// fail is no simpler than a larger one that needs three.
    Decisions,
    /// Replicas, clients and kinds of fault: each takes much with it.
    Scenario,
}

/// Takes away until nothing can be; whether it came that far.
fn reduce(bench: &mut Bench<'_>) -> bool {
    // Only what was asked and answered other than boring is left to take away.
    bench.adopt_recorded();
    scenario_steps::end_with_the_violation(bench);
    let start = bench.best().clone();
    scenario_steps::smallest_cluster(bench);
    scenario_steps::end_with_the_violation(bench);
    let mut complete = take_away(bench, First::Scenario);
    let smallest = bench.race_from(start);
    complete &= take_away(bench, First::Decisions) || bench.is_beaten();
    if smallest.size() < bench.best().size() {
        bench.replace_best(smallest);
    }
    complete
}

fn take_away(bench: &mut Bench<'_>, first: First) -> bool {
    loop {
        let before = bench.best().size();
        if first == First::Scenario {
            scenario_steps::take_away(bench);
        }
        sites::take_away_groups(bench);
        scenario_steps::take_away(bench);
        sites::take_away_answers(bench);
        debug_assert!(bench.best().size() <= before, "shrinking does not grow");
        if bench.is_stopped() {
            return false;
        }
        if bench.best().size() == before {
            return true;
        }
    }
}

/// A plan that keeps these sites, beside the answers that are set by hand.
fn keeping(sites: impl IntoIterator<Item = Site>, plan: &Plan) -> Plan {
    Plan {
        kept: Kept::Only(sites.into_iter().collect()),
        set: plan.set.clone(),
    }
}
