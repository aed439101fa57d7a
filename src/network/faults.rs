//! What the nemesis does to the network: crashes, cuts and clogs.

use simulated_clock::{Duration, Instant};

use super::endpoint::Endpoint;
use super::flight::Item;
use super::link::Hold;
use super::options::LinkContract;
use super::switchboard::{Network, arrival_of};
use super::{Agenda, Payload};
use crate::decision::Decisions;

impl<P: Payload> Network<P> {
    /// A replica goes down: its sessions break, and what is in flight to it is
    /// lost, so that no later incarnation sees it.
    ///
    /// # Panics
    /// If it is a client, or down already.
    pub fn crash(
        &mut self,
        now: Instant,
        endpoint: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) {
        assert!(self.endpoints.is_replica(endpoint), "clients cannot crash");
        assert!(self.up[usize::from(endpoint.0)], "only who is up can crash");
        self.up[usize::from(endpoint.0)] = false;
        for peer in self.endpoints.peers(endpoint) {
            let incoming = self.endpoints.link(peer, endpoint);
            self.counts.dropped += self.links[incoming].flight.clear();
            if self.contract == LinkContract::Session {
                self.end_session(now, peer, endpoint, decisions, agenda);
                self.end_handshake(peer, endpoint);
            } else {
                // No session, but the incarnations give decisions their scope.
                self.pairs[self.endpoints.pair(peer, endpoint)].session += 1;
            }
        }
    }

    /// A replica is up again, and makes sessions with all whom it can reach.
    ///
    /// # Panics
    /// If it is up already.
    pub fn restart(
        &mut self,
        now: Instant,
        endpoint: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) {
        assert!(!self.up[usize::from(endpoint.0)], "only who is down starts");
        self.up[usize::from(endpoint.0)] = true;
        if self.contract == LinkContract::Session {
            for peer in self.endpoints.peers(endpoint) {
                self.begin_handshake(now, endpoint, peer, decisions, agenda);
            }
        }
    }

    /// One more fault cuts a link, in this direction alone. Under sessions the
    /// direction keeps a drawn prefix of what is in flight; when the other one
    /// is cut already, the session breaks. Returns whether it did.
    pub fn cut(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> bool {
        let index = self.endpoints.link(from, to);
        let reverse = self.endpoints.link(to, from);
        let dropped_before = self.counts.dropped;
        let mut breaks = false;
        if self.contract == LinkContract::Session && self.links[index].cuts == 0 {
            if self.links[reverse].cuts > 0 {
                breaks = self.end_session(now, from, to, decisions, agenda);
            } else if self.pairs[self.endpoints.pair(from, to)].is_standing {
                self.keep_prefix(index, decisions);
            } else {
                self.end_handshake(from, to);
            }
        }
        let link = &mut self.links[index];
        link.cuts += 1;
        link.lost_to_cuts += self.counts.dropped - dropped_before;
        debug_assert!(!self.is_open(from, to));
        breaks
    }

    /// One fault less cuts a link. When it was the last one, a session that
    /// went on in the other direction alone is broken, and made again. Returns
    /// whether one was.
    ///
    /// # Panics
    /// If it is not cut.
    pub fn heal(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> bool {
        let index = self.endpoints.link(from, to);
        assert!(self.links[index].cuts > 0, "only what is cut can heal");
        let heals = self.links[index].cuts == 1 && self.contract == LinkContract::Session;
        // Before it counts as open: what it keeps was chosen at the cut.
        let breaks = heals && self.end_session(now, from, to, decisions, agenda);
        self.links[index].cuts -= 1;
        if heals {
            self.begin_handshake(now, from, to, decisions, agenda);
        }
        breaks
    }

    /// The next message of this kind that enters the link takes so much longer;
    /// where the link keeps order, all behind it wait. Returns the number by which
    /// [`still_holds`](Self::still_holds) knows it.
    pub fn hold_next(&mut self, from: Endpoint, to: Endpoint, kind: usize, by: Duration) -> u32 {
        self.holds_begun += 1;
        let number = self.holds_begun;
        let index = self.endpoints.link(from, to);
        self.links[index].holds.push(Hold { number, kind, by });
        number
    }

    /// Whether a hold still waits for its message.
    pub fn still_holds(&self, from: Endpoint, to: Endpoint, number: u32) -> bool {
        let link = &self.links[self.endpoints.link(from, to)];
        link.holds.iter().any(|hold| hold.number == number)
    }

    /// How many messages a link has lost because it was cut.
    pub fn lost_to_cuts(&self, from: Endpoint, to: Endpoint) -> u64 {
        self.links[self.endpoints.link(from, to)].lost_to_cuts
    }

    /// How many messages had to wait on a link because it was clogged.
    pub fn held_by_clogs(&self, from: Endpoint, to: Endpoint) -> u64 {
        self.links[self.endpoints.link(from, to)].held_by_clogs
    }

    /// No message is held any more: what was held arrives now, and what waits
    /// behind it on a link that keeps order.
    pub fn release_held(&mut self, now: Instant, agenda: &mut impl Agenda) {
        for (index, link) in self.links.iter_mut().enumerate() {
            link.holds.clear();
            if link.held_until > now {
                link.held_until = now;
                for sequence in link.flight.hurry(now) {
                    agenda.at(now, arrival_of(index, sequence));
                }
            }
        }
    }

    /// Everything that is in flight on a link arrives once more at `again`, in
    /// the order in which it was sent. Only links that duplicate do that. Returns
    /// how many messages that were.
    pub fn repeat(
        &mut self,
        again: Instant,
        from: Endpoint,
        to: Endpoint,
        agenda: &mut impl Agenda,
    ) -> u64 {
        if self.contract != LinkContract::Datagram {
            return 0;
        }
        let index = self.endpoints.link(from, to);
        let session = self.pairs[self.endpoints.pair(from, to)].session;
        let flight = &mut self.links[index].flight;
        let copies: Vec<P> = flight.messages().cloned().collect();
        let count = copies.len() as u64;
        self.counts.duplicated += count;
        for copy in copies {
            let sequence = flight.push(again, session, Item::Message(copy));
            agenda.at(again, arrival_of(index, sequence));
        }
        count
    }

    /// One more fault clogs a link, in this direction alone: it holds what
    /// arrives, and loses nothing.
    pub fn clog(&mut self, from: Endpoint, to: Endpoint) {
        let index = self.endpoints.link(from, to);
        self.links[index].clogs += 1;
    }

    /// One fault less clogs a link. When it was the last one, all that it held
    /// arrives now, in order.
    ///
    /// # Panics
    /// If it is not clogged.
    pub fn unclog(&mut self, now: Instant, from: Endpoint, to: Endpoint, agenda: &mut impl Agenda) {
        let index = self.endpoints.link(from, to);
        let link = &mut self.links[index];
        assert!(link.clogs > 0, "only what is clogged is released");
        link.clogs -= 1;
        if link.clogs == 0 {
            for sequence in link.flight.due(now) {
                agenda.at(now, arrival_of(index, sequence));
            }
        }
    }
}
