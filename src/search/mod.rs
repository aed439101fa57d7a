//! Many runs: which system runs a scenario, all cores over many seeds, and
//! whether what came of them is what their scenarios expect.

mod bugs;
mod error;
mod expectation;
mod graphs;
mod hunt;
mod many;
#[cfg(feature = "explore")]
mod notes;
mod replay;
mod runner;
mod runs;
mod shrink;
mod swarm;
mod systems;
#[cfg(feature = "explore")]
mod under_way;
mod verify;

pub use crate::report::Judged;
pub use bugs::{BugTrial, Column, Found as Detected, Power, Tried};
#[cfg(feature = "explore")]
pub use bugs::{BugsMeasured, BugsPlan, measure_bugs};
pub use error::SearchError;
pub use expectation::ScenarioTally;
pub use graphs::{CLAIM, Graph, Trial, try_graph};
pub use hunt::{
    Again, Catch, Deepened, Form, HuntEnd, HuntReport, Hunted, Hunting, Joined, Kept, Kind, Prey,
    Promising, Spare, WallClock, drawn, hunt,
};
#[cfg(feature = "explore")]
pub use hunt::{
    Comparing, Deepening, HuntPlan, Listener, Other, Surroundings, Weight, compare, hunt_through,
};
pub use many::{Job, run_all, run_each};
#[cfg(feature = "explore")]
pub use notes::{Left, NotesFile, take_left};
pub use replay::{ReplayError, Replayed, replay};
pub use runner::{Runner, Systems, Testable, Whole, schema};
pub use runs::{RunNews, RunPlan, Seeds, Subject, run_scenarios};
pub use shrink::{
    Found, ShrinkError, Shrinking, Shrunk, Signature, Slip, Wanted, save_found, shrink, shrink_kept,
};
#[cfg(feature = "explore")]
pub use shrink::{ReproShrinking, shrink_repro};
pub use swarm::{Environment, swarm, targeted_swarm};
pub use systems::{asked_for, choose, find};
#[cfg(feature = "explore")]
pub use under_way::{Noted, Notes, Searching, UnderWay, Underway, Watched};
pub use verify::{Cause, Difference, Repeats, Verified, run_again, verify};

/// The systems that a binary can test; the first argument of [`crate::cli::main`].
///
/// ```
/// use omnisim::systems::kv::Kv;
/// let systems = omnisim::systems![Kv];
/// assert_eq!(systems[0].name(), "kv");
/// ```
#[macro_export]
macro_rules! systems {
    ($($system:ty),+ $(,)?) => {
        &[$(<$system as $crate::search::Testable>::RUNNER),+]
    };
}
