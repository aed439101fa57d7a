//! The clients, what they asked, and how long they waited for answers.
//!
//! Which operation comes when, what becomes of it, and what an answer means is settled here;
//! sending is the world's.

mod availability;
mod choosing;
mod invocation;

pub(super) use invocation::Invocation;

use simulated_clock::{Duration, Instant};

use super::event::{Event, Queue};
use super::links::home_of;
use super::outcome::{Latencies, Operations};
use super::watch::Watch;
use super::what;
use crate::client::{
    Client, Completed, History, Issued, LoopMode, OnTimeout, Record, Workload, WorkloadOptions,
};
use crate::decision::Decisions;
use crate::observation::{ReplicaId, RequestId, content_digest};
use crate::replica::{Reply, Request};
use crate::scenario::Scenario;
use crate::system::{CommandOf, OutputOf, Profile, System};

use availability::Availability;

/// The most operations for which there is room from the beginning.
const HISTORY_MAX: u64 = 1 << 16;

/// The clients of a run, and what they did.
pub(super) struct Load<'a, S: System> {
    options: &'a WorkloadOptions,
    /// Whether the system executes a command once, however often it is asked for.
    retries_are_safe: bool,
    clients: Vec<Client<S::Workload>>,
    history: History<CommandOf<S>, OutputOf<S>>,
    /// Whether the whole history is wanted, whatever is judged.
    keeps_history: bool,
    availability: Availability,
    /// How long completed operations took.
    latencies: Vec<Duration>,
    /// The highest log index from which a client was answered.
    acknowledged: u64,
}

/// What is left of the clients when the run is over.
pub(super) struct Loaded {
    pub(super) operations: Operations,
    pub(super) latencies: Latencies,
    /// The longest time in which nothing completed although it could.
    pub(super) unavailability: Duration,
}

/// How many operations there may be: what clients issue, and what settle adds.
fn operations(options: &WorkloadOptions) -> usize {
    let issued = options.operations().min(HISTORY_MAX);
    (issued + issued / 8 + 256) as usize
}

impl<'a, S: System> Load<'a, S> {
    pub(super) fn new(scenario: &'a Scenario, profile: &Profile, keeps_history: bool) -> Self {
        let (options, replicas) = (&scenario.workload, scenario.cluster.replicas);
        let client = |client| {
            let workload = S::Workload::new(client, options);
            let home = home_of(client, replicas);
            Client::new(client, home, workload, options.retry, replicas)
        };
        Self {
            options,
            retries_are_safe: profile.retries_are_safe,
            clients: (1..=options.clients).map(client).collect(),
            history: History::with_capacity(operations(options)),
            keeps_history,
            availability: Availability::new(replicas),
            latencies: Vec::new(),
            acknowledged: 0,
        }
    }

    /// The clients, each by its place.
    pub(super) fn clients(&self) -> std::ops::Range<u16> {
        0..self.clients.len() as u16
    }

    fn client(&mut self, client: u16) -> &mut Client<S::Workload> {
        &mut self.clients[usize::from(client)]
    }

    /// Whether clients wait for each answer before they go on.
    pub(super) fn is_closed_loop(&self) -> bool {
        self.options.mode == LoopMode::Closed
    }

    /// A client invokes an operation, which is to be [requested](Self::request).
    pub(super) fn invoke(
        &mut self,
        now: Instant,
        invocation: Invocation<CommandOf<S>>,
        watch: &mut Watch<S>,
    ) -> Issued {
        let Invocation {
            client,
            command,
            target,
            retry,
            is_probe,
        } = invocation;
        let record = self.history.len();
        let issued = self.client(client).issue(record, target, retry);
        let digest = content_digest(&command);
        watch.step(now, what::ISSUE, u32::from(client), digest, || {
            format!("client {} issues {command:?}", client + 1)
        });
        watch.invoked(issued.id, digest);
        self.history.push(Record {
            client: issued.id.client,
            sequence: issued.id.sequence,
            command,
            call: now,
            completion: None,
            probe: is_probe,
            abandoned: false,
        });
        issued
    }

    /// An attempt begins: what is to be sent for it.
    pub(super) fn request(
        &mut self,
        now: Instant,
        issued: &Issued,
        agenda: &mut Queue,
        watch: &mut Watch<S>,
    ) -> Request<CommandOf<S>> {
        let record = &self.history[issued.record];
        let command = record.command.clone();
        watch.trace_request(now, issued, &command);
        self.availability.issued(now, issued.target);
        let waits_for_ever = record.probe && !self.retries_are_safe;
        if !waits_for_ever {
            let client = (issued.id.client - 1) as u16;
            let event = Event::Timeout {
                client,
                sequence: issued.id.sequence,
                attempt: issued.attempt,
            };
            let timer = agenda.push(now + self.options.timeout.0, event);
            self.client(client).set_timer(issued.id, timer);
        }
        issued.request(command)
    }

