//! Hunting: many seeds, what they covered, and what they found.
//!
//! Seeds are hunted in order and told in order, so the [`HuntState`] is always that
//! of a whole prefix: written to a file, it lets a hunt that was killed go on where
//! it stood, with no seed counted twice and none lost. Runs that covered something
//! new can be gone on from afterwards, into [every schedule](Deepening).

mod catch;
mod cause;
mod deepen;
mod spare;
mod state;

pub use catch::{Catch, Kind};
pub use deepen::{Deepened, Deepening, Promising};
pub use spare::Spare;
pub use state::HuntState;

use super::{Difference, Job, Repeats, Runner, run_again, run_each};
use crate::scenario::{Environment, Scenario, swarm};
use crate::world::{Outcome, RunOptions};

/// What is hunted: one scenario, or a new one for every seed.
#[derive(Clone)]
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
            } => drawn(*runner, seed, *environment),
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
    let scenario = swarm(runner.name(), seed, environment);
    match environment {
        Environment::Promised => scenario.kept_to(&runner.written_for()),
        Environment::Unlimited => scenario,
    }
}

/// One run of a hunt.
#[derive(Debug)]
pub struct Hunted {
    /// The scenario.
    pub scenario: Scenario,
    /// What came of it; an error if the scenario does not suit the system.
    pub result: Result<Outcome, (String, String)>,
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
    /// How many runs are made at the same time, at least 1.
    pub threads: usize,
    /// The caller's clock.
    pub clock: WallClock<'a>,
}

struct OneRun<'a> {
    prey: &'a Prey,
    seed: u64,
    twice: bool,
    clock: WallClock<'a>,
}

impl Job for OneRun<'_> {
    type Output = Hunted;

    fn run(&self) -> Hunted {
        let began = (self.clock)();
        let scenario = self.prey.scenario(self.seed);
        let runner = self.prey.runner();
        let result = runner.run(&scenario, self.seed, RunOptions::default());
        let wall_ns = (self.clock)().saturating_sub(began);
        let first = result.as_ref().ok().filter(|_| self.twice);
        // What suited the system once does so again.
        let again = first.map(|outcome| run_again(runner, &scenario, outcome));
        let difference = again.and_then(Result::ok).flatten();
        Hunted {
            scenario,
            result,
            twice: self.twice,
            difference,
            wall_ns,
        }
    }
}

/// Runs every prey for every seed, until no run is left or `stop` is set. `sink` hears of
/// every run in order, without gaps.
///
/// # Panics
/// If there is no prey, or no thread.
pub fn hunt(
    hunting: Hunting<'_>,
    stop: &std::sync::atomic::AtomicBool,
    mut sink: impl FnMut(u64, Hunted),
) {
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
            clock,
        })
    };
    let mut expected = 0;
    run_each(job, hunting.threads, stop, |place, hunted| {
        // After a stop there may be gaps: what lies behind them is run again.
        if place == expected {
            expected += 1;
            sink(from.wrapping_add(place as u64 / kinds), hunted);
        }
    });
}

#[cfg(test)]
mod tests;
