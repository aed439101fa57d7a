//! The `[check]` table: what is demanded, and what is expected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::occurrence::Occurrence;
use crate::nemesis::SettleOptions;

/// What is demanded of a run, and what its author expects to come of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckOptions {
    /// What the clients' history must be.
    pub consistency: Consistency,
    /// Invariants that are not checked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// Whether and how the system has to work again after the faults.
    pub settle: SettleOptions,
    /// Whether runs pass.
    pub expect: Expectation,
    /// The checks of which each must fail in at least one seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub violates: Vec<String>,
    /// Other checks that may fail in some seeds, because what must fail shows in more than
    /// one way. All others must hold in every seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_violate: Vec<String>,
    /// How many seeds are run by default; an expected violation comes within them.
    pub seeds: u64,
    /// What must occur in at least one seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<Occurrence>,
    /// Known findings whose violations are shown but do not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
    /// The budget of the search for a linearization, in steps.
    pub search_steps: u64,
}

impl CheckOptions {
    /// Whether a check of this name is to fail in some seed, or may.
    pub fn expects(&self, check: &str) -> bool {
        let mut named = self.violates.iter().chain(&self.may_violate);
        named.any(|name| name == check)
    }
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            consistency: Consistency::Linearizable,
            without: Vec::new(),
            settle: SettleOptions::default(),
            expect: Expectation::Pass,
            violates: Vec::new(),
            may_violate: Vec::new(),
            seeds: 1,
            require: Vec::new(),
            known: Vec::new(),
            search_steps: 20_000_000,
        }
    }
}

/// What the clients' history must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// Linearizable.
    Linearizable,
    /// Nothing is demanded.
    None,
}

/// Whether the runs of a scenario pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// Every seed passes.
    Pass,
    /// The named checks fail.
    Violation,
}
