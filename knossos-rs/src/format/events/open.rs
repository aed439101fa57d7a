//! Operations that were invoked and have not ended.

use crate::format::datum::Datum;
use crate::text::Text;

/// An operation that has not ended.
pub(super) struct Open {
    /// Its place among the operations.
    pub(super) place: usize,
    pub(super) line: usize,
    /// The time that the file gives its invocation.
    pub(super) told: Option<u64>,
    pub(super) op: Text,
    pub(super) key: Option<Text>,
    pub(super) input: Datum,
}
