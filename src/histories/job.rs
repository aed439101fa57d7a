//! What it takes to judge one history.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::draws::Draws;
use super::options::Options;
use super::reading::Reading;
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
