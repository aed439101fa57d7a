//! Repro files of schedules: a scenario, and what happens in it, line by line.

use serde::{Deserialize, Serialize};

use super::run::{digest_text, has_key, is_digest, read_repro, validate_end};
use super::{Build, ReproError, ReproViolation};
use crate::check::Violation;
use crate::explore::Scheduled;
use crate::scenario::{ErrorSource, Place, Scenario};

/// A self-contained description of one schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRepro {
    /// What happens, one action per line.
    #[serde(skip_serializing)]
    pub schedule: Vec<String>,
    /// The digest of what could be seen, in hexadecimal.
    ///
    /// Absent where somebody changed the file, so that there is nothing to compare with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// What was violated, in words; absent for a schedule in which nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub violation: Option<ReproViolation>,
    /// What it was built from.
    pub build: Build,
    /// The scenario, with the bounds that the schedule keeps to.
    pub scenario: Scenario,
}

impl ScheduleRepro {
    /// The repro of a schedule that was found.
    pub fn of(
        scenario: &Scenario,
        schedule: &[Scheduled],
        digest: u64,
        violation: Option<&Violation>,
    ) -> Self {
        Self {
            schedule: schedule.iter().map(|step| step.line.clone()).collect(),
            digest: digest_text(digest),
            violation: violation.map(ReproViolation::of),
            build: Build::current(),
            scenario: scenario.clone(),
        }
    }

    /// Whether a schedule took the steps that it describes; nothing if it has no digest.
    pub fn has_digest(&self, digest: u64) -> Option<bool> {
        is_digest(&self.digest, digest)
    }

    /// The file's content; `schedule` says beside each line what it means.
    ///
    /// # Panics
    /// Never: every table of a scenario can be written as TOML.
    pub fn to_text(&self, schedule: &[Scheduled]) -> String {
        let about = self.violation.as_ref().map_or_else(
            || {
                if self.digest.is_empty() {
                    "# A schedule that an earlier search did not come back from.\n".to_owned()
                } else {
                    "# A schedule in which nothing breaks.\n".to_owned()
                }
            },
            |violation| format!("# {}: {}\n", violation.check, one_line(&violation.message)),
        );
        let widest = schedule.iter().map(|step| step.line.len()).max();
        let width = widest.unwrap_or(0) + 3;
        let lines: String = schedule
            .iter()
            .map(|step| {
                let line = format!("{:?},", step.line);
                format!("  {line:<width$} # {}\n", one_line(&step.words))
            })
            .collect();
        let rest = crate::units::as_toml(self);
        format!(
            "{about}# To see it again, give this file to the subcommand `replay`; to make it\n\
             # shorter, to `shrink`. Lines can be changed, added and taken away.\n\
             schedule = [\n{lines}]\n{rest}"
        )
    }

    /// Whether a repro file holds a schedule, rather than the decisions of a run.
    pub fn is_schedule(text: &str) -> bool {
        has_key(text, "schedule")
    }

    /// Reads a repro from text.
    ///
    /// # Errors
    /// When it is cut short, or contradicts itself. What its lines say is read by
    /// who takes them.
    pub fn parse(file: &str, text: &str) -> Result<Self, ReproError> {
        read_repro(
            file,
            text,
            |repro: &Self| &repro.scenario,
            |repro, source| validate_end(&repro.digest, repro.violation.as_ref(), source),
        )
    }
}

/// A line of the schedule in `text` is none.
pub fn wrong_line(file: &str, text: &str, (place, message): (usize, String)) -> ReproError {
    let source = ErrorSource {
        file,
        text,
        prefix: &[],
    };
    source.wrong(&[Place::Key("schedule"), Place::Index(place)], message)
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}
