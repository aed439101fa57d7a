//! Shrinking that keeps the best so far in a file, which is what is left if somebody kills it.

use std::path::Path;

use super::{Found, ShrinkError, Shrinking, Shrunk, shrink};
use crate::report::{number, run_size};
use crate::repro::{Repro, WriteError, write_atomically};
use crate::search::WallClock;

/// How long the best so far may wait to be kept, in nanoseconds of the wall clock.
const KEEP_EVERY_NS: u64 = 200_000_000;

/// Shrinks as [`shrink`] does; `progress` hears how far it has come.
///
/// # Errors
/// As [`shrink`].
pub fn shrink_kept(
    shrinking: &Shrinking<'_>,
    best: Option<&Path>,
    clock: WallClock<'_>,
    progress: &mut dyn FnMut(String),
) -> Result<Shrunk, ShrinkError> {
    let mut kept_at = None;
    shrink(shrinking, &mut |found, runs| {
        let (size, runs) = (found.told(), number(runs));
        progress(format!("shrinking: {size}, after {runs} runs"));
        let Some(best) = best else { return };
        let now = clock();
        if kept_at.is_none_or(|kept| now > kept + KEEP_EVERY_NS) {
            kept_at = Some(now);
            // That it cannot be written is told when the result is.
            let _ = save_found(best, found);
        }
    })
}

/// Writes the repro file of a run that shrinking found.
///
/// # Errors
/// When it cannot be written.
pub fn save_found(path: &Path, found: &Found) -> Result<(), WriteError> {
    write_atomically(path, found.repro().to_text().as_bytes())
}

impl Found {
    /// Its repro.
    pub fn repro(&self) -> Repro {
        Repro::planned(&self.scenario, &self.outcome, &self.plan)
    }

    /// How large it is, in words.
    pub fn told(&self) -> String {
        run_size(
            self.outcome.events,
            self.faults(),
            self.operations(),
            self.scenario.cluster.replicas,
            self.outcome.decisions.len(),
        )
    }
}
