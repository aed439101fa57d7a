//! Lives of processes: they start, go down, come back, stop and go on.

use simulated_clock::{Duration, Instant};

use super::World;
use super::dispatch::what;
use super::event::Event;
use super::process::Death;
use super::trace_line::Scene;
use crate::observation::{LogId, Observation, ReplicaId};
use crate::replica::Turn;
use crate::scenario::Occurrence;
use crate::system::System;

impl<S: System> World<'_, S> {
    /// A new life begins.
    pub(super) fn start_life(&mut self, now: Instant, index: usize) {
        let host = &mut self.processes[index].host;
        let incarnation = host.begin_life();
        host.io().begin_handler();
        self.step(
            now,
            what::START,
            index as u32,
            u64::from(incarnation),
            || format!("replica {} starts", index + 1),
        );
        let words = format_args!("starts, incarnation {incarnation}");
        self.trace_scene(now, index, words, Scene::Starts);
        self.observe(
            now,
            index,
            &[(LogId::FIRST, Observation::Started { incarnation })],
        );

        let turn = Turn {
            now,
            decisions: &mut self.decisions,
            effects: &mut self.effects,
        };
        let outcome = self.processes[index].host.start(&self.setup.options, turn);
        self.after_handler(now, index, outcome);
        self.connectivity_changed(now);
    }

    /// A replica that is down comes back.
    pub(super) fn restart(&mut self, now: Instant, index: usize) {
        if self.processes[index].is_up() || self.processes[index].dying.is_some() {
            return;
        }
        self.tally.count(Occurrence::Restart);
        let endpoint = self.endpoints.replica(index as u64 + 1);
        self.network
            .restart(now, endpoint, &mut self.decisions, &mut self.agenda);
        self.start_life(now, index);
    }

    /// A crash: at once, or when the handler that runs is done with its writes.
    /// Returns whether the replica goes down because of it.
    pub(super) fn crash(&mut self, now: Instant, index: usize, down: Option<Duration>) -> bool {
        let process = &mut self.processes[index];
        if !process.is_up() {
            return false;
        }
        let death = Death {
            down,
            in_handler: false,
        };
        if process.busy {
            let is_first = process.dying.is_none();
            process.dying.get_or_insert(death);
            return is_first;
        }
        self.go_down(now, index, death);
        true
    }

    /// The process goes down: all that is volatile is gone.
    pub(super) fn go_down(&mut self, now: Instant, index: usize, death: Death) {
        if death.in_handler {
            self.tally.count(Occurrence::CrashInHandler);
        }
        self.take_stock_of(index);
        let process = &mut self.processes[index];
        process.host.go_down();
        process.dying = None;
        process.busy = false;
        process.paused = false;
        process.inbox.clear();
        process.outbox.clear();
        process.crashes += 1;
        for handle in process.forget_timers() {
            self.agenda.cancel(handle);
        }
        let (losses, decisions) = (&mut self.disk_losses[index], &mut self.decisions);
        let host = &mut process.host;
        host.crash_disk(&mut |bound| decisions.below(losses, bound));
        let crashes = process.crashes;
        self.step(now, what::CRASH, index as u32, u64::from(crashes), || {
            format!("replica {} goes down", index + 1)
        });
        self.trace_scene(now, index, "CRASHES", Scene::Crashes);
        self.collect_observations(now, index);
        self.observe(now, index, &[(LogId::FIRST, Observation::Crashed)]);
        let endpoint = self.endpoints.replica(index as u64 + 1);
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
        self.processes[index].paused = true;
        self.trace(now, index, "stops; what arrives waits");
        self.connectivity_changed(now);
    }

    pub(super) fn resume(&mut self, now: Instant, index: usize) {
        self.processes[index].paused = false;
        self.trace(now, index, "goes on");
        self.connectivity_changed(now);
        self.take_waiting(now, index);
    }

    /// Who reaches enough replicas to serve, itself included, in both directions?
    pub(super) fn connectivity_changed(&mut self, now: Instant) {
        let works = |index: usize| self.processes[index].is_up() && !self.processes[index].paused;
        let connected = (0..self.processes.len())
            .map(|index| {
                let me = self.endpoints.replica(index as u64 + 1);
                let reaches = |peer: &usize| {
                    let other = self.endpoints.replica(*peer as u64 + 1);
                    *peer == index
                        || works(*peer)
                            && self.network.is_open(me, other)
                            && self.network.is_open(other, me)
                };
                let reached = (0..self.processes.len()).filter(reaches);
                let reached: Vec<_> = reached.map(|peer| peer as ReplicaId + 1).collect();
                works(index) && S::can_serve(&self.setup, &reached)
            })
            .collect();
        self.availability.connectivity(now, connected);
    }
}
