//! One operation as the deciders see it: by its index, and with what is known of its end.

/// An operation of the history, as far as it is known at the moment in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its index in the history.
    pub(crate) index: usize,
    /// When it returned; `None`: its outcome is unknown, even if the history has one.
    pub(crate) ret: Option<u64>,
}