    /// An answer reaches a client.
    pub(super) fn answer(
        &mut self,
        now: Instant,
        client: u16,
        reply: Reply<OutputOf<S>>,
        decisions: &mut Decisions,
        agenda: &mut Queue,
        watch: &mut Watch<S>,
    ) {
        let state = &mut self.clients[usize::from(client)];
        let Some(completion) = state.complete(&reply) else {
            // It comes late.
            return;
        };
        if let Some(timer) = completion.timer {
            agenda.cancel(timer);
        }
        let record = &mut self.history[completion.record];
        state.workload.completed(&record.command, &reply.output);
        self.latencies.push(now.saturating_since(record.call));
        if let Some(position) = reply.position {
            self.acknowledged = self.acknowledged.max(position.index());
        }
        record.completion = Some(Completed {
            at: now,
            output: reply.output,
            position: reply.position,
        });
        watch.completed(record);
        self.availability.completed(now, completion.target);
        self.is_over(now, (client, completion.record), decisions, agenda, watch);
    }

    /// An attempt may not have been answered in time; what the client does about that.
    pub(super) fn time_out(
        &mut self,
        now: Instant,
        (client, sequence, attempt): (u16, u64, u32),
        watch: &mut Watch<S>,
    ) -> OnTimeout {
        let state = self.client(client);
        let target = state.target_of(sequence);
        let what_now = state.time_out(sequence, attempt);
        let (Some(target), true) = (target, what_now != OnTimeout::Nothing) else {
            return OnTimeout::Nothing;
        };
        watch.step(now, what::TIMEOUT, u32::from(client), sequence, || {
            format!(
                "client {} has waited long enough for {sequence}",
                client + 1
            )
        });
        self.availability.given_up(now, target);
        what_now
    }

    /// A client hears that the session with a replica is lost; what it does about each attempt
    /// that [is over](Self::given_up) because of it.
    pub(super) fn lose_session(
        &mut self,
        client: u16,
        replica: ReplicaId,
        agenda: &mut Queue,
    ) -> Vec<OnTimeout> {
        let lost = self.client(client).lose_session(replica).into_iter();
        lost.map(|(what_now, timer)| {
            if let Some(timer) = timer {
                agenda.cancel(timer);
            }
            what_now
        })
        .collect()
    }

    /// An attempt at `replica` is over without an answer.
    pub(super) fn given_up(&mut self, now: Instant, replica: ReplicaId) {
        self.availability.given_up(now, replica);
    }

    /// A client gives an operation up.
    pub(super) fn abandon(
        &mut self,
        now: Instant,
        (client, record): (u16, usize),
        decisions: &mut Decisions,
        agenda: &mut Queue,
        watch: &Watch<S>,
    ) {
        self.history[record].abandoned = true;
        self.is_over(now, (client, record), decisions, agenda, watch);
    }

    /// A closed-loop client goes on with its next operation. The one that is over is forgotten,
    /// unless somebody needs it.
    fn is_over(
        &mut self,
        now: Instant,
        (client, record): (u16, usize),
        decisions: &mut Decisions,
        agenda: &mut Queue,
        watch: &Watch<S>,
    ) {
        if self.is_closed_loop() && !self.history[record].probe {
            self.schedule(now, client, decisions, agenda);
        }
        if !self.keeps_history {
            let needed = watch.needs_from(self.history.len());
            self.history.forget_before(needed);
        }
    }

    /// Links, crashes or pauses changed which replicas can serve.
    pub(super) fn connectivity(&mut self, now: Instant, connected: Vec<bool>) {
        self.availability.connectivity(now, connected);
    }
}

/// What clients did so far.
impl<S: System> Load<'_, S> {
    /// What clients invoked, as far as it is kept.
    pub(super) const fn history(&self) -> &History<CommandOf<S>, OutputOf<S>> {
        &self.history
    }

    /// Lays the history side by side, to be looked at as a whole.
    pub(super) fn gather_history(&mut self) {
        self.history.gather();
    }

    /// The highest log index from which a client was answered.
    pub(super) fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// The replica that a request without an answer was last sent to.
    pub(super) fn target_of(&self, request: RequestId) -> Option<ReplicaId> {
        let client = &self.clients[request.client as usize - 1];
        client.target_of(request.sequence)
    }

    /// The last attempts of what clients still wait for.
    #[cfg(feature = "explore")]
    pub(super) fn open(&self) -> impl Iterator<Item = Issued> {
        self.clients.iter().flat_map(Client::open)
    }

    #[cfg(feature = "explore")]
    pub(super) fn into_history(mut self) -> History<CommandOf<S>, OutputOf<S>> {
        self.history.gather();
        self.history
    }

    /// How the operations ended, in a run that ended at `ended`.
    pub(super) fn finish(&mut self, ended: Instant) -> Loaded {
        let ok = self.latencies.len() as u64;
        Loaded {
            operations: Operations {
                ok,
                fail: 0,
                info: self.history.len() as u64 - ok,
            },
            latencies: Latencies::of(std::mem::take(&mut self.latencies)),
            unavailability: self.availability.longest(ended),
        }
    }
}
