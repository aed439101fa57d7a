//! Repro files: all that is needed to see a run, or a schedule, again; how they are named, and
//! written so that they are whole or not there.

mod build;
mod digest;
mod file;
mod folder;
mod reproduction;
mod saved;
mod source;
mod text;
mod violation;
mod write;

pub use build::Build;
pub(crate) use digest::digest_text;
pub use file::{Body, Repro, SeededRun};
pub use folder::files;
pub use reproduction::{Reproduction, Seen};
#[cfg(feature = "explore")]
pub(crate) use saved::write_schedule;
pub use saved::{repro_path, save_run};
#[cfg(feature = "explore")]
pub use saved::{save_schedule, save_suspected};
pub use source::Source;
pub use violation::ReproViolation;
pub use write::{WriteError, write_atomically};

/// A repro file that cannot be used.
pub type ReproError = crate::scenario::ScenarioError;
