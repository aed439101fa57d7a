//! Hunting: many seeds, what they covered, and what they found.
//!
//! Seeds are hunted in order and told in order, so the [`HuntReport`] is always that
//! of a whole prefix: written to a file, it lets a hunt that was killed go on where
//! it stood, with no seed counted twice and none lost. Runs that covered something
//! new can be gone on from afterwards, into [every schedule](Deepening).

#[cfg(feature = "explore")]
mod against;
#[cfg(feature = "explore")]
mod alone;
mod catch;
mod deepen;
mod form;
mod joining;
mod kept;
mod kind;
#[cfg(feature = "explore")]
mod once_more;
mod report;
#[cfg(feature = "explore")]
mod session;
mod spare;

#[cfg(feature = "explore")]
pub use against::{Comparing, Other, compare};
pub use catch::{Catch, Joined};
#[cfg(feature = "explore")]
pub use deepen::Deepening;
pub use deepen::{Deepened, Promising};
pub use form::Form;
pub use kept::{Again, Kept};
pub use kind::Kind;
pub use report::{HuntEnd, HuntReport};
#[cfg(feature = "explore")]
pub use session::{HuntPlan, Listener, Surroundings, Weight, hunt_through};
pub use spare::Spare;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use knossos::StopFlag;
use simulated_clock::Instant;

use super::{Difference, Job, Repeats, Runner, run_again, run_each};
use crate::check::Violation;
use crate::replica::{Caught, Outcome as Ended, guarded};
use crate::scenario::{BudgetOptions, Scenario};
use crate::search::{Environment, swarm};
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// What is hunted: one scenario, or a new one for every seed.
#[derive(Clone)]
#[non_exhaustive]
pub enum Prey {
    /// A scenario from a file.
    Scenario {
        /// The scenario.
        scenario: Box<Scenario>,
        /// Its system.
        runner: &'static dyn Runner,
    },
    /// A scenario drawn from each seed.
    Swarm {
        /// The system that all of them are about.
        runner: &'static dyn Runner,
        /// What they may take from it.
        environment: Environment,
        /// What one run may spend, where it is not derived from what was drawn.
        budget: BudgetOptions,
    },
}

impl Prey {
    /// The scenario that a seed is run in.
    pub fn scenario(&self, seed: u64) -> Scenario {
        match self {
            Self::Scenario { scenario, .. } => (**scenario).clone(),
            Self::Swarm {
                runner,
                environment,
                budget,
            } => Scenario {
                budget: *budget,
                ..drawn(*runner, seed, *environment)
            },
        }
    }

    /// The system that it is about.
    pub fn runner(&self) -> &'static dyn Runner {
        match self {
            Self::Scenario { runner, .. } | Self::Swarm { runner, .. } => *runner,
        }
    }
}

/// The scenario that a seed draws for a system. Clocks lie in it only if the system does not
/// rely on them, or if it is asked for what no system is written for.
pub fn drawn(runner: &dyn Runner, seed: u64, environment: Environment) -> Scenario {
    let scenario = swarm(runner, seed, environment);
    match environment {
        Environment::Promised => scenario.kept_to(&runner.info().assumes),
        Environment::Unlimited => scenario,
    }
}

/// One run of a hunt.
#[derive(Debug)]
pub struct Hunted {
    /// The scenario.
    pub scenario: Scenario,
    /// The result; an error if the scenario does not suit the system, nothing if it
    /// was skipped.
    pub result: Option<Result<Outcome, KeyError>>,
    /// Whether it was made twice.
    pub twice: bool,
    /// How it differed the second time, if it did.
    pub difference: Option<Difference>,
    /// How long the first time took, by the caller's clock, in nanoseconds.
    pub wall_ns: u64,
}

/// The caller's clock, in nanoseconds from any start: it is told, never used.
pub type WallClock<'a> = &'a (dyn Fn() -> u64 + Sync);

