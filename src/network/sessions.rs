//! How sessions break and are made again.
//!
//! A pair either has a standing session, or waits for both ends to be up and
//! both directions to be open, and then for a handshake. Whatever gets in the
//! way makes the attempt void; the next one begins when the way is free again.

use simulated_clock::{Duration, Instant};

use super::endpoint::Endpoint;
use super::flight::Item;
use super::link::LinkScope;
use super::options::LinkContract;
use super::switchboard::{Network, arrival_of};
use super::{Agenda, NetworkEvent, Payload};
use crate::decision::Decisions;

impl<P: Payload> Network<P> {
    /// `at` has handled that a session with `peer` is up, and may send into it.
    pub fn told(&mut self, at: Endpoint, peer: Endpoint, session: u32) {
        let pair = &self.pairs[self.endpoints.pair(at, peer)];
        assert!(session <= pair.session, "there is no such session yet");
        let link = &mut self.links[self.endpoints.link(at, peer)];
        debug_assert!(self.up[usize::from(at.0)], "who is down hears nothing");
        link.told = link.told.max(session);
    }

    /// Breaks the session of two endpoints, if it stands. It is made again
    /// after a handshake. Contracts without sessions have nothing to break.
    /// Returns whether there was one to break.
    pub fn break_session(
        &mut self,
        now: Instant,
        a: Endpoint,
        b: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> bool {
        if self.contract != LinkContract::Session {
            return false;
        }
        let stood = self.end_session(now, a, b, decisions, agenda);
        self.begin_handshake(now, a, b, decisions, agenda);
        stood
    }

    /// Ends a session, if it stands: of each direction a drawn prefix is kept,
    /// and behind it those who are up hear of the loss. Returns whether it stood.
    pub(super) fn end_session(
        &mut self,
        now: Instant,
        a: Endpoint,
        b: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> bool {
        debug_assert_eq!(self.contract, LinkContract::Session);
        let pair = &mut self.pairs[self.endpoints.pair(a, b)];
        if !pair.is_standing {
            return false;
        }
        pair.is_standing = false;
        let session = pair.session;
        for (from, to) in [(a, b), (b, a)] {
            let index = self.endpoints.link(from, to);
            // A direction that is cut has chosen what it keeps when it was cut.
            if self.links[index].cuts == 0 {
                self.keep_prefix(index, decisions);
            }
            if self.up[usize::from(to.0)] {
                let flight = &mut self.links[index].flight;
                let (arrival, sequence) = flight.push_in_order(now, session, Item::Lost);
                agenda.at(arrival, arrival_of(index, sequence));
            }
        }
        debug_assert!(!self.pairs[self.endpoints.pair(a, b)].is_standing);
        true
    }

    /// Loses a drawn suffix of what the last session has in flight on a link.
    /// It is asked once per session and direction. Boring: nothing is lost.
    pub(super) fn keep_prefix(&mut self, index: usize, decisions: &mut Decisions) {
        let link = &mut self.links[index];
        let session = self.pairs[self.endpoints.pair(link.from, link.to)].session;
        let under_way = link.flight.messages_of(session);
        if under_way == 0 {
            return;
        }
        let scope = LinkScope {
            endpoints: self.endpoints,
            from: link.from,
            to: link.to,
            session,
        };
        let mut stream = decisions.stream("break", scope.to_string());
        let lost = decisions.below(&mut stream, under_way + 1);
        link.flight.drop_last(lost, session);
        self.counts.dropped += lost;
    }

    /// Lets two endpoints without a session make one, if nothing is in the way.
    pub(super) fn begin_handshake(
        &mut self,
        now: Instant,
        a: Endpoint,
        b: Endpoint,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) {
        debug_assert_eq!(self.contract, LinkContract::Session);
        let is_free = self.is_open(a, b) && self.is_open(b, a);
        let index = self.endpoints.pair(a, b);
        let pair = &mut self.pairs[index];
        if pair.is_standing || !is_free {
            return;
        }
        pair.attempt += 1;
        let endpoints = self.endpoints;
        let (low, high) = (endpoints.name(a.min(b)), endpoints.name(a.max(b)));
        let next = pair.session + 1;
        let stream = pair.handshake.get_or_insert_with(|| {
            Box::new(decisions.stream("handshake", format!("{low}-{high}.s{next}")))
        });
        let (min, max) = (self.handshake.min.as_nanos(), self.handshake.max.as_nanos());
        let time = decisions.between(stream, min, max);
        let event = NetworkEvent::Handshake {
            pair: index as u32,
            attempt: pair.attempt,
        };
        agenda.at(now + Duration::from_nanos(time), event);
    }

    /// Makes a handshake under way void.
    pub(super) fn end_handshake(&mut self, a: Endpoint, b: Endpoint) {
        let pair = &mut self.pairs[self.endpoints.pair(a, b)];
        pair.attempt += 1;
    }

    /// The session stands, and both ends will hear of it.
    pub(super) fn finish_handshake(
        &mut self,
        now: Instant,
        index: usize,
        attempt: u32,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) {
        let pair = &mut self.pairs[index];
        if pair.attempt != attempt {
            return;
        }
        assert!(!pair.is_standing, "there is one session at a time");
        pair.session += 1;
        pair.is_standing = true;
        pair.handshake = None;
        let session = pair.session;
        let (a, b) = self.endpoints.ends(index);
        for (from, to) in [(a, b), (b, a)] {
            debug_assert!(self.is_open(from, to), "a cut makes the handshake void");
            let index = self.endpoints.link(from, to);
            let link = &mut self.links[index];
            let scope = LinkScope {
                endpoints: self.endpoints,
                from,
                to,
                session,
            };
            let mut stream = decisions.stream("announce", scope.to_string());
            let distribution = &self.latencies[usize::from(link.latency)];
            let latency = Duration::from_nanos(decisions.sample(&mut stream, distribution));
            let (arrival, sequence) = link.flight.push_in_order(now + latency, session, Item::Up);
            agenda.at(arrival, arrival_of(index, sequence));
        }
    }
}
