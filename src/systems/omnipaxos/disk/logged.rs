//! What the disk asks of the entries and snapshots that are logged.

use omnipaxos::storage::Entry;

use crate::observation::Chain;

/// A log entry that knows the digest of its content.
pub trait Logged: Entry {
    /// The digest of its content.
    fn digest(&self) -> u64;

    /// What a snapshot of such entries folds.
    fn folded(snapshot: &Self::Snapshot) -> Folded;
}

/// What a snapshot or checkpoint says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// How many entries it folds, and their chain digest.
    pub chain: Chain,
    /// The digest of its state, where it is a state.
    pub state: Option<u64>,
}
