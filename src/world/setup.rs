//! Builds the world of a run, and puts the first events into its queue.

use simulated_clock::Instant;

use super::World;
use super::cluster::Cluster;
use super::course::Course;
use super::event::{Event, Queue};
use super::faults::Faults;
use super::links::home_of;
use super::load::Load;
use super::nemesis::{Nemesis, scripted_faults};
use super::options::RunOptions;
use super::spending::Spending;
use super::suits::{check_messages, check_planted, check_random_actions, scripted_calls};
use super::watch::Watch;
use crate::decision::Decisions;
use crate::network::{Endpoints, Network};
use crate::scenario::Scenario;
use crate::system::{Budget, System, settle_bound};
use crate::units::KeyError;

impl<'a, S: System> World<'a, S> {
    pub(super) fn new(
        scenario: &'a Scenario,
        seed: u64,
        mut options: RunOptions,
    ) -> Result<Self, KeyError> {
        let setup = S::setup(scenario)?;
        let plan = std::mem::take(&mut options.plan);
        let mut decisions = Decisions::planned(seed, plan);
        if options.record_decisions {
            decisions.start_recording();
        }
        let (replicas, clients) = (scenario.cluster.replicas, scenario.workload.clients);
        let endpoints = Endpoints {
            replicas: replicas as u16,
            clients: clients as u16,
        };
        let homes = (1..=clients).map(|client| endpoints.replica(home_of(client, replicas)));
        let homes: Vec<_> = homes.collect();
        let cluster = Cluster::new(scenario, &mut decisions);
        let scripted = scripted_faults(scenario)?;
        check_planted::<S>(scenario)?;
        check_messages::<S>(scenario)?;
        check_random_actions::<S>(scenario)?;
        let calls = scripted_calls::<S>(scenario)?;
        let network = Network::new(&scenario.network, endpoints, &homes);
        let settles = settle_bound(scenario, &setup.profile, network.longest_delay());
        Ok(Self {
            scenario,
            agenda: Queue::default(),
            network,
            cluster,
            load: Load::new(scenario, &setup.profile, options.keep_history),
            nemesis: Nemesis::new(scenario, scripted, calls, &decisions),
            faults: Faults::default(),
            watch: Watch::new(scenario, &setup.profile, endpoints, &mut options),
            course: Course::new(replicas, &mut options),
            spending: Spending::new(Budget::of(scenario, &setup.profile, settles)),
            decisions,
            setup,
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
        for client in self.load.clients() {
            let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
            self.load.schedule(Instant::ZERO, client, decisions, agenda);
        }
        for index in 0..self.cluster.len() {
            self.start_life(Instant::ZERO, index);
        }
    }
}
