//! What is left of a failing run, or of a schedule that breaks something.

use serde::{Deserialize, Serialize};

use super::{ViolationReport, counted};

/// What shrinking left: the object that `shrink --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShrinkReport {
    /// The scenario's name.
    pub scenario: String,
    /// How large it was, and is.
    #[serde(flatten)]
    pub sizes: Sizes,
    /// Whether nothing more can be taken away; otherwise it was stopped.
    pub complete: bool,
    /// The violation that stayed.
    pub violation: ViolationReport,
    /// The smaller repro file.
    pub repro: String,
    /// The command that replays it.
    pub replay: String,
    /// Other violations that were met, one for each.
    pub slips: Vec<SlipReport>,
}

/// How large something was before it was shrunk, and is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Sizes {
    /// A run.
    Run(RunSizes),
    /// A schedule.
    Schedule(ScheduleSizes),
}

/// How large a run was, and is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSizes {
    /// How many events there were.
    pub events_before: u64,
    /// How many there are.
    pub events_after: u64,
    /// How many faults began.
    pub faults_before: u64,
    /// How many begin.
    pub faults: u64,
    /// How many operations clients issued.
    pub operations_before: u64,
    /// How many they issue.
    pub operations: u64,
    /// How many replicas there were.
    pub replicas_before: u64,
    /// How many there are.
    pub replicas: u64,
    /// How many decisions did not have their plainest answer.
    pub choices_before: usize,
    /// How many have not.
    pub choices: usize,
    /// How many runs it took.
    pub runs: u64,
}

/// How long a schedule was, and is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleSizes {
    /// How many actions there were.
    pub actions_before: usize,
    /// How many there are.
    pub actions_after: usize,
    /// What happens now, in words.
    pub schedule: Vec<String>,
    /// How many schedules were tried.
    pub tries: u64,
}

/// Another violation than the one that was to stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipReport {
    /// The check that failed.
    pub check: String,
    /// What makes it another one: the check, where it panicked, and the known finding.
    pub signature: String,
    /// What happened, in a sentence.
    pub message: String,
    /// The schedule that shows it, in words; empty for a run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<String>,
    /// Its repro file.
    pub repro: String,
    /// The command that replays it.
    pub replay: String,
}

impl RunSizes {
    /// How large the run was, in words.
    pub fn before(&self) -> String {
        run_size(
            self.events_before,
            self.faults_before,
            self.operations_before,
            self.replicas_before,
            self.choices_before,
        )
    }

    /// How large it is, in words.
    pub fn after(&self) -> String {
        run_size(
            self.events_after,
            self.faults,
            self.operations,
            self.replicas,
            self.choices,
        )
    }
}

/// How large a run is, in words.
pub(crate) fn run_size(
    events: u64,
    faults: u64,
    operations: u64,
    replicas: u64,
    choices: usize,
) -> String {
    format!(
        "{}, {}, {}, {}, {}",
        counted(events, "event"),
        counted(faults, "fault"),
        counted(operations, "operation"),
        counted(replicas, "replica"),
        counted(choices as u64, "choice"),
    )
}

impl ShrinkReport {
    /// A schedule that was tried and does not return: nothing was tried after it.
    pub fn hang(&self) -> Option<&SlipReport> {
        let mut slips = self.slips.iter();
        slips.find(|slip| slip.check == crate::check::HANG && !slip.schedule.is_empty())
    }
}
