//! What clients of a search ask.

use crate::observation::RequestId;

/// A client's command.
pub(super) struct Operation<C> {
    pub(super) id: RequestId,
    pub(super) command: C,
    /// Every command of the client below is over.
    pub(super) low_water: u64,
    /// When it was asked, in nanoseconds, if that was before the search began.
    pub(super) called: Option<u64>,
}

/// The shape of the clients' commands: all that the search itself knows of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) client: u64,
    pub(super) sequence: u64,
    /// The replica that is asked first.
    pub(super) at: u64,
    /// The command of the same client that comes before.
    pub(super) follows: Option<u8>,
    /// Whether its client waited for it when the search began.
    pub(super) is_open: bool,
}
