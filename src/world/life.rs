//! Lives of processes: they start, go down, come back, stop and go on.

use simulated_clock::Instant;

use super::World;
use super::cluster::Death;
use super::event::Event;
use super::trace_line::Scene;
use super::what;
use crate::observation::{LogId, Observation};
use crate::scenario::Occurrence;
use crate::system::{EntryOf, System};

impl<S: System> World<'_, S> {
    /// A new life begins.
    pub(super) fn start_life(&mut self, now: Instant, index: usize) {
        let incarnation = self.cluster.begin_life(index);
        self.watch.step(
            now,
            what::START,
            index as u32,
            u64::from(incarnation),
            || format!("replica {} starts", index + 1),
        );
        let name = self.scenario.cluster.name_of(index as u64 + 1);
        let called = name.map(|name| format!(", called {name}"));
        let called = called.unwrap_or_default();
        let words = format_args!("starts, incarnation {incarnation}{called}");
        self.watch.trace_scene(now, index, words, Scene::Starts);
        self.observe(now, index, Observation::Started { incarnation });

        let (options, decisions) = (&self.setup.options, &mut self.decisions);
        let outcome = self.cluster.start(now, index, options, decisions);
        self.after_handler(now, index, outcome);
        self.connectivity_changed(now);
    }

    /// A replica that is down comes back.
    pub(super) fn restart(&mut self, now: Instant, index: usize) {
        let process = &self.cluster[index];
        if process.is_up() || process.dying().is_some() {
            return;
        }
        self.watch.count(Occurrence::Restart);
        let endpoint = self.network.endpoints().replica(process.id());
        self.network
            .restart(now, endpoint, &mut self.decisions, &mut self.agenda);
        self.start_life(now, index);
    }

    /// The process goes down: all that is volatile is gone.
    pub(super) fn go_down(&mut self, now: Instant, index: usize, death: Death) {
        if death.in_handler {
            self.watch.count(Occurrence::CrashInHandler);
        }
        let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
        self.faults
            .take_stock_of(index, &self.network, &self.cluster, &mut self.watch);
        let crashes = self.cluster.go_down(index, decisions, agenda);
        self.watch
            .step(now, what::CRASH, index as u32, u64::from(crashes), || {
                format!("replica {} goes down", index + 1)
            });
        self.watch
            .trace_scene(now, index, "CRASHES", Scene::Crashes);
        self.collect_observations(now, index);
        self.observe(now, index, Observation::Crashed);
        let endpoint = self.network.endpoints().replica(index as u64 + 1);
        self.network
            .crash(now, endpoint, &mut self.decisions, &mut self.agenda);
        if let Some(down) = death.down {
            let event = Event::Restart {
                process: index as u16,
                crashes,
            };
            self.agenda.push(now + down, event);
        }
        self.connectivity_changed(now);
    }

    pub(super) fn pause(&mut self, now: Instant, index: usize) {
        self.cluster.pause(index, true);
        self.watch.trace(now, index, "stops; what arrives waits");
        self.connectivity_changed(now);
    }

    pub(super) fn resume(&mut self, now: Instant, index: usize) {
        self.cluster.pause(index, false);
        self.watch.trace(now, index, "goes on");
        self.connectivity_changed(now);
        self.take_waiting(now, index);
    }

    /// Shows what is observed of a process from outside.
    fn observe(&mut self, now: Instant, index: usize, observation: Observation<EntryOf<S>>) {
        let who = (self.cluster[index].id(), self.cluster[index].incarnation());
        self.watch.observe(now, who, &[(LogId::FIRST, observation)]);
    }

    /// Who reaches enough replicas to serve, itself included, in both directions?
    pub(super) fn connectivity_changed(&mut self, now: Instant) {
        let can_serve = |index: usize| {
            let reached = self.cluster.reached(index, &self.network);
            !reached.is_empty() && S::can_serve(&self.setup, &reached)
        };
        let connected = (0..self.cluster.len()).map(can_serve).collect();
        self.load.connectivity(now, connected);
    }
}
