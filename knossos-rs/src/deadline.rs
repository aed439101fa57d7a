//! The only clock of this crate: a moment after which a check gives up.

#![expect(
    clippy::disallowed_types,
    reason = "a limit on wall time needs the wall clock"
)]

use std::time::Duration;
use std::time::Instant;

/// A moment of wall time, or never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The moment `time` from now; without a time, or with one beyond the clock, never.
    pub(crate) fn after(time: Option<Duration>) -> Deadline {
        Deadline(time.and_then(|time| Instant::now().checked_add(time)))
    }

    /// Whether the moment has come.
    pub(crate) fn has_passed(self) -> bool {
        self.0.is_some_and(|moment| Instant::now() >= moment)
    }
}
