//! How good a node's clock is.
//!
//! Five numbers say it: how far off a synchronisation may leave the clock, how
//! fast its oscillator may drift, how often it is synchronised, how far off it
//! is before the first synchronisation, and whether readings may go back.
//! [`Quality`] names three usual combinations.

use crate::Duration;

/// One unit of drift in parts per billion: a rate of 1.
pub(crate) const BILLION: u32 = 1_000_000_000;

/// How good a node's clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClockOptions {
    /// The largest error that a synchronisation leaves, to either side (eps).
    pub uncertainty: Duration,
    /// The fastest drift of the oscillator, to either side, in nanoseconds per
    /// second (parts per billion); below 1,000,000,000 (rho_max).
    pub drift_ppb_max: u32,
    /// The time from one synchronisation to the next; more than zero.
    pub sync_interval: Duration,
    /// How far ahead (or, negative, behind) the clock is before its first
    /// synchronisation, in nanoseconds. Until then it is declared as part of
    /// the uncertainty.
    pub base_offset_ns: i64,
    /// Whether a reading that would be earlier than one given before is
    /// replaced by that one.
    pub monotone: bool,
}

/// Usual combinations of [`ClockOptions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// Off by up to 10 us, every 1 ms; drift up to 10 ppm.
    High,
    /// Off by up to 100 us, every 10 ms; drift up to 50 ppm.
    Medium,
    /// Off by up to 1 ms, every 100 ms; drift up to 200 ppm.
    Low,
}

impl Quality {
    /// Every quality, the best first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The options of this quality: no base offset, readings may go back.
    ///
    /// ```
    /// use simulated_clock::{ClockOptions, Duration, Quality};
    ///
    /// let options = ClockOptions {
    ///     monotone: true,
    ///     ..Quality::Medium.options()
    /// };
    /// assert_eq!(options.uncertainty, Duration::from_micros(100));
    /// ```
    #[must_use]
    pub const fn options(self) -> ClockOptions {
        let (uncertainty, sync_interval, drift_ppb_max) = match self {
            Self::High => (Duration::from_micros(10), Duration::from_millis(1), 10_000),
            Self::Medium => (
                Duration::from_micros(100),
                Duration::from_millis(10),
                50_000,
            ),
            Self::Low => (
                Duration::from_millis(1),
                Duration::from_millis(100),
                200_000,
            ),
        };
        ClockOptions {
            uncertainty,
            drift_ppb_max,
            sync_interval,
            base_offset_ns: 0,
            monotone: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_better_quality_is_never_further_off() {
        for pair in Quality::ALL.windows(2) {
            let (better, worse) = (pair[0].options(), pair[1].options());
            assert!(better.uncertainty < worse.uncertainty);
            assert!(better.drift_ppb_max < worse.drift_ppb_max);
            assert!(better.sync_interval < worse.sync_interval);
        }
    }

    #[test]
    fn drift_between_synchronisations_is_small_beside_the_error_they_leave() {
        for quality in Quality::ALL {
            let options = quality.options();
            let drift =
                options.sync_interval * u64::from(options.drift_ppb_max) / u64::from(BILLION);
            assert!(drift * 10 <= options.uncertainty);
            assert!(drift > Duration::ZERO);
        }
    }
}
