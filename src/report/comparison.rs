//! What is said of two builds on the same seeds.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::RunReport;
use crate::world::Verdict;

/// The same seeds under two builds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The other build: a program, or what it printed.
    pub against: String,
    /// How many runs both made.
    pub compared: u64,
    /// How many only this build made.
    pub missing: u64,
    /// Those that differ, in their steps or in their verdict.
    pub differences: Vec<RunDifference>,
    /// Where the first that took other steps parts, if the other build is there to ask.
    pub divergence: Option<Parting>,
}

/// A run that two builds made, and that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDifference {
    /// The scenario's name.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
    /// What this build made of it.
    #[serde(flatten)]
    pub here: Made,
    /// What the other build made of it.
    #[serde(rename = "against")]
    pub there: Made,
}

/// What a build made of a run, as far as two builds can agree on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The verdict.
    pub verdict: Verdict,
    /// The checks that failed.
    pub checks: Vec<String>,
    /// The digest of every step.
    pub digest: String,
}

/// Where the traces of a run part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parting {
    /// How many lines they have in common.
    pub lines: u64,
    /// The last of them.
    pub before: String,
    /// What follows here.
    pub here: String,
    /// What follows there.
    pub there: String,
}

impl From<&RunReport> for Made {
    fn from(run: &RunReport) -> Self {
        Self {
            verdict: run.verdict,
            checks: run.failed().into_iter().map(str::to_owned).collect(),
            digest: run.digest.clone(),
        }
    }
}

impl RunDifference {
    /// Whether the builds took other steps; with the same, their checks differ.
    pub fn took_other_steps(&self) -> bool {
        self.here.digest != self.there.digest
    }

    /// Whether the builds come to other verdicts.
    pub fn has_other_verdict(&self) -> bool {
        (self.here.verdict, &self.here.checks) != (self.there.verdict, &self.there.checks)
    }
}

impl Comparison {
    /// The runs in which the builds took other steps.
    pub fn with_other_steps(&self) -> impl Iterator<Item = &RunDifference> {
        self.differences.iter().filter(|one| one.took_other_steps())
    }

    /// The runs of which the builds come to other verdicts.
    pub fn other_verdicts(&self) -> impl Iterator<Item = &RunDifference> {
        self.differences
            .iter()
            .filter(|one| one.has_other_verdict())
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.verdict {
            Verdict::Pass => f.write_str("pass"),
            Verdict::Unknown => f.write_str("unknown"),
            Verdict::Violation => write!(f, "violation of {}", self.checks.join(", ")),
        }
    }
}
