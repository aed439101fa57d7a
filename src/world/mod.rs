//! The world: the only place that knows all rooms, and the only thread of a run.
//!
//! It owns the event queue. An event wakes a replica, a client, the network or
//! the nemesis; what they ask for becomes further events. Everything that is
//! observed on the way goes to the checks at once, and every step into the
//! digest. A run has three stages: the nemesis phase, in which clients work and
//! faults happen; settle, in which everything is mended and the system has to
//! work again; and the judgement over history and observations at the end.

mod acts;
mod clients;
mod cluster;
mod course;
mod dispatch;
mod ending;
mod event;
mod faults;
#[cfg(feature = "explore")]
mod halt;
mod handling;
mod input;
mod life;
mod links;
mod load;
mod named_checks;
mod nemesis;
mod options;
mod outcome;
mod packet;
mod settle;
mod setup;
mod spending;
mod striking;
mod suits;
mod survive;
mod trace_line;
mod watch;
mod what;

#[cfg(feature = "explore")]
pub(crate) use halt::{Halted, Heard, Survivor, halt};
pub use options::{Announcer, RunOptions, Shown, StepWatch};
pub use outcome::{CutOff, Divergence, Latencies, Operations, Outcome, Settled, Verdict};
pub use trace_line::{Scene, TraceLine};
#[cfg(feature = "explore")]
pub(crate) use watch::narrated;

use crate::decision::Decisions;
use crate::judge::names_of_own;
use crate::network::Network;
use crate::scenario::Scenario;
use crate::system::{OptionsOf, Setup, System};
use crate::units::KeyError;

use cluster::Cluster;
use course::Course;
use event::Queue;
use faults::Faults;
use load::Load;
use nemesis::Nemesis;
use packet::Packet;
use spending::Spending;
use watch::Watch;

/// A run in progress: the loop, and what it joins.
///
/// Each part keeps its fields to itself, and its methods take what else they need of the others:
/// what a handler touches stands in its calls.
pub(crate) struct World<'a, S: System> {
    scenario: &'a Scenario,
    setup: Setup<OptionsOf<S>>,
    /// What is going to happen.
    agenda: Queue,
    /// What could go one way or another.
    decisions: Decisions,
    network: Network<Packet<S::Replica>>,
    /// The replicas' processes.
    cluster: Cluster<S::Replica>,
    /// The clients, and what they asked.
    load: Load<'a, S>,
    /// What is to go wrong.
    nemesis: Nemesis<S::Replica>,
    /// What goes wrong.
    faults: Faults,
    /// All that observes.
    watch: Watch<S>,
    /// How far it has come.
    course: Course,
    /// What it has spent.
    spending: Spending,
}

/// Whether a system can run a scenario: its tuning, messages, operator actions, planted bug and
/// search.
///
/// # Errors
/// The key that does not suit the system, and what would be right.
pub fn validate<S: System>(scenario: &Scenario) -> Result<(), KeyError> {
    suits::validate::<S>(scenario)
}

/// The names of the checks that a system brings.
pub fn own_checks<S: System>() -> Vec<&'static str> {
    names_of_own::<S>()
}

/// Runs one seed of a scenario to its end.
///
/// It ends early where it has used up its [budget](crate::system::Budget); a panic of code under
/// test or of omnisim itself is a violation of its own.
///
/// # Errors
/// The scenario's options do not suit the system: the key, and what would be right.
pub fn run<S: System>(
    scenario: &Scenario,
    seed: u64,
    options: RunOptions,
) -> Result<Outcome, KeyError> {
    survive::run::<S>(scenario, seed, options)
}

impl<S: System> World<'_, S> {
    /// Runs until it is over, or has taken so many steps.
    #[inline]
    fn run(&mut self, steps_max: u64) {
        self.start();
        loop {
            let pause = self.spending.next_look().min(steps_max);
            while !self.is_over() && self.watch.steps() < pause {
                let Some((now, event)) = self.agenda.pop() else {
                    return;
                };
                self.dispatch(now, event);
            }
            let is_done = self.is_over() || self.watch.steps() >= steps_max;
            if is_done || !self.look() {
                return;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.course.is_over() || self.watch.is_over()
    }

    /// Looks at what was spent, and whether somebody wants it to stop; whether it goes on.
    #[cold]
    fn look(&mut self) -> bool {
        if self.course.is_to_stop() {
            return false;
        }
        let now = self.agenda.now();
        let (network, cluster) = (&self.network, &self.cluster);
        self.spending
            .look(now, network, cluster, &self.load, &mut self.watch)
    }
}

#[cfg(test)]
mod tests;
