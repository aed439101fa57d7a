//! An operation that is about to be invoked.

use crate::client::Retry;
use crate::observation::ReplicaId;

/// An operation that a client is about to invoke.
pub(in crate::world) struct Invocation<C> {
    pub(super) client: u16,
    pub(super) command: C,
    pub(super) target: ReplicaId,
    /// How it is retried, if not as the client's others.
    pub(super) retry: Option<Retry>,
    pub(super) is_probe: bool,
}
