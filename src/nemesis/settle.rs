//! The settle phase: everything is mended, and the system has to work again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Time;

/// The `[check.settle]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettleOptions {
    /// What is mended.
    pub mode: SettleMode,
    /// How long the system has; by default 20 times the sum of election, resend
    /// and flush timeouts and the longest delay, or more where it may take longer:
    /// where clients wait longer before they ask again, messages are long not taken, or
    /// clocks are slow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<Time>,
}

/// What is mended when the system settles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SettleMode {
    /// Everything.
    #[default]
    Full,
    /// A random prepare-quorum; the rest stays down or cut off.
    Core,
}