/// What is hunted, and through which seeds.
#[derive(Clone, Copy)]
pub struct Hunting<'a> {
    /// What is hunted; every seed is run with each.
    pub prey: &'a [Prey],
    /// The seed with which the hunt began.
    pub first: u64,
    /// The seed to go on with.
    pub from: u64,
    /// How many runs are left, if there is an end.
    pub runs: Option<u64>,
    /// Which of the seeds are run twice, counted from the first.
    pub repeats: Repeats,
    /// Seeds that are left out.
    pub skipped: &'a BTreeSet<u64>,
    /// How many runs are made at the same time, at least 1.
    pub threads: usize,
    /// The caller's clock.
    pub clock: WallClock<'a>,
}

struct OneRun<'a> {
    prey: &'a Prey,
    seed: u64,
    twice: bool,
    is_skipped: bool,
    clock: WallClock<'a>,
    stop: &'a Arc<AtomicBool>,
}

impl Job for OneRun<'_> {
    type Output = Hunted;

    fn run(&self) -> Hunted {
        let began = (self.clock)();
        let scenario = match guarded(|| self.prey.scenario(self.seed)) {
            Ended::Returned(scenario) => scenario,
            Ended::Panicked(caught) => return self.undrawn(&caught),
            Ended::Crashed => unreachable!("no disk is drawn from"),
        };
        if self.is_skipped {
            return Hunted::of(scenario, None);
        }
        let runner = self.prey.runner();
        let stop = || Some(StopFlag::sharing(Arc::clone(self.stop)));
        let options = RunOptions {
            stop: stop(),
            ..RunOptions::default()
        };
        let result = runner.run(&scenario, self.seed, options);
        let wall_ns = (self.clock)().saturating_sub(began);
        let first = result.as_ref().ok().filter(|_| self.twice);
        // What suited the system once does so again.
        let again = first.map(|outcome| run_again(runner, &scenario, outcome, stop()));
        let difference = again.and_then(Result::ok).flatten();
        Hunted {
            twice: self.twice,
            difference,
            wall_ns,
            ..Hunted::of(scenario, Some(result))
        }
    }
}

impl Hunted {
    /// What was made once at most, in no time.
    fn of(scenario: Scenario, result: Option<Result<Outcome, KeyError>>) -> Self {
        Self {
            scenario,
            result,
            twice: false,
            difference: None,
            wall_ns: 0,
        }
    }
}

impl OneRun<'_> {
    /// What is left of a seed from which no scenario could be drawn.
    fn undrawn(&self, caught: &Caught) -> Hunted {
        let scenario = Scenario {
            name: "undrawn".to_owned(),
            ..Scenario::default()
        };
        let violation = Violation::panic_beside(Instant::ZERO, caught);
        let outcome = Outcome::broken_off(&scenario, self.seed, violation);
        Hunted::of(scenario, Some(Ok(outcome)))
    }
}

/// Runs every prey for every seed, until no run is left or `stop` is set, which stops the runs
/// that are under way, too. `sink` hears of every run in order, without gaps.
///
/// # Panics
/// If there is no prey, or no thread.
pub fn hunt(hunting: Hunting<'_>, stop: &Arc<AtomicBool>, mut sink: impl FnMut(u64, Hunted)) {
    let Hunting {
        prey, from, clock, ..
    } = hunting;
    assert!(!prey.is_empty(), "there is something to hunt");
    let kinds = prey.len() as u64;
    let job = |place: usize| {
        let run = place as u64;
        let seed = from.wrapping_add(run / kinds);
        hunting.runs.is_none_or(|runs| run < runs).then(|| OneRun {
            prey: &prey[(run % kinds) as usize],
            seed,
            twice: hunting.repeats.wants(seed.wrapping_sub(hunting.first)),
            is_skipped: hunting.skipped.contains(&seed),
            clock,
            stop,
        })
    };
    let mut expected = 0;
    run_each(job, hunting.threads, stop, |place, hunted| {
        // After a stop there may be gaps: what lies behind them is run again.
        let is_stopped = matches!(&hunted.result, Some(Ok(outcome)) if outcome.stopped);
        if place == expected && !is_stopped {
            expected += 1;
            sink(from.wrapping_add(place as u64 / kinds), hunted);
        }
    });
}

#[cfg(test)]
mod tests;
