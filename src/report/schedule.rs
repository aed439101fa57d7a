//! What is said of one schedule that was taken again.

use serde::{Deserialize, Serialize};

use super::{Ended, ViolationReport};
use crate::explore::Played;
use crate::repro::digest_text;
use crate::scenario::Scenario;
use crate::world::Verdict;

/// The layout of reports of schedules; raised when a field means something else than before.
const SCHEMA: u64 = 1;

/// One schedule: the object that `replay --format json` prints of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleReport {
    /// The layout of this object.
    pub schema: u64,
    /// The scenario's name.
    pub scenario: String,
    /// The result.
    pub verdict: Verdict,
    /// Whether that is what its scenario, or its repro file, says.
    #[serde(default)]
    pub ended: Ended,
    /// What was broken.
    pub violation: Option<ViolationReport>,
    /// What happened, in words.
    pub schedule: Vec<String>,
    /// The same, as a repro file has it.
    pub actions: Vec<String>,
    /// What replicas showed at each action.
    pub shows: Vec<Vec<String>>,
    /// The lines, from 1 on, that could not happen where they stand.
    pub passed_over: Vec<usize>,
    /// The system did other things when it was taken through the same again.
    pub flaw: Option<String>,
    /// The digest of all that could be seen.
    pub digest: String,
    /// The repro file.
    pub repro: String,
}

impl ScheduleReport {
    /// The report of a schedule that is in a file.
    pub fn of(scenario: &Scenario, played: &Played, repro: &str) -> Self {
        let model = scenario.model.as_ref();
        let violation = played.violation.as_ref().map(|violation| ViolationReport {
            in_contract: None,
            expected: scenario.check.expects(violation.check)
                || model.is_some_and(|model| model.expects(violation.check)),
            ..ViolationReport::of(scenario, violation, false)
        });
        let steps = || played.schedule.iter();
        Self {
            schema: SCHEMA,
            scenario: scenario.name.clone(),
            verdict: Self::verdict(played),
            ended: match &violation {
                Some(violation) if violation.is_surprise() => Ended::Unexpected,
                _ => Ended::AsExpected,
            },
            violation,
            schedule: steps().map(|step| step.words.clone()).collect(),
            actions: steps().map(|step| step.line.clone()).collect(),
            shows: steps().map(|step| step.shows.clone()).collect(),
            passed_over: played
                .passed_over
                .iter()
                .map(|(place, _)| place + 1)
                .collect(),
            flaw: played.flaw.clone(),
            digest: digest_text(played.digest),
            repro: repro.to_owned(),
        }
    }

    /// The verdict on a schedule.
    pub fn verdict(played: &Played) -> Verdict {
        match (&played.violation, &played.flaw) {
            (_, Some(_)) => Verdict::Unknown,
            (Some(violation), None) if violation.is_own() => Verdict::Unknown,
            (Some(_), None) => Verdict::Violation,
            (None, None) => Verdict::Pass,
        }
    }
}
