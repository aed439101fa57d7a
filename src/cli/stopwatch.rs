//! Wall-clock time, for people: no decision depends on it.

#![expect(
    clippy::disallowed_types,
    reason = "how long a run took is told, never used"
)]

use std::time::Instant;

/// A running stopwatch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Whole nanoseconds since the start.
    pub(super) fn nanos(self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
