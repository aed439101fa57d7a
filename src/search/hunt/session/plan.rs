//! What a hunt is asked to do.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::search::hunt::{Prey, WallClock};
use crate::search::{Repeats, Systems};

/// What is hunted, and how.
#[derive(Clone, Copy)]
pub struct HuntPlan<'a> {
    /// What is hunted; every seed is run with each.
    pub prey: &'a [Prey],
    /// What it needs from outside.
    pub around: Surroundings<'a>,
    /// All systems: repro files may be of any.
    pub systems: Systems<'static>,
    /// The folder for repro files and the state.
    pub out: &'a Path,
    /// The first seed of a hunt that begins.
    pub first_seed: u64,
    /// The seeds, if they are given.
    pub seeds: Option<&'a Range<u64>>,
    /// Whether it goes on from where an earlier one stood.
    pub resumes: bool,
    /// Whether it goes on after the first catch.
    pub keep_going: bool,
    /// Which seeds are run twice.
    pub repeats: Repeats,
    /// How many runs are made at the same time, at least 1.
    pub threads: usize,
    /// How long schedules are searched from where runs had got to.
    pub deepen: Option<Duration>,
    /// How long one catch is shrunk.
    pub shrink_for: Option<Duration>,
    /// The program that shows runs again.
    pub program: &'a str,
    /// The words with which it hunts the same, without seeds.
    pub words: &'a str,
}

/// What a hunt needs from outside.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The wall clock.
    pub clock: WallClock<'a>,
    /// Set to end the hunt with what it has.
    pub stop: &'a Arc<AtomicBool>,
    /// A flag that is set after a time, or soon after the program is to end.
    pub within: &'a dyn Fn(Duration) -> Arc<AtomicBool>,
    /// Whether the program is to end.
    pub is_ending: &'a dyn Fn() -> bool,
    /// Called when the folder belongs to this hunt, and what earlier ones left in it was read.
    pub begins: &'a dyn Fn(),
}
