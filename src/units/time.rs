//! Durations as people write them, and ranges of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use simulated_clock::Duration;

/// Hundreds of such times can be added up before an instant is past its greatest.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3_600);

/// A duration written as text: `"150ms"`, `"1.5s"`, `"10m"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Duration);

impl Time {
    /// A time of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// A time of `micros` microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Self(Duration::from_micros(micros))
    }

    /// Whole nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0.as_nanos()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.trim().parse::<Duration>();
        let duration = parsed.map_err(|error| error.to_string())?;
        if duration > LONGEST {
            return Err(format!("{text:?} is too long: write at most a year, 8760h"));
        }
        Ok(Self(duration))
    }
}

/// A duration drawn between two bounds, both included: `"500ms..2s"`, or one
/// time alone for a range without choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// The shortest.
    pub min: Duration,
    /// The longest; never below `min`.
    pub max: Duration,
}

impl TimeRange {
    /// A range that holds `duration` alone.
    pub const fn exactly(duration: Duration) -> Self {
        Self {
            min: duration,
            max: duration,
        }
    }

    /// A range between two numbers of milliseconds.
    ///
    /// # Panics
    /// If `min` is above `max`.
    pub const fn from_millis(min: u64, max: u64) -> Self {
        assert!(min <= max, "a range runs from its shortest to its longest");
        Self {
            min: Duration::from_millis(min),
            max: Duration::from_millis(max),
        }
    }
}

impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min == self.max {
            self.min.fmt(f)
        } else {
            write!(f, "{}..{}", self.min, self.max)
        }
    }
}

impl FromStr for TimeRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((min, max)) = text.split_once("..") else {
            return Ok(Self::exactly(text.parse::<Time>()?.0));
        };
        let (min, max) = (min.parse::<Time>()?.0, max.parse::<Time>()?.0);
        if min > max {
            return Err(format!(
                "the range {text:?} runs backwards: write the shorter time first, as \"{max}..{min}\""
            ));
        }
        Ok(Self { min, max })
    }
}

macro_rules! text_in_files {
    ($type:ty, $name:literal, $description:literal, $example:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!($description, " as text, for example ", $example))
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": concat!($description, ", as ", $example) })
            }
        }
    };
}

text_in_files!(Time, "Time", "a duration", "\"150ms\"");
text_in_files!(
    TimeRange,
    "TimeRange",
    "a duration or a range of them",
    "\"500ms..2s\""
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_reads_both_bounds_and_one_time_alone_is_a_range_without_choice() {
        let range: TimeRange = "500ms..2s".parse().unwrap();
        assert_eq!(range, TimeRange::from_millis(500, 2000));
        assert_eq!(
            "5ms".parse::<TimeRange>().unwrap(),
            TimeRange::from_millis(5, 5)
        );
        assert_eq!(range.to_string().parse::<TimeRange>().unwrap(), range);
    }

    #[test]
    fn a_range_that_runs_backwards_is_refused_with_the_right_order() {
        let error = "2s..500ms".parse::<TimeRange>().unwrap_err();
        assert!(error.contains("500ms..2s"), "{error}");
    }
}
