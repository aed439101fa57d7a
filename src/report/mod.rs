//! What people and programs get to read of runs: text, JSON, repro files.

mod amounts;
mod bugs;
mod graphs;
mod hunt;
mod json;
#[cfg(feature = "explore")]
mod model;
#[cfg(feature = "explore")]
mod nothing_proved;
mod picture;
mod repro;
mod saved;
#[cfg(feature = "explore")]
mod schedule_repro;
mod shrunken;
mod struck;
mod text;
mod write;

pub(crate) use amounts::{counted, number};
#[cfg(feature = "explore")]
pub(crate) use amounts::{counted_as, size};
pub use bugs::{BugRow, bug_card, bug_list, bug_object, bug_table};
pub use graphs::{graph_object, graph_table};
pub use hunt::hunt_summary;
pub use json::run_object;
#[cfg(feature = "explore")]
pub use model::{Modelled, model_object, model_summary, schedule_lines};
#[cfg(feature = "explore")]
pub use nothing_proved::unseen_bug;
pub use picture::{Picture, picture};
pub(crate) use repro::digest_text;
#[cfg(feature = "cli")]
pub(crate) use repro::is_digest;
pub use repro::{Build, Repro, ReproError, ReproViolation};
pub use saved::{Commands, replay_command, repro_path, save_run};
#[cfg(feature = "explore")]
pub use saved::{save_schedule, save_suspected};
#[cfg(feature = "explore")]
pub use schedule_repro::{ScheduleRepro, wrong_line};
pub use shrunken::Shrunken;
pub use text::{Ended, Styled, failure, run_summary};
pub use write::{WriteError, write_atomically};

use std::path::Path;

use crate::scenario::Scenario;
use crate::world::Outcome;

/// One run with what is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// How long it took to run, in nanoseconds of the wall clock.
    pub wall_ns: u64,
    /// The command that replays it.
    pub replay: &'a str,
    /// The command that makes it smaller, if there is any use in that.
    pub shrink: Option<&'a str>,
    /// Its repro file, if it has one.
    pub repro: Option<&'a Path>,
    /// Whether it was run twice, and if so, whether both took the same steps.
    pub agreed: Option<bool>,
}
