//! Who can send and receive, and how links and pairs are numbered.
//!
//! Replicas come first, then clients. Links between replicas are a square, then
//! come those from clients to replicas, then those from replicas to clients;
//! clients do not talk to each other. A pair has the number of the smaller of
//! its two links.

use std::fmt;

use crate::observation::{ClientId, ReplicaId};

/// One end of links: a replica or a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint(pub u16);

/// How many endpoints of each sort there are, which gives each its number.
///
/// ```
/// use omnisim::network::Endpoints;
/// let endpoints = Endpoints { replicas: 3, clients: 2 };
/// assert_eq!(endpoints.name(endpoints.replica(3)).to_string(), "r3");
/// assert_eq!(endpoints.name(endpoints.client(1)).to_string(), "c1");
/// assert_eq!(endpoints.client_id(endpoints.client(2)), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Replicas 1 to this.
    pub replicas: u16,
    /// Clients 1 to this.
    pub clients: u16,
}

impl Endpoints {
    /// The endpoint of a replica.
    ///
    /// # Panics
    /// If there is no such replica.
    #[inline]
    pub fn replica(self, id: ReplicaId) -> Endpoint {
        assert!(
            (1..=ReplicaId::from(self.replicas)).contains(&id),
            "there is no replica {id}"
        );
        Endpoint((id - 1) as u16)
    }

    /// The endpoint of a client.
    ///
    /// # Panics
    /// If there is no such client.
    #[inline]
    pub fn client(self, id: ClientId) -> Endpoint {
        assert!(
            (1..=ClientId::from(self.clients)).contains(&id),
            "there is no client {id}"
        );
        Endpoint(self.replicas + (id - 1) as u16)
    }

    /// Whether it is a replica, not a client.
    #[inline]
    pub const fn is_replica(self, endpoint: Endpoint) -> bool {
        endpoint.0 < self.replicas
    }

    /// The number of a replica, from 1 on.
    ///
    /// # Panics
    /// If it is a client.
    #[inline]
    pub fn replica_id(self, endpoint: Endpoint) -> ReplicaId {
        assert!(self.is_replica(endpoint), "a client is no replica");
        ReplicaId::from(endpoint.0) + 1
    }

    /// The number of a client, from 1 on.
    ///
    /// # Panics
    /// If it is a replica.
    #[inline]
    pub fn client_id(self, endpoint: Endpoint) -> ClientId {
        assert!(!self.is_replica(endpoint), "a replica is no client");
        ClientId::from(endpoint.0 - self.replicas) + 1
    }

    /// How many there are.
    pub const fn total(self) -> u16 {
        self.replicas + self.clients
    }

    /// All of them, replicas first.
    pub fn all(self) -> impl Iterator<Item = Endpoint> {
        (0..self.total()).map(Endpoint)
    }

    /// Those that have links with `endpoint`.
    pub fn peers(self, endpoint: Endpoint) -> impl Iterator<Item = Endpoint> {
        let count = if self.is_replica(endpoint) {
            self.total()
        } else {
            self.replicas
        };
        (0..count)
            .map(Endpoint)
            .filter(move |peer| *peer != endpoint)
    }

    /// How it is written: `r1` or `c1`.
    pub fn name(self, endpoint: Endpoint) -> impl fmt::Display + Copy {
        debug_assert!(endpoint.0 < self.total(), "there is no such endpoint");
        if self.is_replica(endpoint) {
            Name('r', endpoint.0 + 1)
        } else {
            Name('c', endpoint.0 - self.replicas + 1)
        }
    }

    /// How many numbers links have.
    pub(super) fn links(self) -> usize {
        self.pairs() + usize::from(self.clients) * usize::from(self.replicas)
    }

    /// How many numbers pairs have.
    pub(super) fn pairs(self) -> usize {
        usize::from(self.total()) * usize::from(self.replicas)
    }

    /// The number of the link `from` one `to` another.
    #[inline]
    pub(super) fn link(self, from: Endpoint, to: Endpoint) -> usize {
        debug_assert!(from != to, "no link leads back to where it starts");
        debug_assert!(
            self.is_replica(from) || self.is_replica(to),
            "clients do not talk to each other"
        );
        let row = usize::from(self.replicas);
        if self.is_replica(to) {
            // The rows of clients follow those of replicas.
            usize::from(from.0) * row + usize::from(to.0)
        } else {
            self.pairs() + usize::from(to.0 - self.replicas) * row + usize::from(from.0)
        }
    }

    /// The number of the pair of two endpoints, in either order.
    #[inline]
    pub(super) fn pair(self, a: Endpoint, b: Endpoint) -> usize {
        self.link(a, b).min(self.link(b, a))
    }

    /// Both ends of a link. A number on the diagonal of the square is no link,
    /// and gives the same end twice.
    pub(super) fn ends(self, link: usize) -> (Endpoint, Endpoint) {
        debug_assert!(link < self.links(), "there is no such link");
        let row = usize::from(self.replicas);
        let (position, swapped) = match link.checked_sub(self.pairs()) {
            Some(position) => (position + row * row, true),
            None => (link, false),
        };
        let (a, b) = ((position / row) as u16, (position % row) as u16);
        if swapped {
            (Endpoint(b), Endpoint(a))
        } else {
            (Endpoint(a), Endpoint(b))
        }
    }
}

#[derive(Clone, Copy)]
struct Name(char, u16);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_link_has_a_number_of_its_own_and_every_pair_that_of_its_smaller_link() {
        let endpoints = Endpoints {
            replicas: 3,
            clients: 4,
        };
        let mut seen = BTreeSet::new();
        for from in endpoints.all() {
            for to in endpoints.peers(from) {
                let link = endpoints.link(from, to);
                assert!(link < endpoints.links() && seen.insert(link));
                assert_eq!(endpoints.ends(link), (from, to));
                assert_eq!(endpoints.pair(from, to), endpoints.pair(to, from));
                assert!(endpoints.pair(from, to) < endpoints.pairs());
            }
        }
        assert_eq!(seen.len(), 3 * 2 + 2 * 3 * 4);
    }
}
