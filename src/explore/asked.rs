//! What a client asked, as far as its history goes.

use super::step::OutputId;

/// A command that was asked, as far as its history goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Asked {
    /// Which command.
    pub(super) operation: u8,
    /// The commands that had been answered before, one bit each.
    pub(super) after: u16,
    /// The answer.
    pub(super) output: Option<OutputId>,
}
