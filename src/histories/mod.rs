//! Histories of operations, from our runs or from a real cluster: found, read, and judged by the
//! checker, one after the other.

mod absent;
mod assumed;
mod clients;
mod draws;
mod files;
mod judge;
mod models;
mod objects;
mod options;
mod own;
mod reading;
mod tee;
mod verdict;

pub(crate) use absent::Absent;
pub(crate) use draws::Draws;
pub(crate) use files::{Found, find};
pub(crate) use judge::Judged;
pub(crate) use models::{objects as model_objects, table as model_table};
pub(crate) use objects::judge_by;
pub(crate) use options::{Initial, Model, ModelChoice, Options, WriteOrder, model_names, name_of};
pub use own::HistoryModel;
pub(crate) use reading::Reading;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::search::WallClock;

/// One history to be judged, and what that needs.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    /// The file; `-` is standard input.
    pub(crate) path: &'a Path,
    /// What is asked.
    pub(crate) options: &'a Options,
    /// Which verdicts are drawn.
    pub(crate) draws: Draws,
    /// Who hears how far it has come.
    pub(crate) reading: &'a dyn Reading,
    /// Set when it is to end without a verdict.
    pub(crate) stop: &'a Arc<AtomicBool>,
    /// The wall clock.
    pub(crate) clock: WallClock<'a>,
}
