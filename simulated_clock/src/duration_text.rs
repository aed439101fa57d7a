//! How a duration is written and read.
//!
//! A duration is a decimal number and a unit, nothing between: `10ns`, `5us`,
//! `1500ms`, `1.5s`, `10m`, `1h`. A fraction is allowed when it comes out at
//! whole nanoseconds, so that what is read is what was meant.
//!
//! Writing is exact: hours or minutes when they come out whole, otherwise the
//! largest of s, ms, us, ns that is not more than the duration, with three, six
//! or nine decimals or none. So reading what was written gives the same value.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use crate::Duration;
use crate::duration::{NANOS_PER_MICRO, NANOS_PER_MILLI, NANOS_PER_SEC};

const NANOS_PER_MINUTE: u64 = 60 * NANOS_PER_SEC;
const NANOS_PER_HOUR: u64 = 60 * NANOS_PER_MINUTE;

/// No fraction of a unit with more significant decimals is whole nanoseconds:
/// an hour, the largest unit, is 2^13 * 3^2 * 5^11 of them, and a number whose
/// last decimal is not zero lacks either every factor 2 or every factor 5.
const DECIMALS_MAX: usize = 13;

/// Why a text is not a duration. Its display says what would be right.
///
/// ```
/// use simulated_clock::Duration;
///
/// let error = "10".parse::<Duration>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`10` is not a duration: the unit is missing; write a number and one of \
///      ns, us, ms, s, m, h, as in `1500ms`, `1.5s` or `10m`",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseDurationError {
    text: String,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    Negative,
    NumberMissing,
    NumberIncomplete,
    UnitMissing,
    UnitUnknown(String),
    NotWholeNanos,
    TooLong,
}

impl fmt::Display for ParseDurationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a duration: ", self.text)?;
        match &self.reason {
            Reason::Negative => write!(formatter, "it is negative")?,
            Reason::NumberMissing => write!(formatter, "the number is missing")?,
            Reason::NumberIncomplete => {
                write!(formatter, "a digit is missing beside the decimal point")?;
            }
            Reason::UnitMissing => write!(formatter, "the unit is missing")?,
            Reason::UnitUnknown(unit) => write!(formatter, "the unit `{unit}` is unknown")?,
            Reason::NotWholeNanos => write!(formatter, "it is not a whole number of nanoseconds")?,
            Reason::TooLong => write!(formatter, "it is longer than {}", Duration::MAX)?,
        }
        write!(
            formatter,
            "; write a number and one of ns, us, ms, s, m, h, as in `1500ms`, `1.5s` or `10m`"
        )
    }
}

impl Error for ParseDurationError {}

impl FromStr for Duration {
    type Err = ParseDurationError;

    /// Reads a duration such as `1500ms`, `1.5s` or `10m`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match parse_nanos(text) {
            Ok(nanos) => Ok(Self::from_nanos(nanos)),
            Err(reason) => Err(ParseDurationError {
                text: text.to_owned(),
                reason,
            }),
        }
    }
}

fn parse_nanos(text: &str) -> Result<u64, Reason> {
    if text.starts_with('-') {
        return Err(Reason::Negative);
    }
    let (whole, rest) = split_digits(text);
    let (decimals, unit) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (decimals, unit) = split_digits(rest);
            if whole.is_empty() || decimals.is_empty() {
                return Err(Reason::NumberIncomplete);
            }
            (decimals, unit)
        }
        None => ("", rest),
    };
    if whole.is_empty() {
        return Err(Reason::NumberMissing);
    }
    let nanos_per_unit = u128::from(match unit {
        "" => return Err(Reason::UnitMissing),
        "ns" => 1,
        "us" => NANOS_PER_MICRO,
        "ms" => NANOS_PER_MILLI,
        "s" => NANOS_PER_SEC,
        "m" => NANOS_PER_MINUTE,
        "h" => NANOS_PER_HOUR,
        other => return Err(Reason::UnitUnknown(other.to_owned())),
    });
    // The only way for digits not to be a number is that there are too many.
    let whole: u64 = whole.parse().map_err(|_| Reason::TooLong)?;
    let nanos = u128::from(whole) * nanos_per_unit + parse_decimals(decimals, nanos_per_unit)?;
    u64::try_from(nanos).map_err(|_| Reason::TooLong)
}

/// The nanoseconds of `0.decimals` units.
fn parse_decimals(decimals: &str, nanos_per_unit: u128) -> Result<u128, Reason> {
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() {
        return Ok(0);
    }
    if decimals.len() > DECIMALS_MAX {
        return Err(Reason::NotWholeNanos);
    }
    let mut numerator: u128 = 0;
    let mut denominator: u128 = 1;
    for digit in decimals.bytes() {
        numerator = numerator * 10 + u128::from(digit - b'0');
        denominator *= 10;
    }
    debug_assert!(numerator > 0);
    debug_assert!(numerator < denominator);
    if !(numerator * nanos_per_unit).is_multiple_of(denominator) {
        return Err(Reason::NotWholeNanos);
    }
    Ok(numerator * nanos_per_unit / denominator)
}

/// The ASCII digits at the start of `text`, and what follows them.
fn split_digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

