//! Links, sessions, latency, loss and cuts.
//!
//! Endpoints are replicas and clients. Every two replicas, and every client and
//! replica, are a pair of directed *links*. What a link promises is
//! the scenario's [`LinkContract`]:
//!
//! - `session`: a pair has one numbered session at a time, and each direction
//!   of it is FIFO. A break keeps of each direction a drawn prefix of what is in
//!   flight. What an end hears over one link is a single line: the kept prefix,
//!   that the session is lost, that a new one is up, the messages of the new
//!   one. So announcements travel in the same queue as messages, and no order
//!   of events can make an end hear of a session too late.
//! - `lossy`: FIFO with silent loss. `datagram`: loss, duplicates, no order.
//!
//! The network holds the messages; the world owns the event queue. Through
//! [`Agenda`] the network asks to be woken, and [`Network::on_event`] says what
//! that moment brings. An event whose message is gone meanwhile brings nothing,
//! so nothing is ever cancelled.

mod endpoint;
mod faults;
mod flight;
mod link;
mod options;
mod pair;
mod sessions;
mod switchboard;
mod under_way;

pub use endpoint::{Endpoint, Endpoints};
pub use options::{LinkContract, NetworkOptions, RegionLatency, Regions};
pub use switchboard::Network;

use serde::{Deserialize, Serialize};
use simulated_clock::Instant;

/// What travels over links.
pub trait Payload: Clone {
    /// The kind of message, a small number: each kind draws from streams of its own.
    fn kind(&self) -> usize;

    /// The name of a kind, as it stands in the sites of decisions.
    fn kind_name(kind: usize) -> &'static str;
}

/// What the network wants to be woken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkEvent {
    /// Something arrives at the far end of a link.
    Arrival {
        /// The link.
        link: u32,
        /// The place in the link's queue.
        sequence: u64,
    },
    /// Two endpoints have shaken hands.
    Handshake {
        /// The pair.
        pair: u32,
        /// Which attempt of theirs; another one may have replaced it.
        attempt: u32,
    },
}

/// Where the network leaves what it wants to be woken for.
pub trait Agenda {
    /// Lets `event` come at `time`, after all that is already due then.
    fn at(&mut self, time: Instant, event: NetworkEvent);
}

/// What a network event brought.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening<P> {
    /// A message arrived.
    Delivered {
        /// Who sent it.
        from: Endpoint,
        /// Who receives it.
        to: Endpoint,
        /// The message.
        payload: P,
        /// The session it was sent in.
        session: u32,
    },
    /// An endpoint hears of a new session. When it has handled that, the world
    /// says so by [`Network::told`].
    SessionUp {
        /// Who hears of it.
        at: Endpoint,
        /// The other end.
        peer: Endpoint,
        /// The number of the session.
        session: u32,
    },
    /// An endpoint hears that the session with its peer is lost.
    SessionLost {
        /// Who hears of it.
        at: Endpoint,
        /// The other end.
        peer: Endpoint,
    },
    /// What was under way is gone, or held.
    Nothing,
}

/// How many messages there were. Every message sent or duplicated is
/// delivered, dropped, or still in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Handed to the network.
    pub sent: u64,
    /// Handed to their receiver, copies included.
    pub delivered: u64,
    /// Lost: between sessions, by a break, a crash, a cut, or injected loss.
    pub dropped: u64,
    /// Extra copies made.
    pub duplicated: u64,
}

#[cfg(test)]
mod tests;
