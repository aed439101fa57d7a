//! The replicas' processes: their lives, their disks and clocks, and what waits for them.
//!
//! Who only wants to know something of a process reads it by its place: `cluster[index]`. All that
//! changes one is a method here: of its life in this file, of what it handles and asks for in
//! `handling.rs`, of what faults do to it in `struck.rs`.

#[cfg(feature = "explore")]
mod halted;
mod handling;
mod process;
mod struck;

pub(super) use process::{Death, Process};
pub(super) use struck::Doom;

use std::ops::Index;

use simulated_clock::{ClockOptions, Duration, Instant, NodeClock};

use super::event::Queue;
use super::packet::Packet;
use crate::decision::distribution::scale;
use crate::decision::{Decisions, Stream};
use crate::network::Network;
use crate::observation::{LogId, Observation, ReplicaId};
use crate::replica::{Outcome, Replica, Timed, Turn};
use crate::scenario::Scenario;

/// The processes of a run, by their places: that of replica 1 is 0.
pub(super) struct Cluster<R: Replica> {
    processes: Vec<Process<R>>,
    /// What decides what a crash takes away of each one's disk.
    disk_losses: Vec<Stream>,
    /// What the handler that runs has asked for so far.
    effects: Vec<Timed<R>>,
}

impl<R: Replica> Index<usize> for Cluster<R> {
    type Output = Process<R>;

    #[inline]
    fn index(&self, index: usize) -> &Process<R> {
        &self.processes[index]
    }
}

impl<R: Replica> Cluster<R> {
    pub(super) fn new(scenario: &Scenario, decisions: &mut Decisions) -> Self {
        let replicas = scenario.cluster.replicas;
        let process = |id| {
            let clock = draw_clock(id, scenario.clock.options(), decisions);
            Process::new(id, replicas, &scenario.disk, clock)
        };
        let processes = (1..=replicas).map(process).collect();
        let losses = |id| decisions.stream("disk_loss", format!("r{id}"));
        Self {
            processes,
            disk_losses: (1..=replicas).map(losses).collect(),
            effects: Vec::new(),
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.processes.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Process<R>> {
        self.processes.iter()
    }

    /// How long the writes that began before still take: a disk that was slow
    /// keeps its replica busy although it is slow no more.
    pub(super) fn backlog(&self, now: Instant) -> Duration {
        let busy = self.processes.iter().filter(|process| process.busy);
        let left = busy.map(|process| process.busy_until.saturating_since(now));
        left.max().unwrap_or(Duration::ZERO)
    }

    /// The replicas that one reaches, itself included, in both directions; nobody while it does
    /// not run.
    pub(super) fn reached(&self, index: usize, network: &Network<Packet<R>>) -> Vec<ReplicaId> {
        if !self[index].runs() {
            return Vec::new();
        }
        let endpoints = network.endpoints();
        let me = endpoints.replica(self[index].id());
        let reaches = |peer: &&Process<R>| {
            let other = endpoints.replica(peer.id());
            me == other || peer.runs() && network.is_open(me, other) && network.is_open(other, me)
        };
        let reached = self.processes.iter().filter(reaches);
        reached.map(Process::id).collect()
    }

    /// Shows what was observed of a replica since this was last asked, if anything was.
    #[inline]
    pub(super) fn show(
        &self,
        index: usize,
        to: impl FnOnce((ReplicaId, u32), &[(LogId, Observation<R::Entry>)]),
    ) {
        let host = &self.processes[index].host;
        if !host.tape().is_empty() {
            let who = (host.id(), host.incarnation());
            host.tape().show(|observations| to(who, observations));
        }
    }

    /// A new life begins, the number of which is returned.
    pub(super) fn begin_life(&mut self, index: usize) -> u32 {
        let host = &mut self.processes[index].host;
        let incarnation = host.begin_life();
        host.io().begin_handler();
        incarnation
    }

    /// A replica starts.
    pub(super) fn start(
        &mut self,
        now: Instant,
        index: usize,
        options: &R::Options,
        decisions: &mut Decisions,
    ) -> Outcome<()> {
        let turn = Turn {
            now,
            decisions,
            effects: &mut self.effects,
        };
        self.processes[index].host.start(options, turn)
    }

    /// A process goes down, and all that is volatile is gone. How often it has gone down by now.
    pub(super) fn go_down(
        &mut self,
        index: usize,
        decisions: &mut Decisions,
        agenda: &mut Queue,
    ) -> u32 {
        let process = &mut self.processes[index];
        process.go_down();
        for handle in process.forget_timers() {
            agenda.cancel(handle);
        }
        let losses = &mut self.disk_losses[index];
        let host = &mut process.host;
        host.crash_disk(&mut |bound| decisions.below(losses, bound));
        process.crashes
    }

    /// Whether one goes down as soon as its writes are done; it comes back at once then.
    pub(super) fn comes_back_at_once(&mut self, index: usize) -> bool {
        let dying = &mut self.processes[index].dying;
        if let Some(death) = dying {
            death.down = Some(Duration::ZERO);
        }
        dying.is_some()
    }

    /// Nothing fails at the disks any more.
    pub(super) fn disarm(&mut self) {
        for process in &self.processes {
            process.io().disarm();
        }
    }

    /// Something panicked in the midst of it all: what was asked for is forgotten.
    pub(super) fn forget_effects(&mut self) {
        self.effects.clear();
    }
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
