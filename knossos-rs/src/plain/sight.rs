//! What one pass over a history finds.

/// What was found about a history.
pub(crate) enum Sight {
    /// All parts are consistent but these, ascending, which are left to others.
    Undecided(Vec<usize>),
    /// A part that is not, and operations of it, ascending, that are not by themselves; and of
    /// each part, whether it is known to be consistent.
    Violation(usize, Vec<usize>, Vec<bool>),
}
