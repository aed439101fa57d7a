//! Builds the world of a run, and puts the first events into its queue.

use std::collections::BTreeMap;

use simulated_clock::{ClockOptions, Duration, Instant, NodeClock};

use super::cues::{messages, targeted_faults};
use super::event::Event;
use super::options::Shown;
use super::options::{RunOptions, Watcher};
use super::process::Process;
use super::tally::Tally;
use super::trace::Tracer;
use super::{Availability, Queue, ScriptedCall, Stage, World, read_action};
use crate::check::{Checks, LeaderLog};
use crate::client::{Client, Workload};
use crate::decision::Decisions;
use crate::decision::distribution::scale;
use crate::nemesis::RandomFaults;
use crate::network::{Endpoints, Network};
use crate::observation::{ReplicaId, RunDigest};
use crate::scenario::Scenario;
use crate::storage::DiskOptions;
use crate::systems::System;

/// The most operations for which there is room from the beginning.
const HISTORY_MAX: u64 = 1 << 16;

/// How many operations there may be: what clients issue, and what settle adds.
fn operations(scenario: &Scenario) -> usize {
    let issued = scenario.workload.operations().min(HISTORY_MAX);
    (issued + issued / 8 + 256) as usize
}

impl<'a, S: System> World<'a, S> {
    pub(super) fn new(
        scenario: &'a Scenario,
        seed: u64,
        options: RunOptions,
    ) -> Result<Self, (String, String)> {
        let replica_options = S::options(&scenario.cluster)?;
        let mut decisions = Decisions::planned(seed, options.plan);
        if options.record_decisions {
            decisions.start_recording();
        }
        let replicas = scenario.cluster.replicas;
        let endpoints = Endpoints {
            replicas: replicas as u16,
            clients: scenario.workload.clients as u16,
        };
        let homes: Vec<_> = (1..=scenario.workload.clients)
            .map(|client| endpoints.replica(home_of(client, replicas)))
            .collect();
        let processes = (1..=replicas)
            .map(|id| {
                let clock = draw_clock(id, scenario.clock.options(), &mut decisions);
                let disk = DiskOptions {
                    contract: scenario.durability(),
                    ..scenario.disk.clone()
                };
                Process::new(id, replicas, &disk, clock)
            })
            .collect();
        let lower = |fault: &crate::nemesis::ScriptedFault| {
            let lowered = fault
                .lower(replicas)
                .map_err(|(key, message)| (key.to_owned(), message))?;
            Ok::<_, (String, String)>((lowered, fault.lasts.map(|time| time.0)))
        };
        let actions = scenario.actions.iter().map(|scripted| {
            let action = read_action::<S>(&scripted.action, scripted.value);
            action
                .map_err(|message| ("action".to_owned(), message))
                .map(|action| ScriptedCall {
                    target: scripted.replica,
                    action,
                })
        });
        let scripted: Vec<_> = scenario
            .faults
            .iter()
            .map(lower)
            .collect::<Result<_, _>>()?;
        check_messages::<S>(scenario)?;
        Ok(Self {
            scenario,
            replica_options,
            endpoints,
            agenda: Queue::default(),
            network: Network::new(&scenario.network, endpoints, &homes),
            processes,
            clients: (1..=scenario.workload.clients)
                .map(|client| {
                    let workload = S::Workload::new(client, &scenario.workload);
                    let home = home_of(client, replicas);
                    Client::new(client, home, workload, scenario.workload.retry, replicas)
                })
                .collect(),
            history: Vec::with_capacity(operations(scenario)),
            random: RandomFaults::new(&scenario.nemesis, replicas, messages::<S>()),
            targeted: targeted_faults::<S>(scenario, &scripted, &decisions),
            strikes: BTreeMap::new(),
            strikes_next: 0,
            scripted,
            actions: actions.collect::<Result<_, (String, String)>>()?,
            active: Vec::new(),
            active_next: 0,
            checks: Checks::new(replicas, &scenario.check.without),
            leaders: LeaderLog::new(replicas),
            digest: RunDigest::default(),
            tally: Tally::new(replicas),
            availability: Availability::new(replicas),
            violation: None,
            stage: Stage::Nemesis,
            core: (1..=replicas).collect(),
            disk_losses: (1..=replicas)
                .map(|id| decisions.stream("disk_loss", format!("r{id}")))
                .collect(),
            watcher: Watcher::new(options.watch),
            tracer: options.trace.map(|shown| Tracer::new(shown == Shown::All)),
            effects: Vec::new(),
            until: options.until,
            keep_history: options.keep_history,
            linearizability: options.linearizability,
            observations: options.keep_observations.then(Vec::new),
            cut_short: false,
            ended: false,
            excerpt: Vec::new(),
            decisions,
        })
    }

    /// Starts the replicas and makes the script's and the clients' first events.
    pub(super) fn start(&mut self) {
        let ends = Instant::ZERO + self.scenario.workload.duration();
        self.agenda.push(ends, Event::Settle);
        for (index, fault) in self.scenario.faults.iter().enumerate() {
            let index = index as u16;
            if let (Some(at), None) = (fault.at, fault.on) {
                let at = Instant::ZERO + at.0;
                self.agenda.push(at, Event::Fault { index });
            }
        }
        for (index, action) in self.scenario.actions.iter().enumerate() {
            let index = index as u16;
            self.agenda
                .push(Instant::ZERO + action.at.0, Event::Action { index });
        }
        if !self.scenario.nemesis.has_no_slots() {
            self.agenda.push(Instant::ZERO, Event::Slot);
        }
        for client in 0..self.clients.len() as u16 {
            self.schedule_issue(Instant::ZERO, client);
        }
        for index in 0..self.processes.len() {
            self.start_life(Instant::ZERO, index);
        }
    }
}

/// Every message that a scenario holds is one of the system's.
fn check_messages<S: System>(scenario: &Scenario) -> Result<(), (String, String)> {
    let known = messages::<S>();
    let held = scenario
        .faults
        .iter()
        .filter_map(|fault| fault.message.as_deref());
    match held.into_iter().find(|message| !known.contains(message)) {
        Some(unknown) => Err((
            "fault".to_owned(),
            format!(
                "{unknown:?} is no kind of message; they are {}",
                known.join(", ")
            ),
        )),
        None => Ok(()),
    }
}

/// The replica that a client belongs to.
pub(super) fn home_of(client: u64, replicas: u64) -> ReplicaId {
    (client - 1) % replicas + 1
}

/// A clock with a drawn drift and a drawn phase of its synchronisations.
fn draw_clock(id: ReplicaId, options: ClockOptions, decisions: &mut Decisions) -> NodeClock {
    let mut stream = decisions.stream("clock", format!("r{id}"));
    let most = u64::from(options.drift_ppb_max);
    // Boring is no drift, which lies in the middle.
    let drift = decisions.ask(&mut stream, most, |slice| scale(slice, 2 * most + 1));
    let drift = drift.min(2 * most) as i64 - most as i64;
    let stagger = decisions.below(&mut stream, options.sync_interval.as_nanos());
    NodeClock::new(options, drift, Duration::from_nanos(stagger))
}
