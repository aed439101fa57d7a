//! The findings that a scenario lists as known.

use super::Scenario;
use crate::check::Violation;

impl Scenario {
    /// The name of the finding that the scenario lists as known and that a violation shows.
    pub fn known_finding(&self, violation: &Violation) -> Option<&str> {
        let shown = violation.finding?;
        let mut known = self.check.known.iter().map(String::as_str);
        known.find(|name| *name == shown.name)
    }
}
