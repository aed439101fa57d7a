//! Repro files: all that is needed to see a run, or a schedule, again; how they are named, and
//! written so that they are whole or not there.

mod folder;
mod run;
mod saved;
#[cfg(feature = "explore")]
mod schedule;
mod source;
mod write;

pub use folder::files;
pub(crate) use run::digest_text;
#[cfg(feature = "cli")]
pub(crate) use run::is_digest;
pub use run::{Build, Repro, ReproError, ReproViolation};
pub use saved::{repro_path, save_run};
#[cfg(feature = "explore")]
pub use saved::{save_schedule, save_suspected};
#[cfg(feature = "explore")]
pub use schedule::{ScheduleRepro, wrong_line};
pub use source::Source;
pub use write::{WriteError, write_atomically};
