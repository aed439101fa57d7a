//! What makes two violations the same.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::check::{Class, Violation};
use crate::world::Outcome;

/// The same check, class and, for a panic, place; or the same known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The check that failed.
    pub check: String,
    /// Its class.
    pub class: Class,
    /// Where the code under test panicked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The known finding that explains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
}

impl Signature {
    /// The signature of a violation.
    pub fn of(violation: &Violation) -> Self {
        Self {
            check: violation.check.to_owned(),
            class: violation.class,
            place: violation.place.clone(),
            finding: violation.finding.map(|finding| finding.name.to_owned()),
        }
    }

    /// Whether it is a panic of omnisim's own.
    pub fn is_own(&self) -> bool {
        self.check == crate::check::OMNISIM
    }

    /// The signatures of all violations of a run.
    pub fn all(outcome: &Outcome) -> Vec<Self> {
        outcome.violations.iter().map(Self::of).collect()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.check)?;
        if let Some(place) = &self.place {
            write!(f, " at {place}")?;
        }
        if let Some(finding) = &self.finding {
            write!(f, " ({finding})")?;
        }
        Ok(())
    }
}
