//! A span of time.
//!
//! The model is one `u64` of whole nanoseconds: from nothing to a little over
//! 584 years, never negative, never rounded. Arithmetic that leaves this range
//! panics in every build profile, because a simulation that silently wraps
//! around is wrong in a way nobody sees; `checked_` and `saturating_` forms are
//! for callers who expect it.
//!
//! How a duration is written and read as text is in `duration_text`.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

/// A span of time in whole nanoseconds, from zero to [`Duration::MAX`].
///
/// ```
/// use simulated_clock::Duration;
///
/// let timeout: Duration = "1500ms".parse().unwrap();
/// assert_eq!(timeout, Duration::from_micros(1_500_000));
/// assert_eq!(timeout.to_string(), "1.500s");
/// assert_eq!((timeout * 40).to_string(), "1m");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    nanos: u64,
}

/// Nanoseconds in a microsecond.
pub(crate) const NANOS_PER_MICRO: u64 = 1_000;
/// Nanoseconds in a millisecond.
pub(crate) const NANOS_PER_MILLI: u64 = 1_000_000;
/// Nanoseconds in a second.
pub(crate) const NANOS_PER_SEC: u64 = 1_000_000_000;

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self::from_nanos(0);

    /// The longest duration, `u64::MAX` nanoseconds: a little over 584 years.
    pub const MAX: Self = Self::from_nanos(u64::MAX);

    /// A duration of whole nanoseconds.
    #[must_use]
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self { nanos }
    }

    /// A duration of whole microseconds.
    ///
    /// # Panics
    ///
    /// If it is longer than [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self::from_units(micros, NANOS_PER_MICRO)
    }

    /// A duration of whole milliseconds.
    ///
    /// # Panics
    ///
    /// If it is longer than [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn from_millis(millis: u64) -> Self {
        Self::from_units(millis, NANOS_PER_MILLI)
    }

    /// A duration of whole seconds.
    ///
    /// # Panics
    ///
    /// If it is longer than [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn from_secs(secs: u64) -> Self {
        Self::from_units(secs, NANOS_PER_SEC)
    }

    const fn from_units(count: u64, nanos_per_unit: u64) -> Self {
        match count.checked_mul(nanos_per_unit) {
            Some(nanos) => Self { nanos },
            None => panic!("duration is longer than Duration::MAX"),
        }
    }

    /// The whole length in nanoseconds.
    #[must_use]
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.nanos
    }

    /// The length in whole microseconds, rounded down.
    #[must_use]
    #[inline]
    pub const fn as_micros(self) -> u64 {
        self.nanos / NANOS_PER_MICRO
    }

    /// The length in whole milliseconds, rounded down.
    #[must_use]
    #[inline]
    pub const fn as_millis(self) -> u64 {
        self.nanos / NANOS_PER_MILLI
    }

    /// The length in whole seconds, rounded down.
    #[must_use]
    #[inline]
    pub const fn as_secs(self) -> u64 {
        self.nanos / NANOS_PER_SEC
    }

    /// Whether this is [`Duration::ZERO`].
    #[must_use]
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// The sum, or `None` if it is longer than [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.nanos.checked_add(other.nanos) {
            Some(nanos) => Some(Self { nanos }),
            None => None,
        }
    }

    /// The difference, or `None` if `other` is longer than `self`.
    #[must_use]
    #[inline]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.nanos.checked_sub(other.nanos) {
            Some(nanos) => Some(Self { nanos }),
            None => None,
        }
    }

    /// `self` repeated `times` times, or `None` if that is longer than
    /// [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn checked_mul(self, times: u64) -> Option<Self> {
        match self.nanos.checked_mul(times) {
            Some(nanos) => Some(Self { nanos }),
            None => None,
        }
    }

    /// The sum, at most [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self::from_nanos(self.nanos.saturating_add(other.nanos))
    }

    /// The difference, at least [`Duration::ZERO`].
    #[must_use]
    #[inline]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self::from_nanos(self.nanos.saturating_sub(other.nanos))
    }

    /// `self` repeated `times` times, at most [`Duration::MAX`].
    #[must_use]
    #[inline]
    pub const fn saturating_mul(self, times: u64) -> Self {
        Self::from_nanos(self.nanos.saturating_mul(times))
    }
}

