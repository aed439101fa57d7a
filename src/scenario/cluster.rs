//! The tables that say what is under test: `[cluster]` and `[selftest]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::KeyError;

/// The system that is meant where a scenario names none.
const USUAL_SYSTEM: &str = "kv";
/// More would only be slow.
const MOST_REPLICAS: u64 = 32;

/// The `[cluster]` table: which system, and how many replicas of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// The name of the system under test.
    pub system: String,
    /// How many replicas there are: 2 to 32.
    pub replicas: u64,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            system: USUAL_SYSTEM.to_owned(),
            replicas: 3,
        }
    }
}

impl Cluster {
    /// The key that is wrong, if one is, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        let replicas = self.replicas;
        (!(2..=MOST_REPLICAS).contains(&replicas)).then(|| {
            let message = format!("{replicas} is not between 2 and {MOST_REPLICAS}");
            KeyError::new("replicas", message)
        })
    }
}

/// The `[selftest]` table: what proves that the checks can fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SelfTest {
    /// A bug that is planted in the system to prove that it is found. Such a run must fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planted: Option<String>,
}

impl SelfTest {
    /// Whether nothing is planted.
    pub fn is_empty(&self) -> bool {
        self.planted.is_none()
    }
}
