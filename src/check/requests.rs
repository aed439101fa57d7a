//! What has been learnt of each request: what was asked, and where it was executed first.

use super::per_request::PerRequest;
use crate::observation::{LogId, Replicated, RequestId};

/// How many bits of a place are its index.
const INDEX_BITS: u32 = 48;

/// What has been learnt of the requests of a run, whichever log has them. 16 bytes per request.
#[derive(Clone, Debug, Default, Hash)]
pub struct Requests {
    /// Where each was executed first.
    executed: PerRequest,
    executed_twice: bool,
    /// The digest of what clients asked.
    invoked: PerRequest,
}

/// A place in a log: the log in the upper bits.
const fn packed(log: LogId, index: u64) -> u64 {
    debug_assert!(index >> INDEX_BITS == 0 && log.0 <= u16::MAX as u32);
    (log.0 as u64) << INDEX_BITS | index
}

impl Requests {
    /// The place at which a request was executed first: the log, and the index in it.
    #[inline]
    pub fn executed_at(&self, request: RequestId) -> Option<(LogId, u64)> {
        let place = self.executed.get(request);
        let index = place & ((1 << INDEX_BITS) - 1);
        (place != 0).then_some((LogId((place >> INDEX_BITS) as u32), index))
    }

    /// The request that was executed first at an index of a log, if one is known. Looks at all of
    /// them: for those who say what is wrong.
    pub fn request_at(&self, log: LogId, index: u64) -> Option<RequestId> {
        let found = (index > 0).then(|| self.executed.find(packed(log, index)));
        found.flatten()
    }

    /// Whether some request was executed at two places.
    pub fn executed_twice(&self) -> bool {
        self.executed_twice
    }

    /// The digest of what a client asked, never 0, if it did ask.
    #[inline]
    pub fn invoked(&self, request: RequestId) -> Option<u64> {
        let digest = self.invoked.get(request);
        (digest != 0).then_some(digest)
    }

    /// A client asks.
    #[inline]
    pub(super) fn invoke(&mut self, request: RequestId, digest: u64) {
        *self.invoked.entry(request) = digest.max(1);
    }

    /// An entry was executed.
    #[inline]
    pub(super) fn execute<E: Replicated>(&mut self, log: LogId, index: u64, entry: &E) {
        let place = packed(log, index);
        let first = self.executed.entry(entry.request());
        self.executed_twice |= *first != 0 && *first != place;
        if *first == 0 {
            *first = place;
        }
    }
}
