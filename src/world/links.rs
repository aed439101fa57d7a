//! Which links there are between which ends: pure, from how many replicas and clients there are.

use crate::network::{Endpoint, Endpoints};
use crate::observation::{ClientId, ReplicaId};

/// A link, from one end to the other.
pub(super) type Link = (Endpoint, Endpoint);

/// The replica that a client belongs to.
pub(super) fn home_of(client: ClientId, replicas: u64) -> ReplicaId {
    (client - 1) % replicas + 1
}

/// The ends of links between replicas, with the links of the clients that go with one of them.
pub(super) fn ends_of(
    endpoints: Endpoints,
    links: &[(ReplicaId, ReplicaId)],
    with_clients: bool,
) -> Vec<Link> {
    let mut ends = Vec::new();
    for &(from, to) in links {
        ends.push((endpoints.replica(from), endpoints.replica(to)));
        if with_clients {
            for client in clients(endpoints) {
                let home = home_of(client, endpoints.replicas.into());
                let end = endpoints.client(client);
                if home == from {
                    ends.push((end, endpoints.replica(to)));
                } else if home == to {
                    ends.push((endpoints.replica(from), end));
                }
            }
        }
    }
    ends
}

/// The links that are to be cut so that a replica reaches nobody, or only sends, or only hears.
pub(super) fn isolating(
    endpoints: Endpoints,
    replica: ReplicaId,
    only_sends: Option<bool>,
) -> Vec<Link> {
    let mut links = Vec::new();
    for peer in peers(endpoints, replica) {
        links.extend((only_sends != Some(true)).then_some((replica, peer)));
        links.extend((only_sends != Some(false)).then_some((peer, replica)));
    }
    ends_of(endpoints, &links, true)
}

/// Every link of a replica, to others and to all clients.
pub(super) fn all_of(endpoints: Endpoints, replica: ReplicaId) -> Vec<Link> {
    let mut ends = Vec::new();
    for peer in peers(endpoints, replica) {
        ends.extend(ends_of(
            endpoints,
            &[(replica, peer), (peer, replica)],
            false,
        ));
    }
    let replica = endpoints.replica(replica);
    for client in clients(endpoints) {
        let client = endpoints.client(client);
        ends.extend([(client, replica), (replica, client)]);
    }
    ends
}

fn clients(endpoints: Endpoints) -> impl Iterator<Item = ClientId> {
    1..=ClientId::from(endpoints.clients)
}

fn peers(endpoints: Endpoints, replica: ReplicaId) -> impl Iterator<Item = ReplicaId> {
    (1..=ReplicaId::from(endpoints.replicas)).filter(move |peer| *peer != replica)
}
