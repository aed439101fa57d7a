//! The violation that a repro file shows.

use serde::{Deserialize, Serialize};

use crate::check::{Cause, Class, Violation};

/// The violation that a repro shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReproViolation {
    /// The check.
    pub check: String,
    /// Its class.
    pub class: Class,
    /// How the check failed; absent in files of builds that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// When, in nanoseconds.
    pub at_ns: u64,
    /// What it said.
    pub message: String,
    /// Where a panic happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl ReproViolation {
    /// What a repro keeps of a violation.
    pub fn of(violation: &Violation) -> Self {
        Self {
            check: violation.check.to_owned(),
            class: violation.class,
            cause: Some(violation.cause),
            at_ns: violation.at.as_nanos(),
            message: violation.message.clone(),
            place: violation.place.clone(),
        }
    }

    /// The first of these violations that is the one it tells of: by check and class.
    pub fn find_in<'v>(&self, violations: &'v [Violation]) -> Option<&'v Violation> {
        let mut violations = violations.iter();
        violations.find(|one| one.check == self.check && one.class == self.class)
    }
}
