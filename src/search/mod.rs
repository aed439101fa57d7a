//! Many runs: which system runs a scenario, all cores over many seeds, and
//! whether what came of them is what their scenarios expect.

mod bugs;
mod expectation;
mod graphs;
mod hunt;
mod many;
mod runner;
mod shrink;
mod swarm;
#[cfg(feature = "explore")]
mod under_way;
mod verify;

pub use bugs::{BugTrial, Column, Found as Detected, Power, Tried};
pub use expectation::{Judged, ScenarioTally, is_known};
pub use graphs::{CLAIM, Graph, Trial, try_graph};
#[cfg(feature = "explore")]
pub use hunt::Deepening;
pub use hunt::{
    Catch, Deepened, Form, HuntState, Hunted, Hunting, Joined, Kind, Prey, Promising, Spare,
    WallClock, drawn, hunt,
};
pub use many::{Job, run_all, run_each};
pub use runner::{Runner, Systems, Testable, Whole, schema};
pub use shrink::{Found, ShrinkError, Shrinking, Shrunk, Signature, Slip, shrink};
#[cfg(feature = "explore")]
pub use shrink::{ShrunkSchedule, shrink_schedule};
pub use swarm::{Environment, swarm, targeted_swarm};
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
