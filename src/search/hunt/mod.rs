//! Hunting: many seeds, what they covered, and what they found.
//!
//! Seeds are hunted in order and told in order, so the [`HuntState`] is always that
//! of a whole prefix: written to a file, it lets a hunt that was killed go on where
//! it stood, with no seed counted twice and none lost. Runs that covered something
//! new can be gone on from afterwards, into [every schedule](Deepening).

mod deepen;
mod spare;
mod state;

pub use deepen::{Deepened, Deepening, Promising};
pub use spare::Spare;
pub use state::{Catch, HuntState};

use super::{Job, Runner, run_each};
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
            } => swarm(runner.name(), seed, *environment),
        }
    }

    /// The system that it is about.
    pub fn runner(&self) -> &'static dyn Runner {
        match self {
            Self::Scenario { runner, .. } | Self::Swarm { runner, .. } => *runner,
        }
    }
}

/// One run of a hunt.
#[derive(Debug)]
pub struct Hunted {
    /// The scenario.
    pub scenario: Scenario,
    /// What came of it; an error if the scenario does not suit the system.
    pub result: Result<Outcome, (String, String)>,
    /// How long it took, by the caller's clock, in nanoseconds.
    pub wall_ns: u64,
}

/// The caller's clock, in nanoseconds from any start: it is told, never used.
pub type WallClock<'a> = &'a (dyn Fn() -> u64 + Sync);

struct OneRun<'a> {
    prey: &'a Prey,
    seed: u64,
    clock: WallClock<'a>,
}

impl Job for OneRun<'_> {
    type Output = Hunted;

    fn run(&self) -> Hunted {
        let began = (self.clock)();
        let scenario = self.prey.scenario(self.seed);
        let runner = self.prey.runner();
        let result = runner.run(&scenario, self.seed, RunOptions::default());
        Hunted {
            scenario,
            result,
            wall_ns: (self.clock)().saturating_sub(began),
        }
    }
}

/// Runs every prey for every seed from `from` on, until `runs` runs are done or
/// `stop` is set. `sink` hears of every run in order, without gaps.
///
/// # Panics
/// If there is no prey, or no thread.
pub fn hunt(
    prey: &[Prey],
    from: u64,
    runs: Option<u64>,
    threads: usize,
    stop: &std::sync::atomic::AtomicBool,
    clock: WallClock<'_>,
    mut sink: impl FnMut(u64, Hunted),
) {
    assert!(!prey.is_empty(), "there is something to hunt");
    let kinds = prey.len() as u64;
    let job = |place: usize| {
        let run = place as u64;
        runs.is_none_or(|runs| run < runs).then(|| OneRun {
            prey: &prey[(run % kinds) as usize],
            seed: from.wrapping_add(run / kinds),
            clock,
        })
    };
    let mut expected = 0;
    run_each(job, threads, stop, |place, hunted| {
        // After a stop there may be gaps: what lies behind them is run again.
        if place == expected {
            expected += 1;
            sink(from.wrapping_add(place as u64 / kinds), hunted);
        }
    });
}
