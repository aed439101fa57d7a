//! The `[model.from]` table: the state of a random run with which a search begins.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decision::DecisionTable;
use crate::units::Time;

/// A moment of a run of the same scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// The seed of the run.
    #[serde(with = "crate::units::seed_text")]
    #[schemars(with = "crate::units::seed_text::Written")]
    pub seed: u64,
    /// When it is halted.
    pub until: Time,
    /// Which of its decisions keep their seeded answer, and which are set by hand.
    #[serde(default)]
    pub decisions: DecisionTable,
}

impl Beginning {
    /// What is wrong with it, if anything.
    pub(super) fn problem(&self) -> Option<String> {
        let (place, message) = self.decisions.plan().err()?;
        let place: Vec<_> = ["decisions"].into_iter().chain(place).collect();
        Some(format!("{}: {message}", place.join(".")))
    }
}
