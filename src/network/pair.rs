//! What is known of the session between two endpoints.

use crate::decision::Stream;

/// The session between two endpoints.
#[derive(Debug)]
pub(super) struct Pair {
    /// The number of the standing session, or of the last one.
    pub(super) session: u32,
    pub(super) is_standing: bool,
    /// Counts handshakes begun and made void.
    pub(super) attempt: u32,
    /// How long handshakes for the next session take. Boxed: pairs are looked at for every
    /// message, and few ever make a session anew.
    pub(super) handshake: Option<Box<Stream>>,
}

impl Pair {
    pub(super) const fn new() -> Self {
        Self {
            session: 1,
            is_standing: true,
            attempt: 0,
            handshake: None,
        }
    }
}
