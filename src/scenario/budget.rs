//! The `[budget]` table: what one run may spend.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::KeyError;

/// The `[budget]` table: what is not given is derived from the size of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetOptions {
    /// The most events of one run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<u64>,
    /// The most messages under way at the same time, those that wait for a busy replica included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under_way: Option<u64>,
    /// The most memory of what a run holds (messages, history, logs), in MiB; an estimate by
    /// counts, not what the process uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u64>,
}

impl BudgetOptions {
    /// These options where they say something, else those of `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            events: self.events.or(other.events),
            under_way: self.under_way.or(other.under_way),
            memory_mib: self.memory_mib.or(other.memory_mib),
        }
    }

    /// Whether everything is derived.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The key that is wrong, if one is, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        let given = [
            ("events", self.events),
            ("under_way", self.under_way),
            ("memory_mib", self.memory_mib),
        ];
        let none = given.into_iter().find(|(_, most)| *most == Some(0))?;
        Some(KeyError::new(
            none.0,
            "no run can do with none: write at least 1",
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::Scenario;

    #[test]
    fn a_budget_of_none_is_refused_with_its_key() {
        let error = Scenario::parse("none", "budget.under_way = 0").expect_err("nothing can run");
        assert!(error.to_string().contains("budget.under_way"), "{error}");
    }
}
