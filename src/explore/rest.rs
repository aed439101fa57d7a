//! Replicas at rest, and what comes of them.

use super::broken::Broken;
use super::decided::Decided;
use super::step::{LocalId, Reached};

/// Replicas at rest, and what they owe to others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rest {
    pub(super) locals: Vec<LocalId>,
    /// All that was ever decided.
    pub(super) agreed: Decided,
    /// The commands whose clients go on asking: which, and how often it was asked.
    pub(super) open: Vec<(u8, u8)>,
}

/// The result of letting replicas at rest settle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Settled {
    /// What is broken.
    pub(super) broken: Option<Broken>,
    pub(super) reached: Reached,
}

impl Settled {
    /// Nothing but what is broken is known of it.
    pub(super) fn broken(broken: Broken) -> Self {
        Self {
            broken: Some(broken),
            ..Self::default()
        }
    }
}
