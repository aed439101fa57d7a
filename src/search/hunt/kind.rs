//! What makes two failing runs the same catch.

use serde::{Deserialize, Serialize};

use crate::check::{Cause, Violation};
use crate::scenario::Scenario;
use crate::search::Signature;

/// What makes two failing runs the same catch. A check can fail for more than one reason, and
/// what fails within the contract is another matter than what fails outside of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kind {
    /// The check, its class, and the place of a panic or the known finding.
    pub signature: Signature,
    /// How the check failed.
    pub cause: Cause,
    /// The bug that was planted, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planted: Option<String>,
    /// Whether the runs kept to what the system is written for.
    pub in_contract: bool,
}

impl Kind {
    /// The kind of a violation that came in a scenario, within the contract or outside of it.
    pub fn of(scenario: &Scenario, violation: &Violation, in_contract: bool) -> Self {
        Self {
            signature: Signature::of(violation),
            cause: violation.cause,
            planted: scenario.selftest.planted.clone(),
            in_contract,
        }
    }
}
