//! What several hunts for one bug tell of the power to detect it.

use std::collections::BTreeMap;

use super::Tried;
use crate::report::{FalseAlarm, PowerReport};

/// The power to detect a bug, from hunts for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Power {
    /// How many hunts there were.
    pub hunts: u64,
    /// How many of them found the bug.
    pub found: u64,
    /// Seeds to detection in each of these, in order of size.
    pub seeds: Vec<u64>,
    /// Nanoseconds to detection in each of these, in order of size.
    pub wall_ns: Vec<u64>,
    /// Which checks found it, and how often.
    pub checks: BTreeMap<&'static str, u64>,
    /// How often the bug acted, in all hunts.
    pub acts: u64,
    /// The hunts in which it never acted.
    pub idle: u64,
    /// How much the check that was blind would have had to evaluate, in all hunts.
    pub unseen: u64,
    /// What the clean twins said, with their seeds, where they did not pass.
    pub false_alarms: Vec<(u64, String)>,
}

impl Power {
    /// Adds a hunt.
    pub fn add(&mut self, tried: &Tried) {
        self.hunts += 1;
        self.acts += tried.acts;
        self.idle += u64::from(tried.acts == 0);
        self.unseen += tried.unseen;
        self.false_alarms.extend(tried.false_alarm.clone());
        let Some(found) = &tried.found else {
            return;
        };
        self.found += 1;
        *self.checks.entry(found.check).or_default() += 1;
        insert(&mut self.seeds, tried.seeds);
        insert(&mut self.wall_ns, tried.wall_ns);
    }

    /// Whether every hunt found the bug.
    pub fn is_detected(&self) -> bool {
        self.hunts > 0 && self.found == self.hunts
    }

    /// The check that found it most often.
    pub fn check(&self) -> Option<&'static str> {
        let most = self.checks.iter().max_by_key(|(_, count)| **count);
        most.map(|(check, _)| *check)
    }

    /// Seeds to detection in the middle hunt, the later one of two. A hunt without detection counts as
    /// endless.
    pub fn seeds_median(&self) -> Option<u64> {
        self.seeds.get(self.hunts as usize / 2).copied()
    }

    /// Nanoseconds to detection in the middle hunt.
    pub fn wall_median(&self) -> Option<u64> {
        self.wall_ns.get(self.hunts as usize / 2).copied()
    }

    /// Seeds to detection in the slowest hunt; none if one did not detect it.
    pub fn seeds_worst(&self) -> Option<u64> {
        self.seeds.last().copied().filter(|_| self.is_detected())
    }

    /// Nanoseconds to detection in the slowest hunt; none if one did not detect it.
    pub fn wall_worst(&self) -> Option<u64> {
        self.wall_ns.last().copied().filter(|_| self.is_detected())
    }
}

impl From<&Power> for PowerReport {
    fn from(power: &Power) -> Self {
        let checks = power.checks.iter();
        let alarms = power.false_alarms.iter();
        Self {
            check: power.check().map(str::to_owned),
            checks: checks
                .map(|(check, count)| ((*check).to_owned(), *count))
                .collect(),
            found: power.found,
            hunts: power.hunts,
            deviations: power.acts,
            idle: power.idle,
            seeds_median: power.seeds_median(),
            seeds_worst: power.seeds_worst(),
            wall_ns: power.wall_median(),
            wall_worst_ns: power.wall_worst(),
            false_alarms: alarms
                .map(|(seed, message)| FalseAlarm {
                    seed: *seed,
                    message: message.clone(),
                })
                .collect(),
        }
    }
}

fn insert(sorted: &mut Vec<u64>, value: u64) {
    let place = sorted.partition_point(|other| *other <= value);
    sorted.insert(place, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::bugs::Found;

    fn tried(seeds: u64, is_found: bool) -> Tried {
        Tried {
            seeds,
            found: is_found.then(|| Found {
                seed: seeds,
                check: "agreement",
                message: String::new(),
                requests: Box::default(),
            }),
            wall_ns: seeds * 1_000,
            false_alarm: None,
            acts: seeds,
            unseen: 0,
            own: None,
            unsuited: None,
        }
    }

    #[test]
    fn the_median_counts_hunts_that_found_nothing_as_endless() {
        let mut power = Power::default();
        for (seeds, is_found) in [(7, true), (3, true), (90, true), (100, false), (5, true)] {
            power.add(&tried(seeds, is_found));
        }
        assert_eq!(power.seeds_median(), Some(7));
        assert_eq!(power.wall_median(), Some(7_000));
        assert_eq!(power.seeds_worst(), None, "one never ended");
        assert_eq!(power.check(), Some("agreement"));
        assert!(!power.is_detected());
        for _ in 0..4 {
            power.add(&tried(100, false));
        }
        assert_eq!(power.seeds_median(), None);
    }
}
