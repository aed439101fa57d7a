//! Clients issue, wait, retry, give up, and hear answers.

use simulated_clock::{Duration, Instant};

use super::dispatch::what;
use super::event::Event;
use super::{Packet, Stage, World};
use crate::client::{Completed, Issued, LoopMode, OnTimeout, Phase, Record, Retry, Workload};
use crate::network::Endpoint;
use crate::observation::{ReplicaId, content_digest};
use crate::replica::Reply;
use crate::scenario::Occurrence;
use crate::system::{CommandOf, OutputOf, System};

impl<'s, S: System> World<'s, S> {
    /// The phase of the workload that holds at `now`.
    fn phase(&self, now: Instant) -> Option<&'s Phase> {
        let mut ends = Instant::ZERO;
        let phases = &self.scenario.workload.phases;
        phases.iter().find(|phase| {
            ends += phase.duration.0;
            now < ends
        })
    }

    /// Puts a client's next operation into the queue.
    pub(super) fn schedule_issue(&mut self, now: Instant, client: u16) {
        let Some(phase) = self.phase(now) else {
            return;
        };
        let workload = &self.scenario.workload;
        let (min, max) = match workload.mode {
            LoopMode::Open => {
                // Around the rate, so that clients do not issue in step.
                let gap = 1_000_000_000 / u64::from(phase.requests_per_sec);
                (gap / 2, gap + gap / 2)
            }
            LoopMode::Closed => (workload.think.min.as_nanos(), workload.think.max.as_nanos()),
        };
        let gap = self.clients[usize::from(client)].gap(&mut self.decisions, min, max);
        self.agenda
            .push(now + Duration::from_nanos(gap), Event::Issue { client });
    }

    /// A client issues its next operation.
    pub(super) fn issue_next(&mut self, now: Instant, client: u16) {
        if self.stage != Stage::Nemesis {
            return;
        }
        let Some(phase) = self.phase(now) else {
            return;
        };
        let state = &mut self.clients[usize::from(client)];
        let home = state.home;
        let command = state.choose(&mut self.decisions, phase.read_ratio);
        let is_issued = command.is_some();
        if let Some(command) = command {
            self.issue(now, client, command, home, None, false);
        }
        if self.scenario.workload.mode == LoopMode::Open || !is_issued {
            self.schedule_issue(now, client);
        }
    }

    /// Issues `command` to `target`.
    pub(super) fn issue(
        &mut self,
        now: Instant,
        client: u16,
        command: CommandOf<S>,
        target: ReplicaId,
        retry: Option<Retry>,
        probe: bool,
    ) {
        let record = self.history.len();
        let issued = self.clients[usize::from(client)].issue(record, target, retry);
        let digest = content_digest(&command);
        self.step(now, what::ISSUE, u32::from(client), digest, || {
            format!("client {} issues {command:?}", client + 1)
        });
        self.checks.invoked(issued.id, digest);
        self.history.push(Record {
            client: issued.id.client,
            sequence: issued.id.sequence,
            command,
            call: now,
            completion: None,
            probe,
            abandoned: false,
        });
        self.send_request(now, issued);
    }

    fn send_request(&mut self, now: Instant, issued: Issued) {
        let client = (issued.id.client - 1) as u16;
        let command = self.history[issued.record].command.clone();
        self.trace_request(now, &issued);
        self.availability.issued(now, issued.target);
        let waits_for_ever =
            self.history[issued.record].probe && !self.setup.profile.retries_are_safe;
        if !waits_for_ever {
            let event = Event::Timeout {
                client,
                sequence: issued.id.sequence,
                attempt: issued.attempt,
            };
            let timer = self
                .agenda
                .push(now + self.scenario.workload.timeout.0, event);
            self.clients[usize::from(client)].set_timer(issued.id, timer);
        }
        let from = self.endpoints.client(issued.id.client);
        let to = self.endpoints.replica(issued.target);
        let packet = Packet::Request(Box::new(issued.request(command)));
        self.send(now, from, to, packet);
    }

    /// An answer reaches a client.
    pub(super) fn reply_arrives(&mut self, now: Instant, to: Endpoint, reply: Reply<OutputOf<S>>) {
        let client = (self.endpoints.client_id(to) - 1) as u16;
        let state = &mut self.clients[usize::from(client)];
        let Some(completion) = state.complete(&reply) else {
            self.tally.late_replies += 1;
            return;
        };
        if let Some(timer) = completion.timer {
            self.agenda.cancel(timer);
        }
        let record = &mut self.history[completion.record];
        state.workload.completed(&record.command, &reply.output);
        self.tally.latencies.push(now.saturating_since(record.call));
        self.tally.completed += 1;
        if let Some(position) = reply.position {
            self.tally.acknowledged = self.tally.acknowledged.max(position.index());
        }
        record.completion = Some(Completed {
            at: now,
            output: reply.output,
            position: reply.position,
        });
        let probe = record.probe;
        if let Some(violation) = self.judges.completed(record) {
            self.violated(violation);
        }
        self.availability.completed(now, completion.target);
        self.operation_is_over(now, client, probe);
    }

    /// An attempt was not answered in time.
    pub(super) fn time_out(&mut self, now: Instant, client: u16, sequence: u64, attempt: u32) {
        let state = &mut self.clients[usize::from(client)];
        let target = state.target_of(sequence);
        let what_now = state.time_out(sequence, attempt);
        if let (Some(target), true) = (target, what_now != OnTimeout::Nothing) {
            self.step(now, what::TIMEOUT, u32::from(client), sequence, || {
                format!(
                    "client {} has waited long enough for {sequence}",
                    client + 1
                )
            });
            self.availability.given_up(now, target);
            self.go_on(now, client, what_now);
        }
    }

    /// A client hears that the session with a replica is lost.
    pub(super) fn client_lost_session(&mut self, now: Instant, at: Endpoint, replica: ReplicaId) {
        let client = (self.endpoints.client_id(at) - 1) as u16;
        for (what_now, timer) in self.clients[usize::from(client)].lose_session(replica) {
            if let Some(timer) = timer {
                self.agenda.cancel(timer);
            }
            self.availability.given_up(now, replica);
            self.go_on(now, client, what_now);
        }
    }

    fn go_on(&mut self, now: Instant, client: u16, what_now: OnTimeout) {
        match what_now {
            OnTimeout::Retry(issued) => {
                self.tally.count(Occurrence::Retry);
                self.send_request(now, issued);
            }
            OnTimeout::Abandon { record } => {
                self.tally.count(Occurrence::UnknownOutcome);
                self.history[record].abandoned = true;
                let probe = self.history[record].probe;
                self.operation_is_over(now, client, probe);
            }
            OnTimeout::Nothing => {}
        }
    }

    /// A closed-loop client goes on with its next operation.
    fn operation_is_over(&mut self, now: Instant, client: u16, probe: bool) {
        let closed = self.scenario.workload.mode == LoopMode::Closed;
        if closed && !probe && self.stage == Stage::Nemesis {
            self.schedule_issue(now, client);
        }
    }
}
