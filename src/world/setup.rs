//! Builds the world of a run, and puts the first events into its queue.

use std::collections::BTreeMap;

use simulated_clock::{ClockOptions, Duration, Instant, NodeClock};

use super::cues::{messages, targeted_faults};
use super::event::Event;
use super::impacts::no_impacts;
use super::options::Shown;
use super::options::{RunOptions, Watcher};
use super::process::Process;
use super::spending::Spending;
use super::suits::{check_messages, check_planted, check_random_actions, scripted_calls};
use super::tally::Tally;
use super::trace::Tracer;
use super::{Availability, Queue, Stage, World};
use crate::check::{Checks, LeaderLog};
use crate::client::{Client, Workload};
use crate::decision::Decisions;
use crate::decision::distribution::scale;
use crate::judge::Judges;
use crate::nemesis::RandomFaults;
use crate::network::{Endpoints, Network};
use crate::observation::{ReplicaId, RunDigest};
use crate::scenario::Scenario;
use crate::system::{Budget, System, settle_bound};
use crate::units::KeyError;

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
    ) -> Result<Self, KeyError> {
        let setup = S::setup(scenario)?;
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
                Process::new(id, replicas, &scenario.disk, clock)
            })
            .collect();
        let lower = |(index, fault): (usize, &crate::nemesis::ScriptedFault)| {
            let lowered = fault.lower(replicas);
            let lowered = lowered.map_err(|error| error.within(format!("fault[{index}]")))?;
            Ok::<_, KeyError>((lowered, fault.lasts.map(|time| time.0)))
        };
        let scripted: Vec<_> = scenario
            .faults
            .iter()
            .enumerate()
            .map(lower)
            .collect::<Result<_, _>>()?;
        check_planted::<S>(scenario)?;
        check_messages::<S>(scenario)?;
        check_random_actions::<S>(scenario)?;
        let network = Network::new(&scenario.network, endpoints, &homes);
        let settles = settle_bound(scenario, &setup.profile, network.longest_delay());
        Ok(Self {
            scenario,
            spending: Spending::new(Budget::of(scenario, &setup.profile, settles)),
            setup,
            endpoints,
            agenda: Queue::default(),
            network,
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
            actions: scripted_calls::<S>(scenario)?,
            active: Vec::new(),
            active_next: 0,
            awaited: Vec::new(),
            checks: Checks::new(replicas, &scenario.check.without),
            judges: Judges::new(&scenario.check.without),
            leaders: LeaderLog::new(replicas),
            digest: RunDigest::default(),
            tally: Tally::new(replicas, no_impacts(scenario)),
            availability: Availability::new(replicas),
            violation: None,
            stage: Stage::Nemesis,
            core: (1..=replicas).collect(),
            settled: None,
            disk_losses: (1..=replicas)
                .map(|id| decisions.stream("disk_loss", format!("r{id}")))
                .collect(),
            watcher: Watcher::new(options.watch),
            tracer: options.trace.map(|shown| Tracer::new(shown == Shown::All)),
            effects: Vec::new(),
            until: options.until,
            stop: options.stop,
            stopped: false,
            keep_history: options.keep_history,
            linearizability: options.linearizability,
            observations: options.keep_observations.then(Vec::new),
            cut_short: false,
            ended: false,
            decisions,
        })
    }

    /// Starts the replicas and makes the script's and the clients' first events.
    pub(super) fn start(&mut self) {
        let ends = Instant::ZERO + self.scenario.workload.duration();
        self.agenda.push(ends, Event::Settle);
        for (index, fault) in self.scenario.faults.iter().enumerate() {
            let index = index as u16;
            if let (Some(at), None) = (fault.at, &fault.on) {
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
