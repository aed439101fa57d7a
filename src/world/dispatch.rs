//! Takes one event from the queue to whom it concerns.

use simulated_clock::{Duration, Instant};

use super::event::Event;
use super::process::{Input, Peer};
use super::{Packet, World};
use crate::network::{Endpoint, Happening, NetworkEvent, Payload};
use crate::observation::{Step, content_digest};
use crate::replica::TimerId;
use crate::scenario::Occurrence;
use crate::system::System;

/// What a step is, in the digest.
pub(super) mod what {
    pub(crate) const MESSAGE: u8 = 1;
    pub(crate) const TIMER: u8 = 2;
    pub(crate) const SESSION_UP: u8 = 3;
    pub(crate) const SESSION_LOST: u8 = 4;
    pub(crate) const CRASH: u8 = 5;
    pub(crate) const START: u8 = 6;
    pub(crate) const FAULT: u8 = 7;
    pub(crate) const FAULT_END: u8 = 8;
    pub(crate) const ACTION: u8 = 9;
    pub(crate) const ISSUE: u8 = 10;
    pub(crate) const TIMEOUT: u8 = 11;
    pub(crate) const SETTLE: u8 = 12;
}

impl<S: System> World<'_, S> {
    /// One event happens.
    #[inline]
    pub(super) fn dispatch(&mut self, now: Instant, event: Event) {
        if self.until.is_some_and(|until| now > until) {
            self.cut_short = true;
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
                if self.processes[usize::from(process)].crashes == crashes {
                    self.restart(now, usize::from(process));
                }
            }
            Event::Issue { client } => self.issue_next(now, client),
            Event::Timeout {
                client,
                sequence,
                attempt,
            } => self.time_out(now, client, sequence, attempt),
            Event::Slot => self.random_slot(now),
            Event::Fault { index } => self.begin_scripted(now, usize::from(index)),
            Event::Strike { id } => self.strike(now, id),
            Event::FaultEnd { id } => self.end_fault(now, id),
            Event::Action { index } => self.scripted_action(now, usize::from(index)),
            Event::Settle => self.settle(now),
            Event::Probe { round } => self.probe(now, round),
            Event::End => self.stop(now),
        }
    }

    /// Folds one step into the digest; `describe` tells it to those who look.
    #[inline]
    pub(super) fn step(
        &mut self,
        at: Instant,
        what: u8,
        who: u32,
        content: u64,
        describe: impl FnOnce() -> String,
    ) {
        let step = Step {
            at,
            what,
            who,
            content,
        };
        self.digest.fold(step);
        self.watcher.see(step, describe);
    }

    #[inline]
    fn timer_fires(&mut self, now: Instant, process: u16, timer: TimerId) {
        let index = usize::from(process);
        self.processes[index].forget_timer(timer);
        let (who, content) = (u32::from(process), u64::from(timer.0));
        self.step(now, what::TIMER, who, content, || {
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
        let endpoints = self.endpoints;
        self.step(now, what::MESSAGE, who, content_digest(&packet), || {
            format!(
                "a {} of {} arrives at {}",
                Packet::<S::Replica>::kind_name(packet.kind()),
                endpoints.name(from),
                endpoints.name(to)
            )
        });
        self.trace_delivery(now, from, to, &packet);
        match packet {
            Packet::Peer(message) => {
                let from = self.endpoints.replica_id(from);
                let input = || Input::Message { from, message };
                self.arrive(now, usize::from(to.0), input);
            }
            Packet::Request(request) => {
                self.arrive(now, usize::from(to.0), || Input::Request(request));
            }
            Packet::Reply(reply) => self.reply_arrives(now, to, *reply),
        }
    }

    #[cold]
    fn session_up(&mut self, now: Instant, at: Endpoint, peer: Endpoint, session: u32) {
        let who = (u32::from(peer.0) << 16) | u32::from(at.0);
        let endpoints = self.endpoints;
        self.step(now, what::SESSION_UP, who, u64::from(session), || {
            format!(
                "{} hears of session {session} with {}",
                endpoints.name(at),
                endpoints.name(peer)
            )
        });
        if self.endpoints.is_replica(at) {
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
        let endpoints = self.endpoints;
        self.step(now, what::SESSION_LOST, who, 0, || {
            format!(
                "{} hears that its session with {} is lost",
                endpoints.name(at),
                endpoints.name(peer)
            )
        });
        if self.endpoints.is_replica(at) {
            let peer = self.peer(peer);
            self.arrive(now, usize::from(at.0), || Input::SessionLost { peer });
        } else {
            let replica = self.endpoints.replica_id(peer);
            self.client_lost_session(now, at, replica);
        }
    }

    fn peer(&self, endpoint: Endpoint) -> Peer {
        if self.endpoints.is_replica(endpoint) {
            Peer::Replica(self.endpoints.replica_id(endpoint))
        } else {
            Peer::Client(self.endpoints.client_id(endpoint))
        }
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
        let process = &self.processes[index];
        if process.is_ready() && process.inbox.is_empty() {
            self.handle(now, index, input(), Duration::ZERO);
        } else {
            self.wait(now, index, input());
        }
    }

    /// Something waits until a process is ready for it, if it will ever be.
    #[inline(never)]
    fn wait(&mut self, now: Instant, index: usize, input: Input<S::Replica>) {
        let process = &mut self.processes[index];
        if process.is_up() || process.dying.is_some() {
            process.delayed += u64::from(process.paused);
            process.inbox.push_back((now, input));
        }
    }

    /// A session that was lost is told to be up, from which moment the replica
    /// may send into it.
    pub(super) fn told(&mut self, index: usize, peer: Peer, session: u32) {
        let at = self.endpoints.replica(index as u64 + 1);
        let peer = match peer {
            Peer::Replica(peer) => self.endpoints.replica(peer),
            Peer::Client(client) => self.endpoints.client(client),
        };
        self.network.told(at, peer, session);
        self.tally.count(Occurrence::SessionRemade);
    }
}
