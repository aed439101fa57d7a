//! A point in true time.
//!
//! The model is one `u64` of whole nanoseconds since the start of the run,
//! which is [`Instant::ZERO`]. Instants have no date and no time zone. A node's
//! reading of its own clock is also an `Instant`: the true time that the node
//! believes it is.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use crate::Duration;
use crate::duration_text::write_seconds;

/// A point in time, in whole nanoseconds since the start of the run.
///
/// It is displayed as the time since the start, in seconds or less (`12s`,
/// `61s`, `1.500ms`), so that the moments of a trace compare at a glance.
///
/// ```
/// use simulated_clock::{Duration, Instant};
///
/// let moment = Instant::ZERO + Duration::from_micros(1_500);
/// assert_eq!(moment - Instant::ZERO, Duration::from_micros(1_500));
/// assert_eq!(moment.to_string(), "1.500ms");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    nanos: u64,
}

impl Instant {
    /// The start of the run.
    pub const ZERO: Self = Self::from_nanos(0);

    /// The last instant there is, a little over 584 years after the start.
    pub const MAX: Self = Self::from_nanos(u64::MAX);

    /// The instant this many nanoseconds after the start.
    #[must_use]
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self { nanos }
    }

    /// Nanoseconds since the start.
    #[must_use]
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.nanos
    }

    /// The instant `after` later, or `None` if it is past [`Instant::MAX`].
    #[must_use]
    #[inline]
    pub const fn checked_add(self, after: Duration) -> Option<Self> {
        match self.nanos.checked_add(after.as_nanos()) {
            Some(nanos) => Some(Self { nanos }),
            None => None,
        }
    }

    /// The instant `after` later, at most [`Instant::MAX`].
    #[must_use]
    #[inline]
    pub const fn saturating_add(self, after: Duration) -> Self {
        Self::from_nanos(self.nanos.saturating_add(after.as_nanos()))
    }

    /// The time since `earlier`, or `None` if `earlier` is in fact later.
    #[must_use]
    #[inline]
    pub const fn checked_since(self, earlier: Self) -> Option<Duration> {
        match self.nanos.checked_sub(earlier.nanos) {
            Some(nanos) => Some(Duration::from_nanos(nanos)),
            None => None,
        }
    }

    /// The time since `earlier`, or [`Duration::ZERO`] if `earlier` is in fact
    /// later.
    #[must_use]
    #[inline]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.nanos.saturating_sub(earlier.nanos))
    }

    /// The time between the two, whichever comes first.
    #[must_use]
    #[inline]
    pub const fn abs_difference(self, other: Self) -> Duration {
        Duration::from_nanos(self.nanos.abs_diff(other.nanos))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// Panics if the sum is past [`Instant::MAX`].
    #[inline]
    fn add(self, after: Duration) -> Self {
        self.checked_add(after)
            .expect("instant is past Instant::MAX")
    }
}

impl AddAssign<Duration> for Instant {
    /// Panics if the sum is past [`Instant::MAX`].
    #[inline]
    fn add_assign(&mut self, after: Duration) {
        *self = *self + after;
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    /// Panics if `earlier` is in fact later: durations are never negative.
    #[inline]
    fn sub(self, earlier: Instant) -> Duration {
        match self.checked_since(earlier) {
            Some(duration) => duration,
            None => panic!("{self} - {earlier} is negative"),
        }
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    /// Panics if the result is before [`Instant::ZERO`].
    #[inline]
    fn sub(self, before: Duration) -> Self {
        match self.nanos.checked_sub(before.as_nanos()) {
            Some(nanos) => Self { nanos },
            None => panic!("{self} - {before} is before the start"),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_seconds(self.nanos, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn adding_and_subtracting_undo_each_other() {
        let mut moment = Instant::ZERO + SECOND;
        moment += SECOND;
        assert_eq!(moment - Instant::ZERO, SECOND * 2);
        assert_eq!(moment - SECOND, Instant::ZERO + SECOND);
        assert_eq!(Instant::default(), Instant::ZERO);
    }

    #[test]
    fn checked_and_saturating_forms_stop_at_the_ends() {
        let later = Instant::ZERO + SECOND;
        assert_eq!(Instant::MAX.checked_add(SECOND), None);
        assert_eq!(Instant::MAX.saturating_add(SECOND), Instant::MAX);
        assert_eq!(Instant::ZERO.checked_since(later), None);
        assert_eq!(Instant::ZERO.saturating_since(later), Duration::ZERO);
        assert_eq!(Instant::ZERO.abs_difference(later), SECOND);
    }

    #[test]
    fn an_instant_is_displayed_in_seconds_or_less() {
        assert_eq!(Instant::ZERO.to_string(), "0s");
        assert_eq!((Instant::ZERO + SECOND * 60).to_string(), "60s");
        assert_eq!(Instant::from_nanos(1_500_000).to_string(), "1.500ms");
    }

    #[test]
    #[should_panic(expected = "0s - 1s is negative")]
    fn time_since_a_later_instant_panics() {
        let _ = Instant::ZERO - (Instant::ZERO + SECOND);
    }

    #[test]
    #[should_panic(expected = "before the start")]
    fn an_instant_before_the_start_panics() {
        let _ = Instant::ZERO - SECOND;
    }
}
