//! What a repro file was made by.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a run was built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// The version of omnisim.
    pub omnisim: String,
    /// The version and source of OmniPaxos.
    pub omnipaxos: String,
    /// Whether assertions were on.
    pub assertions: bool,
}

impl Build {
    /// Of the program that runs.
    pub fn current() -> Self {
        Self {
            omnisim: env!("CARGO_PKG_VERSION").to_owned(),
            omnipaxos: env!("OMNISIM_OMNIPAXOS").to_owned(),
            assertions: cfg!(debug_assertions),
        }
    }

    /// What is tested by what, in words: a build that differs in it takes other steps.
    pub fn tested(&self) -> String {
        format!("omnisim {}, omnipaxos {}", self.omnisim, self.omnipaxos)
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let assertions = if self.assertions { "with" } else { "without" };
        write!(f, "{}, {assertions} assertions", self.tested())
    }
}
