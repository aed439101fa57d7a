//! Clients issue, wait, retry, give up: whatever of it sends something.

use simulated_clock::Instant;

use super::World;
use super::load::Invocation;
use super::packet::Packet;
use crate::client::{Issued, OnTimeout};
use crate::observation::ReplicaId;
use crate::scenario::Occurrence;
use crate::system::{CommandOf, System};

impl<S: System> World<'_, S> {
    /// A client issues its next operation.
    pub(super) fn issue_next(&mut self, now: Instant, client: u16) {
        let (decisions, load) = (&mut self.decisions, &mut self.load);
        let invocation = load.choose(now, client, decisions);
        let waits = invocation.is_some() && load.is_closed_loop();
        if let Some(invocation) = invocation {
            self.issue(now, invocation);
        }
        if !waits {
            self.load
                .schedule(now, client, &mut self.decisions, &mut self.agenda);
        }
    }

    pub(super) fn issue(&mut self, now: Instant, invocation: Invocation<CommandOf<S>>) {
        let issued = self.load.invoke(now, invocation, &mut self.watch);
        self.send_request(now, issued);
    }

    fn send_request(&mut self, now: Instant, issued: Issued) {
        let (agenda, watch) = (&mut self.agenda, &mut self.watch);
        let request = self.load.request(now, &issued, agenda, watch);
        let endpoints = self.network.endpoints();
        let from = endpoints.client(issued.id.client);
        let to = endpoints.replica(issued.target);
        self.send(now, from, to, Packet::Request(Box::new(request)));
    }

    /// An attempt, of a client with these numbers, was perhaps not answered in time.
    pub(super) fn time_out(&mut self, now: Instant, attempt: (u16, u64, u32)) {
        let what_now = self.load.time_out(now, attempt, &mut self.watch);
        self.go_on(now, attempt.0, what_now);
    }

    /// A client hears that the session with a replica is lost.
    pub(super) fn client_lost_session(&mut self, now: Instant, client: u16, replica: ReplicaId) {
        for what_now in self.load.lose_session(client, replica, &mut self.agenda) {
            self.load.given_up(now, replica);
            self.go_on(now, client, what_now);
        }
    }

    fn go_on(&mut self, now: Instant, client: u16, what_now: OnTimeout) {
        match what_now {
            OnTimeout::Retry(issued) => {
                self.watch.count(Occurrence::Retry);
                self.send_request(now, issued);
            }
            OnTimeout::Abandon { record } => {
                self.watch.count(Occurrence::UnknownOutcome);
                let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
                self.load
                    .abandon(now, (client, record), decisions, agenda, &self.watch);
            }
            OnTimeout::Nothing => {}
        }
    }
}
