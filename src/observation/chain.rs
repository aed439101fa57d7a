//! The chain digest of a log: D(0) is fixed, D(i) = H(D(i - 1), entry i). Two
//! logs with the same D at an index agree on everything up to it.

use crate::decision::hash::mix;

/// D(0), the chain digest of the empty log.
pub const EMPTY_LOG: u64 = 0x6f6d_6e69_7369_6d00;

/// A position in a log and the digest of everything up to it.
///
/// ```
/// use omnisim::observation::Chain;
/// let chain = Chain::default().with(7).with(8);
/// assert_eq!(chain.index, 2);
/// assert_ne!(chain.digest, Chain::default().with(8).with(7).digest);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Chain {
    /// The index of the last entry; 0 for the empty log.
    pub index: u64,
    /// D(index).
    pub digest: u64,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            index: 0,
            digest: EMPTY_LOG,
        }
    }
}

impl Chain {
    /// The chain with one more entry of the given content digest.
    #[must_use]
    #[inline]
    pub const fn with(self, entry: u64) -> Self {
        Self {
            index: self.index + 1,
            digest: mix(self.digest, entry),
        }
    }
}
