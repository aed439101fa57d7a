//! What reaches a replica: at once, or when it is ready for it.

use simulated_clock::Duration;

use crate::nemesis::FaultSource;
use crate::observation::{ClientId, ReplicaId};
use crate::replica::{Event, Replica, Request, TimerId};

/// What waits for a replica.
pub(super) enum Input<R: Replica> {
    Message {
        from: ReplicaId,
        message: R::Message,
    },
    Request(Box<Request<R::Command>>),
    Timer(TimerId),
    SessionUp {
        peer: Peer,
        session: u32,
    },
    SessionLost {
        peer: Peer,
    },
    Operator {
        action: R::Action,
        source: FaultSource,
    },
    Stop,
}

/// The other end of a replica's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    Replica(ReplicaId),
    /// The world keeps clients' sessions; a replica does not hear of them.
    Client(ClientId),
}

impl<R: Replica> Input<R> {
    /// Whether more have to know of it than the replica: sessions, and what operators do.
    #[inline]
    pub(super) fn is_noted(&self) -> bool {
        matches!(
            self,
            Self::SessionUp { .. } | Self::SessionLost { .. } | Self::Operator { .. }
        )
    }

    /// Whether the replica is told of it: of clients' sessions it is not.
    #[inline]
    pub(super) fn is_heard(&self) -> bool {
        !matches!(
            self,
            Self::SessionUp {
                peer: Peer::Client(_),
                ..
            } | Self::SessionLost {
                peer: Peer::Client(_)
            }
        )
    }

    /// The event as the replica sees it.
    ///
    /// # Panics
    /// If it is not [heard](Self::is_heard).
    #[inline]
    pub(super) fn into_event(self, late: Duration) -> Event<R> {
        match self {
            Self::Message { from, message } => Event::Message { from, message },
            Self::Request(request) => Event::Request(*request),
            Self::Timer(timer) => Event::Timer { timer, late },
            Self::SessionUp {
                peer: Peer::Replica(peer),
                ..
            } => Event::SessionUp(peer),
            Self::SessionLost {
                peer: Peer::Replica(peer),
            } => Event::SessionLost(peer),
            Self::SessionUp { .. } | Self::SessionLost { .. } => {
                unreachable!("a replica does not hear of clients' sessions")
            }
            Self::Operator { action, .. } => Event::Operator(action),
            Self::Stop => Event::Stop,
        }
    }
}
