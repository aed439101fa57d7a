//! Settle: everything is mended, and the system has to work again.
//!
//! It intervenes as little as possible: what is down is started, cuts open,
//! clogs and held messages are released, injected loss ends. A running replica is not restarted, a
//! standing session not remade, a leader not provoked. Clients then probe the
//! system through every replica.

use simulated_clock::{Duration, Instant};

use super::dispatch::what;
use super::event::Event;
use super::outcome::{CutOff, Settled};
use super::process::{Input, Process};
use super::trace_line::Scene;
use super::{Stage, World};
use crate::client::{Retry, Workload};
use crate::nemesis::SettleMode;
use crate::observation::ReplicaId;
use crate::system::{System, settle_bound};

/// Probes are issued in the first three quarters of the phase: the last has to
/// complete, too.
const PROBING: (u64, u64) = (3, 4);
/// The most probes of one run, and the most rounds of them.
const PROBES_MAX: u64 = 240;
const ROUNDS_MAX: u64 = 15;
const ROUNDS_MIN: u64 = 4;

impl<S: System> World<'_, S> {
    /// The nemesis phase is over.
    pub(super) fn settle(&mut self, now: Instant) {
        let delay = self.network.longest_delay();
        let bound = settle_bound(self.scenario, &self.setup.profile, delay) + self.backlog(now);
        let ends = now + bound;
        self.stage = Stage::Settle { began: now, ends };
        self.step(now, what::SETTLE, 0, bound.as_nanos(), || {
            "settle begins".to_owned()
        });
        self.choose_core();
        self.settled = Some(self.who_settles());
        self.trace_settle(now, bound);
        self.take_stock_of_all();
        self.network.end_injected_loss();
        self.network.release_held(now, &mut self.agenda);
        for process in &self.processes {
            process.io().disarm();
        }
        self.end_all_faults(now);
        self.cut_off_the_rest(now);
        for replica in self.core.clone() {
            let index = replica as usize - 1;
            // A process that is about to go down is started when it is down.
            match &mut self.processes[index].dying {
                Some(death) => death.down = Some(Duration::ZERO),
                None => self.restart(now, index),
            }
        }
        let rounds = self.probe_rounds();
        let (numerator, denominator) = PROBING;
        let period = bound * numerator / denominator / rounds;
        for round in 0..rounds {
            let at = now + period * round;
            self.agenda.push(
                at,
                Event::Probe {
                    round: round as u16,
                },
            );
        }
        self.agenda.push(ends, Event::End);
    }

    /// Who is mended, and who stays cut off.
    fn who_settles(&self) -> Settled {
        let outside = |process: &&Process<S::Replica>| !self.is_core(process.id());
        let cut_off = self.processes.iter().filter(outside).map(|process| CutOff {
            replica: process.id(),
            is_down: !process.is_up() && process.dying.is_none(),
        });
        Settled {
            mended: self.core.clone(),
            cut_off: cut_off.collect(),
        }
    }

    fn trace_settle(&mut self, now: Instant, bound: Duration) {
        let (Some(tracer), Some(settled)) = (&mut self.tracer, &self.settled) else {
            return;
        };
        let words = format_args!("settle: {}, for {bound}", settled.mended_told());
        tracer.line(now, "nemesis", words);
        if let Some(words) = settled.cut_off_told() {
            let id = self.active_next;
            self.active_next += 1;
            tracer.scene(now, "nemesis", words, Scene::FaultBegins { id });
        }
    }

    /// In core mode, only so many random replicas are mended as are enough to serve.
    fn choose_core(&mut self) {
        if self.scenario.check.settle.mode == SettleMode::Full {
            return;
        }
        let mut stream = self.decisions.stream("core", "settle");
        loop {
            let spare = self.spare_of_core();
            if spare.is_empty() {
                return;
            }
            let left_out = self.decisions.below(&mut stream, spare.len() as u64);
            // Boring leaves out the last replica, not the first.
            let place = spare.len() - 1 - left_out as usize;
            self.core.retain(|replica| *replica != spare[place]);
        }
    }

    /// The replicas without which those that are left of the core can serve.
    fn spare_of_core(&self) -> Vec<ReplicaId> {
        let others = |left_out: ReplicaId| {
            let others = self.core.iter().filter(move |other| **other != left_out);
            others.copied().collect::<Vec<_>>()
        };
        let is_spare = |replica: &ReplicaId| S::can_serve(&self.setup, &others(*replica));
        self.core.iter().copied().filter(is_spare).collect()
    }

    /// How long the writes that began before still take: a disk that was slow
    /// keeps its replica busy although it is slow no more.
    fn backlog(&self, now: Instant) -> Duration {
        let busy = self.processes.iter().filter(|process| process.busy);
        let left = busy.map(|process| process.busy_until.saturating_since(now));
        left.max().unwrap_or(Duration::ZERO)
    }

    fn is_core(&self, replica: ReplicaId) -> bool {
        self.core.contains(&replica)
    }

    fn cut_off_the_rest(&mut self, now: Instant) {
        let replicas = self.processes.len() as ReplicaId;
        let mut ends = Vec::new();
        for outside in (1..=replicas).filter(|replica| !self.is_core(*replica)) {
            for other in (1..=replicas).filter(|other| *other != outside) {
                ends.extend(self.ends_of(&[(outside, other), (other, outside)], false));
            }
            let replica = self.endpoints.replica(outside);
            for client in &self.clients {
                let client = self.endpoints.client(client.id);
                ends.extend([(client, replica), (replica, client)]);
            }
        }
        self.cut_links(now, &ends);
        self.connectivity_changed(now);
    }

    fn probe_rounds(&self) -> u64 {
        let a_round = self.clients.len() as u64 * self.core.len() as u64;
        (PROBES_MAX / a_round).clamp(ROUNDS_MIN, ROUNDS_MAX)
    }

    /// Every client probes every replica. Boring: it does not, so that a failing
    /// run can be shrunk to the probes that matter.
    pub(super) fn probe(&mut self, now: Instant, round: u16) {
        let retry = if self.setup.profile.retries_are_safe {
            Retry::Same
        } else {
            Retry::None
        };
        for client in 0..self.clients.len() as u16 {
            let scope = format!("c{}.{round}", client + 1);
            let mut stream = self.decisions.stream("probe", scope);
            for target in self.core.clone() {
                let is_issued = self.decisions.granted(&mut stream);
                let client_of = &mut self.clients[usize::from(client)];
                let command = client_of.workload.probe(u64::from(round) + target);
                if is_issued {
                    self.issue(now, client, command, target, Some(retry), true);
                } else {
                    client_of.skip();
                }
            }
        }
    }

    /// The run is over: replicas that had to work say what they hold.
    pub(super) fn stop(&mut self, now: Instant) {
        for replica in self.core.clone() {
            let index = replica as usize - 1;
            if self.processes[index].is_up() {
                self.handle(now, index, Input::Stop, Duration::ZERO);
            }
        }
        self.ended = true;
    }
}