impl Add for Duration {
    type Output = Self;

    /// Panics if the sum is longer than [`Duration::MAX`].
    #[inline]
    fn add(self, other: Self) -> Self {
        self.checked_add(other)
            .expect("sum is longer than Duration::MAX")
    }
}

impl AddAssign for Duration {
    /// Panics if the sum is longer than [`Duration::MAX`].
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Duration {
    type Output = Self;

    /// Panics if `other` is longer than `self`: durations are never negative.
    #[inline]
    fn sub(self, other: Self) -> Self {
        self.checked_sub(other)
            .expect("difference of durations is negative")
    }
}

impl SubAssign for Duration {
    /// Panics if `other` is longer than `self`: durations are never negative.
    #[inline]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<u64> for Duration {
    type Output = Self;

    /// Panics if the product is longer than [`Duration::MAX`].
    #[inline]
    fn mul(self, times: u64) -> Self {
        self.checked_mul(times)
            .expect("product is longer than Duration::MAX")
    }
}

impl Div<u64> for Duration {
    type Output = Self;

    /// Rounds down to a whole nanosecond; panics if `parts` is zero.
    #[inline]
    fn div(self, parts: u64) -> Self {
        assert!(parts > 0, "a duration cannot be divided into zero parts");
        Self::from_nanos(self.nanos / parts)
    }
}

impl Sum for Duration {
    /// Panics if the sum is longer than [`Duration::MAX`].
    fn sum<I: Iterator<Item = Self>>(durations: I) -> Self {
        durations.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_agree_with_each_other() {
        assert_eq!(Duration::from_secs(2), Duration::from_millis(2_000));
        assert_eq!(Duration::from_millis(2), Duration::from_micros(2_000));
        assert_eq!(Duration::from_micros(2), Duration::from_nanos(2_000));
        assert_eq!(Duration::default(), Duration::ZERO);
    }

    #[test]
    fn whole_units_are_rounded_down() {
        let duration = Duration::from_nanos(1_999_999_999);
        assert_eq!(duration.as_secs(), 1);
        assert_eq!(duration.as_millis(), 1_999);
        assert_eq!(duration.as_micros(), 1_999_999);
        assert_eq!(duration.as_nanos(), 1_999_999_999);
    }

    #[test]
    fn arithmetic_is_exact_within_the_range() {
        let second = Duration::from_secs(1);
        assert_eq!(second + second, second * 2);
        assert_eq!(second * 3 - second, second * 2);
        assert_eq!(second / 3, Duration::from_nanos(333_333_333));
        assert_eq!([second; 4].into_iter().sum::<Duration>(), second * 4);
    }

    #[test]
    fn checked_and_saturating_forms_stop_at_the_ends() {
        let nano = Duration::from_nanos(1);
        assert_eq!(Duration::MAX.checked_add(nano), None);
        assert_eq!(Duration::ZERO.checked_sub(nano), None);
        assert_eq!(Duration::MAX.checked_mul(2), None);
        assert_eq!(Duration::MAX.saturating_add(nano), Duration::MAX);
        assert_eq!(Duration::ZERO.saturating_sub(nano), Duration::ZERO);
        assert_eq!(Duration::MAX.saturating_mul(2), Duration::MAX);
    }

    #[test]
    #[should_panic(expected = "longer than Duration::MAX")]
    fn too_long_a_duration_panics() {
        let _ = Duration::from_secs(u64::MAX);
    }

    #[test]
    #[should_panic(expected = "negative")]
    fn a_negative_duration_panics() {
        let _ = Duration::ZERO - Duration::from_nanos(1);
    }
}
