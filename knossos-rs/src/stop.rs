//! Stopping a check from outside, and seeing from outside that it is alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Stops a check that runs on another thread.
///
/// A check looks at it every few milliseconds at the latest, as long as its model returns: a
/// count of [looks](Self::looks) that stands still tells of a model that does not.
///
/// ```
/// use knossos::models::register::Register;
/// use knossos::{Limits, StopFlag, check};
///
/// let stop = StopFlag::default();
/// stop.set();
/// let limits = Limits { stop: Some(stop), ..Limits::none() };
/// let report = check(&Register, &[], None, &limits);
/// ```
#[derive(Clone, Debug, Default)]
pub struct StopFlag {
    is_set: Arc<AtomicBool>,
    looks: Arc<AtomicU64>,
}

impl StopFlag {
    /// A flag that is set when `is_set` is: many flags may share it, each with looks of its own.
    #[must_use]
    pub fn sharing(is_set: Arc<AtomicBool>) -> StopFlag {
        StopFlag {
            is_set,
            looks: Arc::default(),
        }
    }

    /// Whoever looks at it stops.
    pub fn set(&self) {
        self.is_set.store(true, Ordering::Relaxed);
    }

    /// Whether it is set; counts a look.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.looks.fetch_add(1, Ordering::Relaxed);
        self.is_set.load(Ordering::Relaxed)
    }

    /// How often somebody looked.
    #[must_use]
    pub fn looks(&self) -> u64 {
        self.looks.load(Ordering::Relaxed)
    }
}

/// The same flag, not the same setting.
impl PartialEq for StopFlag {
    fn eq(&self, other: &StopFlag) -> bool {
        Arc::ptr_eq(&self.is_set, &other.is_set) && Arc::ptr_eq(&self.looks, &other.looks)
    }
}

impl Eq for StopFlag {}
