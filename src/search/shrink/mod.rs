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

mod asked;
mod bench;
mod chunks;
mod keeping;
mod kept;
#[cfg(feature = "explore")]
mod repro;
mod scenario_steps;
#[cfg(feature = "explore")]
mod schedule;
mod signature;
mod sites;

pub use asked::{ShrinkError, Shrinking, Wanted};
pub use bench::{Found, Slip};
pub use kept::{save_found, shrink_kept};
#[cfg(feature = "explore")]
pub use repro::{ReproShrinking, shrink_repro};
pub use signature::Signature;

use bench::{Bench, Candidate};

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
