//! How often a check was evaluated: one that never was has proven nothing.

use serde::Serialize;

/// How often a check was evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluated {
    /// The check.
    pub name: &'static str,
    /// How often; `None` where it is not applicable: switched off, or without
    /// anything to compare.
    pub evaluated: Option<u64>,
    /// How often it would have been, up to its first violation, where it is switched off; `None`
    /// where it is on, and where there was nothing to evaluate: to switch it off changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switched_off: Option<u64>,
}

impl Evaluated {
    /// A check that was evaluated this often.
    pub const fn of(name: &'static str, evaluated: u64) -> Self {
        Self {
            name,
            evaluated: if evaluated == 0 {
                None
            } else {
                Some(evaluated)
            },
            switched_off: None,
        }
    }

    /// The same check of two logs together.
    pub(super) fn and(mut self, other: &Self) -> Self {
        let sum = |one: Option<u64>, other: Option<u64>| match (one, other) {
            (None, None) => None,
            (one, other) => Some(one.unwrap_or(0) + other.unwrap_or(0)),
        };
        self.evaluated = sum(self.evaluated, other.evaluated);
        self.switched_off = sum(self.switched_off, other.switched_off);
        self
    }

    /// The same check, switched off.
    #[must_use]
    pub const fn off(self) -> Self {
        Self {
            name: self.name,
            evaluated: None,
            switched_off: self.evaluated,
        }
    }
}
