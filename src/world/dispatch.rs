//! Takes one event from the queue to whom it concerns.

use simulated_clock::{Duration, Instant};

use super::World;
use super::event::Event;
use super::input::{Input, Peer};
use super::packet::Packet;
use super::what;
use crate::network::{Endpoint, Happening, NetworkEvent, Payload};
use crate::observation::content_digest;
use crate::replica::TimerId;
use crate::scenario::Occurrence;
use crate::system::System;

impl<S: System> World<'_, S> {
    /// One event happens.
    #[inline]
    pub(super) fn dispatch(&mut self, now: Instant, event: Event) {
        if !self.course.comes_to(now) {
            return;
        }
        // Most events are these two; what they need stays close together.
        match event {
            Event::Arrival { link, sequence } => {
                self.network_event(now, NetworkEvent::Arrival { link, sequence });
            }
            Event::Timer { process, timer } => self.timer_fires(now, process, timer),
            rare => self.dispatch_rare(now, rare),
        }
    }

    #[inline(never)]
    fn dispatch_rare(&mut self, now: Instant, event: Event) {
        match event {
            Event::Arrival { .. } | Event::Timer { .. } => unreachable!("these are frequent"),
            Event::Handshake { pair, attempt } => {
                self.network_event(now, NetworkEvent::Handshake { pair, attempt });
            }
            Event::Ready { process, handlers } => self.ready(now, usize::from(process), handlers),
            Event::Leave {
                process,
                incarnation,
            } => self.leave(now, usize::from(process), incarnation),
            Event::Restart { process, crashes } => {
                if self.cluster[usize::from(process)].crashes() == crashes {
                    self.restart(now, usize::from(process));
                }
            }
            Event::Issue { client } => self.issue_next(now, client),
            Event::Timeout {
                client,
                sequence,
                attempt,
            } => self.time_out(now, (client, sequence, attempt)),
            Event::Slot => self.random_slot(now),
            Event::Fault { index } => self.scripted_fault(now, index),
            Event::Strike { id } => self.targeted_fault(now, id),
            Event::FaultEnd { id } => self.end_fault(now, id),
            Event::Action { index } => self.scripted_action(now, index),
            Event::Settle => self.settle(now),
            Event::Probe { round } => self.probe(now, round),
            Event::End => self.stop(now),
        }
    }

    #[inline]
    fn timer_fires(&mut self, now: Instant, process: u16, timer: TimerId) {
        let index = usize::from(process);
        self.cluster.timer_fires(index, timer);
        let (who, content) = (u32::from(process), u64::from(timer.0));
        self.watch.step(now, what::TIMER, who, content, || {
            format!("timer {} fires at replica {}", timer.0, process + 1)
        });
        self.arrive(now, index, || Input::Timer(timer));
    }

    #[inline]
    fn network_event(&mut self, now: Instant, event: NetworkEvent) {
        let happening = self
            .network
            .on_event(now, event, &mut self.decisions, &mut self.agenda);
        match happening {
            Happening::Delivered {
                from, to, payload, ..
            } => self.deliver(now, from, to, payload),
            Happening::SessionUp { at, peer, session } => self.session_up(now, at, peer, session),
            Happening::SessionLost { at, peer } => self.session_lost(now, at, peer),
            Happening::Nothing => {}
        }
    }

    #[inline]
    fn deliver(&mut self, now: Instant, from: Endpoint, to: Endpoint, packet: Packet<S::Replica>) {
        let who = (u32::from(from.0) << 16) | u32::from(to.0);
        let endpoints = self.network.endpoints();
        self.watch
            .step(now, what::MESSAGE, who, content_digest(&packet), || {
                format!(
                    "a {} of {} arrives at {}",
                    Packet::<S::Replica>::kind_name(packet.kind()),
                    endpoints.name(from),
                    endpoints.name(to)
                )
            });
        self.watch.trace_delivery(now, from, to, &packet);
        match packet {
            Packet::Peer(message) => {
                let from = endpoints.replica_id(from);
                let input = || Input::Message { from, message };
                self.arrive(now, usize::from(to.0), input);
            }
            Packet::Request(request) => {
                self.arrive(now, usize::from(to.0), || Input::Request(request));
            }
            Packet::Reply(reply) => {
                let client = self.client(to);
                let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
                let watch = &mut self.watch;
                self.load
                    .answer(now, client, *reply, decisions, agenda, watch);
            }
        }
    }

    #[cold]
    fn session_up(&mut self, now: Instant, at: Endpoint, peer: Endpoint, session: u32) {
        let who = (u32::from(peer.0) << 16) | u32::from(at.0);
        let endpoints = self.network.endpoints();
        self.watch
            .step(now, what::SESSION_UP, who, u64::from(session), || {
                format!(
                    "{} hears of session {session} with {}",
                    endpoints.name(at),
                    endpoints.name(peer)
                )
            });
        if endpoints.is_replica(at) {
            let peer = self.peer(peer);
            let input = || Input::SessionUp { peer, session };
            self.arrive(now, usize::from(at.0), input);
        } else {
            self.network.told(at, peer, session);
        }
    }

    #[cold]
    fn session_lost(&mut self, now: Instant, at: Endpoint, peer: Endpoint) {
        let who = (u32::from(peer.0) << 16) | u32::from(at.0);
        let endpoints = self.network.endpoints();
        self.watch.step(now, what::SESSION_LOST, who, 0, || {
            format!(
                "{} hears that its session with {} is lost",
                endpoints.name(at),
                endpoints.name(peer)
            )
        });
        if endpoints.is_replica(at) {
            let peer = self.peer(peer);
            self.arrive(now, usize::from(at.0), || Input::SessionLost { peer });
        } else {
            self.client_lost_session(now, self.client(at), endpoints.replica_id(peer));
        }
    }

    fn peer(&self, endpoint: Endpoint) -> Peer {
        let endpoints = self.network.endpoints();
        if endpoints.is_replica(endpoint) {
            Peer::Replica(endpoints.replica_id(endpoint))
        } else {
            Peer::Client(endpoints.client_id(endpoint))
        }
    }

    /// The place of the client at this end.
    fn client(&self, endpoint: Endpoint) -> u16 {
        (self.network.endpoints().client_id(endpoint) - 1) as u16
    }

    /// Something reaches a process: at once, or when it is ready for it. It is made
    /// where it is taken, not to be copied on the way there.
    #[inline(always)]
    pub(super) fn arrive(
        &mut self,
        now: Instant,
        index: usize,
        input: impl FnOnce() -> Input<S::Replica>,
    ) {
        if self.cluster[index].is_idle() {
            self.handle(now, index, input(), Duration::ZERO);
        } else {
            self.cluster.wait(now, index, input());
        }
    }

    /// A session that was lost is told to be up, from which moment the replica
    /// may send into it.
    pub(super) fn told(&mut self, index: usize, peer: Peer, session: u32) {
        let endpoints = self.network.endpoints();
        let at = endpoints.replica(index as u64 + 1);
        let peer = match peer {
            Peer::Replica(peer) => endpoints.replica(peer),
            Peer::Client(client) => endpoints.client(client),
        };
        self.network.told(at, peer, session);
        self.watch.count(Occurrence::SessionRemade);
    }
}
