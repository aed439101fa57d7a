//! The only clock of this crate: a moment after which a check gives up.

#![expect(
    clippy::disallowed_types,
    reason = "a limit on wall time needs the wall clock"
)]

use std::time::Duration;
use std::time::Instant;

/// A moment of wall time, or never.
#[derive(Clone, Debug)]
pub(crate) enum Deadline {
    Never,
    At(Instant),
    /// In tests: after so many looks, by whomever.
    #[cfg(test)]
    AfterLooks(std::sync::Arc<std::sync::atomic::AtomicI64>),
}

impl Deadline {
    /// The moment `time` from now; without a time, or with one beyond the clock, never.
    pub(crate) fn after(time: Option<Duration>) -> Deadline {
        time.and_then(|time| Instant::now().checked_add(time))
            .map_or(Deadline::Never, Deadline::At)
    }

    /// Whether the moment has come.
    pub(crate) fn has_passed(&self) -> bool {
        match self {
            Deadline::Never => false,
            Deadline::At(moment) => Instant::now() >= *moment,
            #[cfg(test)]
            Deadline::AfterLooks(left) => {
                left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0
            }
        }
    }
}
