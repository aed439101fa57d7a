//! The `[model.from]` table: the state of a random run with which a search begins.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Does, Identity, ModelClient, ModelOptions};
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

impl ModelOptions {
    /// Bounds for a search that goes on from a run whose scenario has none: a new client
    /// writes, another reads at another replica, and somebody attempts to lead.
    pub fn going_on(beginning: Beginning) -> Self {
        let client = |at, does| ModelClient {
            at,
            does: vec![does],
        };
        Self {
            clients: vec![client(1, Does::Write), client(2, Does::Read)],
            attempts: 1,
            ..Self::default()
        }
        .begun_with(beginning)
    }

    /// The same bounds, for a search that goes on from a run. What is expected of a search
    /// from the first start says nothing of it.
    #[must_use]
    pub fn begun_with(self, beginning: Beginning) -> Self {
        Self {
            identity: Identity::History,
            violates: Vec::new(),
            from: Some(beginning),
            ..self
        }
    }

    /// How states are recognised: nobody knows what led to where a run was halted, so
    /// that after it only what replicas went through tells them apart.
    pub fn recognised_by(&self) -> Identity {
        match self.from {
            Some(_) => Identity::History,
            None => self.identity,
        }
    }
}
