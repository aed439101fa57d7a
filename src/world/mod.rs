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
mod running;
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

use crate::judge::names_of_own;
use crate::scenario::Scenario;
use crate::system::System;
use crate::units::KeyError;

use running::World;

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

#[cfg(test)]
mod tests;
