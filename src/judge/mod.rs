//! What only the end of a run shows, judged over what the run leaves behind.
//!
//! The world hands over an [`EndOfRun`](crate::system::EndOfRun), and nothing here can change it: the clients' history,
//! what the checks have learnt, and how settling ended. Each file is a [`Judge`] of one thing:
//! whether the system works again, whether the decided log is a linearization, and whether the
//! history is as consistent as the scenario demands. A system adds judges of its own
//! ([`System::judges`]), which may look on while the run goes on.

mod election;
mod history;
mod judges;
mod log_order;
mod settle;

pub(crate) use judges::{Judges, names_of_own};

use crate::scenario::Scenario;
use crate::system::{Judge, Profile, System};

/// The judges of every run of a scenario, whatever the system, in the order in which they are
/// asked.
fn of_any_system<S: System>(scenario: &Scenario, profile: &Profile) -> Vec<Box<dyn Judge<S>>> {
    vec![
        Box::new(settle::WorksAgain),
        Box::new(log_order::LogOrder::new(profile)),
        Box::new(history::Consistency::new(scenario)),
    ]
}
