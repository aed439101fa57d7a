//! What travels over links: messages of peers, requests and replies.

use serde::Serialize;

use crate::network::Payload;
use crate::replica::{Message, Replica, Reply, Request};

/// One thing on a link.
#[derive(Serialize)]
#[serde(bound = "")]
pub(super) enum Packet<R: Replica> {
    /// Between replicas.
    Peer(R::Message),
    /// From a client. Boxed, like replies: most packets are not, and small.
    Request(Box<Request<R::Command>>),
    /// To a client.
    Reply(Box<Reply<R::Output>>),
}

impl<R: Replica> Packet<R> {
    /// Whether it is sent all the time, whatever happens.
    pub(super) fn is_routine(&self) -> bool {
        matches!(self, Self::Peer(message) if message.is_routine())
    }

    /// The kind of the packets that carry messages of this name.
    pub(super) fn peer_kind(message: &str) -> Option<usize> {
        let place = R::Message::KINDS.iter().position(|kind| *kind == message)?;
        Some(2 + place)
    }
}

impl<R: Replica> Clone for Packet<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Peer(message) => Self::Peer(message.clone()),
            Self::Request(request) => Self::Request(request.clone()),
            Self::Reply(reply) => Self::Reply(reply.clone()),
        }
    }
}

impl<R: Replica> Payload for Packet<R> {
    fn kind(&self) -> usize {
        match self {
            Self::Request(_) => 0,
            Self::Reply(_) => 1,
            Self::Peer(message) => 2 + message.kind(),
        }
    }

    fn kind_name(kind: usize) -> &'static str {
        match kind {
            0 => "Request",
            1 => "Reply",
            peer => R::Message::KINDS[peer - 2],
        }
    }
}
