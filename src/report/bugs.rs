//! What is said of planted bugs, and of the power to detect them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::system::PlantedBug;

/// What a planted bug is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BugCard {
    /// Its name.
    pub bug: String,
    /// What goes wrong, in a sentence.
    pub description: String,
    /// Where published code really did it.
    pub origin: Option<String>,
    /// The checks that see it, the one that names it first.
    pub named: Vec<String>,
    /// What a scenario needs for it to show.
    pub needs: Vec<String>,
}

/// A planted bug and what hunts for it came to: the object that `bugs --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BugReport {
    /// The bug.
    #[serde(flatten)]
    pub card: BugCard,
    /// The power to detect it where scenarios came from that count.
    #[serde(flatten)]
    pub first: PowerReport,
    /// The same by where scenarios came from.
    pub columns: BTreeMap<String, PowerReport>,
    /// What is left of the first run that showed it, where that was asked for.
    pub shrunken: Option<Shrunken>,
}

/// How quickly a bug is found, over several hunts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerReport {
    /// The check that found it most often.
    pub check: Option<String>,
    /// Which checks found it, and how often.
    pub checks: BTreeMap<String, u64>,
    /// How many hunts found it.
    pub found: u64,
    /// How many hunts there were.
    pub hunts: u64,
    /// How often it acted.
    pub deviations: u64,
    /// The hunts in which it never acted.
    pub idle: u64,
    /// Seeds to detection in the middle hunt.
    pub seeds_median: Option<u64>,
    /// Seeds to detection in the slowest hunt.
    pub seeds_worst: Option<u64>,
    /// Time to detection in the middle hunt, by the wall clock.
    pub wall_ns: Option<u64>,
    /// Time to detection in the slowest hunt, by the wall clock.
    pub wall_worst_ns: Option<u64>,
    /// Where the same runs without the bug did not pass.
    pub false_alarms: Vec<FalseAlarm>,
}

/// A run without the bug that does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FalseAlarm {
    /// Its seed.
    pub seed: u64,
    /// What was said of it.
    pub message: String,
}

/// How small a failing run became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shrunken {
    /// How many faults begin in it.
    pub faults: u64,
    /// How many operations clients issue.
    pub operations: u64,
    /// How many replicas there are.
    pub replicas: u64,
    /// How many events there were before.
    pub events_before: u64,
    /// How many events there are.
    pub events: u64,
    /// The lines of its trace, as `replay --trace` prints them.
    pub trace_lines: u64,
    /// How many runs it took.
    pub runs: u64,
    /// Whether nothing more could be taken away; otherwise its time was over.
    pub complete: bool,
    /// Whether the run as it was and the smaller one, read from their repro files, take
    /// the same steps again and violate the same.
    pub replays: bool,
}

impl From<&PlantedBug> for BugCard {
    fn from(bug: &PlantedBug) -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            bug: bug.name.to_owned(),
            description: bug.what.to_owned(),
            origin: bug.origin.map(str::to_owned),
            named: names(bug.checks),
            needs: bug
                .needs
                .iter()
                .map(|need| need.name().to_owned())
                .collect(),
        }
    }
}

impl PowerReport {
    /// Whether every hunt found the bug.
    pub fn is_detected(&self) -> bool {
        self.hunts > 0 && self.found == self.hunts
    }
}

impl BugReport {
    /// Whether some hunt for it came to its end.
    pub fn is_tried(&self) -> bool {
        self.columns.values().any(|power| power.hunts > 0)
    }

    /// Whether every hunt of the column that counts found it.
    pub fn is_detected(&self) -> bool {
        self.first.is_detected()
    }

    /// Whether what was shrunk is still what it was.
    pub fn replays(&self) -> bool {
        let shrunken = self.shrunken.as_ref();
        shrunken.is_none_or(|shrunken| shrunken.replays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_a_bug_reads_again_as_what_it_was() {
        let power = PowerReport {
            check: Some("agreement".to_owned()),
            checks: [("agreement".to_owned(), 2)].into(),
            found: 2,
            hunts: 2,
            seeds_median: Some(3),
            false_alarms: vec![FalseAlarm {
                seed: u64::MAX,
                message: "no".to_owned(),
            }],
            ..PowerReport::default()
        };
        let report = BugReport {
            card: BugCard {
                bug: "amnesia".to_owned(),
                description: "forgets".to_owned(),
                origin: None,
                named: vec!["agreement".to_owned()],
                needs: Vec::new(),
            },
            columns: [("swarm".to_owned(), power.clone())].into(),
            first: power,
            shrunken: None,
        };
        assert!(report.is_tried() && report.is_detected() && report.replays());
        let line = serde_json::to_string(&report).expect("it can be written");
        let again: BugReport = serde_json::from_str(&line).expect("it can be read");
        assert_eq!(again, report);
    }
}
