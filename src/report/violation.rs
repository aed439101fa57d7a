//! What is said of a violation, wherever it was found.

use serde::{Deserialize, Serialize};

use crate::check::{Class, Violation};
use crate::observation::{ReplicaId, RequestId};
use crate::scenario::Scenario;

/// A check that failed. Of a report of another build, only the check is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationReport {
    /// The check.
    pub check: String,
    /// What kind of promise was broken.
    #[serde(default)]
    pub class: Option<Class>,
    /// Whether it lies within what the system is written for, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_contract: Option<bool>,
    /// When it showed.
    #[serde(default)]
    pub at_ns: u64,
    /// The replicas that it concerns.
    #[serde(default)]
    pub replicas: Vec<ReplicaId>,
    /// What happened, in a sentence.
    #[serde(default)]
    pub message: String,
    /// Where in the code, for a panic.
    #[serde(default)]
    pub place: Option<String>,
    /// How the check failed.
    #[serde(default)]
    pub cause: String,
    /// The requests that show it.
    #[serde(default)]
    pub requests: Vec<RequestId>,
    /// Whether the scenario says that this check fails.
    #[serde(default)]
    pub expected: bool,
    /// The finding that it is, where the scenario lists that as known.
    #[serde(default)]
    pub known: Option<String>,
}

impl ViolationReport {
    /// The report of a violation in a scenario, within the contract or outside of it.
    pub fn of(scenario: &Scenario, violation: &Violation, in_contract: bool) -> Self {
        debug_assert!(violation.class != Class::Panic || violation.place.is_some());
        Self {
            check: violation.check.to_owned(),
            class: Some(violation.class),
            in_contract: Some(in_contract),
            at_ns: violation.at.as_nanos(),
            replicas: violation.replicas.to_vec(),
            message: violation.message.clone(),
            place: violation.place.clone(),
            cause: violation.cause.to_string(),
            requests: violation.requests.to_vec(),
            expected: scenario.check.expects(violation.check),
            known: scenario.known_finding(violation).map(str::to_owned),
        }
    }
    /// Whether nobody said that it comes.
    pub fn is_surprise(&self) -> bool {
        !self.expected && self.known.is_none()
    }

    /// What it has in common with others like it: the check, how it failed, and where.
    pub fn kind(&self) -> String {
        let cause = self.cause.replace('_', " ");
        let place = self.place.as_ref();
        let place = place.map_or_else(String::new, |place| format!(" at {place}"));
        format!("{} ({cause}{place})", self.check)
    }
}
