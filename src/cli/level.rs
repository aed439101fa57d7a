//! Levels of consistency, as they are named on the command line.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use knossos::{Consistency, Guarantee, WriteOrder};

use crate::units::Time;

/// The levels without a parameter.
const NAMES: [(&str, Consistency); 6] = [
    ("linearizable", Consistency::Linearizable),
    ("sequential", Consistency::Sequential),
    ("monotonic-reads", session(Guarantee::MonotonicReads)),
    ("monotonic-writes", session(Guarantee::MonotonicWrites)),
    ("read-your-writes", session(Guarantee::ReadYourWrites)),
    ("writes-follow-reads", session(Guarantee::WritesFollowReads)),
];

const BOUNDED_STALENESS: &str = "bounded-staleness";

const fn session(guarantee: Guarantee) -> Consistency {
    Consistency::Session(guarantee, WriteOrder::Program)
}

/// A level, and the words that named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    name: String,
    level: Consistency,
}

impl Level {
    /// The level, under what is taken for granted of the order of writes.
    ///
    /// # Errors
    ///
    /// When an order is given and the level leaves no choice of it.
    pub(super) fn under(&self, order: Option<WriteOrder>) -> Result<Consistency, String> {
        match (self.level, order) {
            (Consistency::Session(guarantee, default), order) => {
                Ok(Consistency::Session(guarantee, order.unwrap_or(default)))
            }
            (level, None) => Ok(level),
            (_, Some(_)) => Err(format!(
                "--write-order goes with the guarantees of a session (monotonic-reads, \
                 monotonic-writes, read-your-writes, writes-follow-reads); {self} says itself \
                 how writes are ordered"
            )),
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
            assert_eq!(read.under(None), Ok(level));
            assert_eq!(read.to_string(), name);
        }
        let stale: Level = "bounded-staleness=1500ms".parse().unwrap();
        let bound = Duration::from_millis(1_500);
        assert_eq!(stale.under(None), Ok(Consistency::BoundedStaleness(bound)));
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
        let real_time = Some(WriteOrder::RealTime);
        assert_eq!(
            level("monotonic-reads").under(real_time),
            Ok(Consistency::Session(
                Guarantee::MonotonicReads,
                WriteOrder::RealTime
            ))
        );
        assert!(level("sequential").under(real_time).is_err());
    }
}
