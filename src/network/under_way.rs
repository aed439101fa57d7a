//! What is under way, for who looks at a network from outside.

use super::Payload;
use super::endpoint::Endpoint;
use super::switchboard::Network;

impl<P: Payload> Network<P> {
    /// Every message under way, with who sent it to whom.
    pub fn under_way(&self) -> impl Iterator<Item = (Endpoint, Endpoint, &P)> {
        self.links.iter().flat_map(|link| {
            let messages = link.flight.messages();
            messages.map(move |message| (link.from, link.to, message))
        })
    }

    /// The names of all kinds of message between replicas that are under way.
    pub fn kinds_under_way(&self) -> impl Iterator<Item = &'static str> + use<P> {
        let is_peer = |end| self.endpoints.is_replica(end);
        let kinds: std::collections::BTreeSet<_> = self
            .under_way()
            .filter(|(from, to, _)| is_peer(*from) && is_peer(*to))
            .map(|(_, _, message)| message.kind())
            .collect();
        kinds.into_iter().map(P::kind_name)
    }

    /// What `to` will hear over the link from `from`, in the order in which it was sent:
    /// messages, and nothing for the news of a new session.
    pub fn heard_next(&self, from: Endpoint, to: Endpoint) -> impl Iterator<Item = Option<&P>> {
        self.links[self.endpoints.link(from, to)]
            .flight
            .heard_next()
    }

    /// Whether a link is cut in this direction.
    pub fn is_cut(&self, from: Endpoint, to: Endpoint) -> bool {
        self.links[self.endpoints.link(from, to)].cuts > 0
    }

    /// Whether two have a session, however late they hear of it.
    pub fn has_session(&self, a: Endpoint, b: Endpoint) -> bool {
        self.pairs[self.endpoints.pair(a, b)].is_standing
    }
}
