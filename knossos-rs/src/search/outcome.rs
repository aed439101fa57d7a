//! Where a run of the search, or of the sweep, ended.

use crate::report::Reason;

/// Where a run of the search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An order exists; [`Search::order`](super::Search::order) tells it.
    Consistent,
    /// No order exists.
    Violation,
    /// Neither is known yet; the search can go on.
    Paused,
    /// A limit was reached.
    RanOut(Reason),
}
