//! Levels of consistency, as scenarios and the command line name them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use knossos::{Consistency, Guarantee, WriteOrder};

use crate::units::Time;

/// The levels without a parameter.
const NAMES: [(&str, Consistency); 6] = [
    (LINEARIZABLE, Consistency::Linearizable),
    ("sequential", Consistency::Sequential),
    ("monotonic-reads", session(Guarantee::MonotonicReads)),
    ("monotonic-writes", session(Guarantee::MonotonicWrites)),
    ("read-your-writes", session(Guarantee::ReadYourWrites)),
    ("writes-follow-reads", session(Guarantee::WritesFollowReads)),
];

const LINEARIZABLE: &str = "linearizable";

const BOUNDED_STALENESS: &str = "bounded-staleness";

const fn session(guarantee: Guarantee) -> Consistency {
    Consistency::Session(guarantee, WriteOrder::Program)
}

/// The name of the check that a history is linearizable.
pub(crate) const LINEARIZABILITY: &str = "linearizability";

/// A level, and the words that named it.
///
/// ```
/// use omnisim::check::Level;
///
/// let level: Level = "bounded-staleness=50ms".parse().unwrap();
/// assert_eq!(level.check(), "bounded_staleness");
/// assert_eq!(Level::default().check(), "linearizability");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    name: String,
    level: Consistency,
}

impl Level {
    /// The level, with what is assumed of the order of writes by default.
    pub const fn consistency(&self) -> Consistency {
        self.level
    }

    /// The level, under what is assumed of the order of writes; `None` where the level itself
    /// says how writes are ordered.
    pub const fn under(&self, order: WriteOrder) -> Option<Consistency> {
        match self.level {
            Consistency::Session(guarantee, _) => Some(Consistency::Session(guarantee, order)),
            _ => None,
        }
    }

    /// The name of its check, in `violates` and in reports.
    pub const fn check(&self) -> &'static str {
        match self.level {
            Consistency::Linearizable => LINEARIZABILITY,
            Consistency::Sequential => "sequential",
            Consistency::Session(Guarantee::MonotonicReads, _) => "monotonic_reads",
            Consistency::Session(Guarantee::MonotonicWrites, _) => "monotonic_writes",
            Consistency::Session(Guarantee::ReadYourWrites, _) => "read_your_writes",
            Consistency::Session(Guarantee::WritesFollowReads, _) => "writes_follow_reads",
            Consistency::BoundedStaleness(_) => "bounded_staleness",
            // No name is read as another level.
            _ => "consistency",
        }
    }

    /// The names of the checks of all levels.
    pub const CHECKS: &[&str] = &[
        LINEARIZABILITY,
        "sequential",
        "monotonic_reads",
        "monotonic_writes",
        "read_your_writes",
        "writes_follow_reads",
        "bounded_staleness",
    ];

    /// Whether a check of this name is that of a level.
    pub fn is_check(name: &str) -> bool {
        Self::CHECKS.contains(&name)
    }
}

impl Default for Level {
    fn default() -> Self {
        Self {
            name: LINEARIZABLE.to_owned(),
            level: Consistency::Linearizable,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = NAMES.iter().find(|(name, _)| *name == text);
        let level = match (plain, text.split_once('=')) {
            (Some((_, level)), _) => *level,
            (None, Some((BOUNDED_STALENESS, bound))) => {
                let bound: Time = bound.parse()?;
                Consistency::BoundedStaleness(Duration::from_nanos(bound.as_nanos()))
            }
            _ if text == BOUNDED_STALENESS => {
                return Err(format!("a bound is missing: {BOUNDED_STALENESS}=50ms"));
            }
            _ => {
                let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "known levels are {} and {BOUNDED_STALENESS}=DURATION",
                    names.join(", ")
                ));
            }
        };
        Ok(Level {
            name: text.to_owned(),
            level,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_read_by_its_name() {
        for (name, level) in NAMES {
            let read: Level = name.parse().unwrap();
            assert_eq!(read.consistency(), level);
            assert_eq!(read.to_string(), name);
        }
        let stale: Level = "bounded-staleness=1500ms".parse().unwrap();
        let bound = Duration::from_millis(1_500);
        assert_eq!(stale.consistency(), Consistency::BoundedStaleness(bound));
    }

    #[test]
    fn a_level_that_is_none_is_told_what_is_one() {
        let error = |text: &str| text.parse::<Level>().unwrap_err();
        assert!(error("eventual").contains("sequential, monotonic-reads"));
        assert!(error("bounded-staleness").contains("bounded-staleness=50ms"));
        assert!(error("bounded-staleness=soon").contains("soon"));
    }

    #[test]
    fn an_order_of_writes_goes_with_the_guarantees_of_a_session() {
        let level = |text: &str| text.parse::<Level>().unwrap();
        let real_time = Consistency::Session(Guarantee::MonotonicReads, WriteOrder::RealTime);
        assert_eq!(
            level("monotonic-reads").under(WriteOrder::RealTime),
            Some(real_time)
        );
        assert_eq!(level("sequential").under(WriteOrder::RealTime), None);
    }

    #[test]
    fn the_check_of_a_level_is_called_as_the_level_is() {
        for (name, _) in NAMES.into_iter().skip(1) {
            let level: Level = name.parse().unwrap();
            assert_eq!(level.check(), name.replace('-', "_"));
            assert!(Level::is_check(level.check()));
        }
    }
}
