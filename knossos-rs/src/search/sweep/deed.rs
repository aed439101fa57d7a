//! Operations in the terms of the sweep.

/// A value that nobody reads any more.
pub(super) const NOBODYS: u32 = u32::MAX;

/// One operation, as far as the sweep has to know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    pub(crate) call: u64,
    /// `u64::MAX` if it never returned.
    pub(crate) ret: u64,
    /// The value read or written, as a number.
    pub(crate) value: u32,
    pub(crate) is_write: bool,
    /// It took effect; otherwise it may have.
    pub(crate) must: bool,
}