impl fmt::Display for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.as_nanos();
        if nanos > 0 && nanos.is_multiple_of(NANOS_PER_HOUR) {
            return formatter.pad(&format!("{}h", nanos / NANOS_PER_HOUR));
        }
        if nanos > 0 && nanos.is_multiple_of(NANOS_PER_MINUTE) {
            return formatter.pad(&format!("{}m", nanos / NANOS_PER_MINUTE));
        }
        write_seconds(nanos, formatter)
    }
}

/// Writes nanoseconds in the largest fitting unit up to the second.
pub(crate) fn write_seconds(nanos: u64, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (unit, nanos_per_unit, decimals) = match nanos {
        0 => return formatter.pad("0s"),
        NANOS_PER_SEC.. => ("s", NANOS_PER_SEC, 9),
        NANOS_PER_MILLI.. => ("ms", NANOS_PER_MILLI, 6),
        NANOS_PER_MICRO.. => ("us", NANOS_PER_MICRO, 3),
        _ => ("ns", 1, 0),
    };
    let whole = nanos / nanos_per_unit;
    let mut fraction = nanos % nanos_per_unit;
    let mut width: usize = decimals;
    // Whole groups of three, so that a column of times is easy on the eye.
    while width > 0 && fraction.is_multiple_of(1_000) {
        fraction /= 1_000;
        width -= 3;
    }
    if width == 0 {
        debug_assert_eq!(fraction, 0);
        return formatter.pad(&format!("{whole}{unit}"));
    }
    formatter.pad(&format!("{whole}.{fraction:0width$}{unit}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Duration {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn reason(text: &str) -> Reason {
        text.parse::<Duration>().expect_err("not a duration").reason
    }

    #[test]
    fn every_unit_is_read() {
        assert_eq!(parsed("10ns"), Duration::from_nanos(10));
        assert_eq!(parsed("5us"), Duration::from_micros(5));
        assert_eq!(parsed("1500ms"), Duration::from_millis(1_500));
        assert_eq!(parsed("1.5s"), Duration::from_millis(1_500));
        assert_eq!(parsed("10m"), Duration::from_secs(600));
        assert_eq!(parsed("1h"), Duration::from_secs(3_600));
    }

    #[test]
    fn a_fraction_is_read_when_it_is_exact() {
        assert_eq!(parsed("0.000000001s"), Duration::from_nanos(1));
        assert_eq!(parsed("1.5000000000000000000s"), parsed("1500ms"));
        assert_eq!(parsed("2.0ns"), Duration::from_nanos(2));
        // The finest hour that is whole: 13 decimals, 9 ns.
        assert_eq!(parsed("0.0000000000025h"), Duration::from_nanos(9));
        assert_eq!(reason("0.0000000001s"), Reason::NotWholeNanos);
        assert_eq!(reason("0.5ns"), Reason::NotWholeNanos);
        assert_eq!(reason("0.00000000000001h"), Reason::NotWholeNanos);
    }

    #[test]
    fn what_is_not_a_duration_is_refused_with_the_reason() {
        assert_eq!(reason(""), Reason::NumberMissing);
        assert_eq!(reason("ms"), Reason::NumberMissing);
        assert_eq!(reason("10"), Reason::UnitMissing);
        assert_eq!(reason("-5ms"), Reason::Negative);
        assert_eq!(reason(".5s"), Reason::NumberIncomplete);
        assert_eq!(reason("1.s"), Reason::NumberIncomplete);
        assert_eq!(reason("10 ms"), Reason::UnitUnknown(" ms".to_owned()));
        assert_eq!(reason("10MS"), Reason::UnitUnknown("MS".to_owned()));
        assert_eq!(reason("1m30s"), Reason::UnitUnknown("m30s".to_owned()));
        assert_eq!(reason("5124096h"), Reason::TooLong);
        assert_eq!(reason("99999999999999999999ns"), Reason::TooLong);
    }

    #[test]
    fn the_largest_fitting_unit_is_written() {
        let written = |nanos| Duration::from_nanos(nanos).to_string();
        assert_eq!(written(0), "0s");
        assert_eq!(written(999), "999ns");
        assert_eq!(written(1_001), "1.001us");
        assert_eq!(written(1_500_000), "1.500ms");
        assert_eq!(written(1_500_001), "1.500001ms");
        assert_eq!(written(12_000_000_000), "12s");
        assert_eq!(written(12_000_000_001), "12.000000001s");
        assert_eq!(written(90_000_000_000), "90s");
        assert_eq!(written(600_000_000_000), "10m");
        assert_eq!(written(7_200_000_000_000), "2h");
        assert_eq!(format!("[{:>8}]", Duration::from_secs(12)), "[     12s]");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(nanos: u64, unit in 0..6_usize, shift in 0..64_u32) {
            let units = [1, NANOS_PER_MICRO, NANOS_PER_MILLI,
                NANOS_PER_SEC, NANOS_PER_MINUTE, NANOS_PER_HOUR];
            let nanos = nanos >> shift;
            // Both any number of nanoseconds and whole units of every kind.
            let whole = nanos / units[unit] * units[unit];
            for nanos in [nanos, whole] {
                let duration = Duration::from_nanos(nanos);
                prop_assert_eq!(duration.to_string().parse(), Ok(duration));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "-?[0-9]{0,22}\\.?[0-9]{0,22}[a-z ]{0,3}") {
            if let Err(error) = text.parse::<Duration>() {
                prop_assert!(error.to_string().contains("write a number"));
            }
        }
    }
}
