//! The `[check]` table: what is demanded, and what is expected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::demanded::Demanded;
use super::occurrence::Occurrence;
use crate::check::LINEARIZABILITY;
use crate::nemesis::SettleOptions;

/// What is demanded of a run, and what its author expects to come of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckOptions {
    /// What the clients' history must be: levels of consistency, each a check of its own.
    pub consistency: Demanded,
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
    /// The budget of the search for a linearization, in steps; by default so many that judging
    /// a run takes no longer than making it ([`CheckOptions::search_steps_of`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_steps: Option<u64>,
}

/// What a search may cost unless the scenario says otherwise, in steps: in any case, and for each
/// event of the run.
const SEARCH_STEPS_BASE: u64 = 100_000;
const SEARCH_STEPS_PER_EVENT: u64 = 2;

impl CheckOptions {
    /// How many steps the search for a linearization may take in a run of so many events.
    ///
    /// It depends on the run alone, so the verdict of a scenario and a seed does, too.
    pub fn search_steps_of(&self, events: u64) -> u64 {
        let by_default = events.saturating_mul(SEARCH_STEPS_PER_EVENT);
        let by_default = by_default.saturating_add(SEARCH_STEPS_BASE);
        self.search_steps.unwrap_or(by_default)
    }

    /// Whether the history has to be linearizable.
    pub fn demands_linearizability(&self) -> bool {
        let is_left_out = self.without.iter().any(|name| name == LINEARIZABILITY);
        let mut levels = self.consistency.levels().iter();
        !is_left_out && levels.any(|level| level.check() == LINEARIZABILITY)
    }

    /// Whether a check of this name is to fail in some seed, or may.
    pub fn expects(&self, check: &str) -> bool {
        let mut named = self.violates.iter().chain(&self.may_violate);
        named.any(|name| name == check)
    }
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            consistency: Demanded::default(),
            without: Vec::new(),
            settle: SettleOptions::default(),
            expect: Expectation::Pass,
            violates: Vec::new(),
            may_violate: Vec::new(),
            seeds: 1,
            require: Vec::new(),
            known: Vec::new(),
            search_steps: None,
        }
    }
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
