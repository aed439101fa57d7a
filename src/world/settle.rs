//! Settle: everything is mended, and the system has to work again.
//!
//! It intervenes as little as possible: what is down is started, cuts open,
//! clogs and held messages are released, injected loss ends. A running replica is not restarted, a
//! standing session not remade, a leader not provoked. Clients then probe the
//! system through every replica.

use simulated_clock::{Duration, Instant};

use super::World;
use super::cluster::{Cluster, Process};
use super::course::Course;
use super::event::Event;
use super::input::Input;
use super::links::all_of;
use super::outcome::{CutOff, Settled};
use super::trace_line::Scene;
use super::what;
use crate::nemesis::SettleMode;
use crate::observation::ReplicaId;
use crate::replica::Replica;
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
        let bound = settle_bound(self.scenario, &self.setup.profile, delay);
        let bound = bound + self.cluster.backlog(now);
        let ends = now + bound;
        self.course.settle(now, ends);
        self.watch.step(now, what::SETTLE, 0, bound.as_nanos(), || {
            "settle begins".to_owned()
        });
        if self.scenario.check.settle.mode != SettleMode::Full {
            let setup = &self.setup;
            let can_serve = |replicas: &[ReplicaId]| S::can_serve(setup, replicas);
            self.course.choose_core(&mut self.decisions, can_serve);
        }
        let settled = who_settles(&self.course, &self.cluster);
        self.tell_settle(now, &settled, bound);
        self.course.settled_with(settled);
        self.mend(now);
        let rounds = self.probe_rounds();
        let (numerator, denominator) = PROBING;
        let period = bound * numerator / denominator / rounds;
        for round in 0..rounds {
            let at = now + period * round;
            let round = round as u16;
            self.agenda.push(at, Event::Probe { round });
        }
        self.agenda.push(ends, Event::End);
    }

    fn tell_settle(&mut self, now: Instant, settled: &Settled, bound: Duration) {
        let words = format_args!("settle: {}, for {bound}", settled.mended_told());
        self.watch.trace_nemesis(now, words, Scene::Words);
        if let Some(words) = settled.cut_off_told() {
            let id = self.faults.number();
            self.watch
                .trace_nemesis(now, words, Scene::FaultBegins { id });
        }
    }

    /// Faults end, and who is down in the core is started; the others are cut off.
    fn mend(&mut self, now: Instant) {
        self.faults
            .take_stock_of_all(&self.network, &self.cluster, &mut self.watch);
        self.network.end_injected_loss();
        self.network.release_held(now, &mut self.agenda);
        self.cluster.disarm();
        self.end_all_faults(now);
        self.cut_off_the_rest(now);
        for replica in self.course.core().to_vec() {
            let index = replica as usize - 1;
            if !self.cluster.comes_back_at_once(index) {
                self.restart(now, index);
            }
        }
    }

    fn cut_off_the_rest(&mut self, now: Instant) {
        let endpoints = self.network.endpoints();
        let outside = self.cluster.iter().map(Process::id);
        let outside = outside.filter(|replica| !self.course.is_core(*replica));
        let ends: Vec<_> = outside
            .flat_map(|replica| all_of(endpoints, replica))
            .collect();
        self.cut_links(now, &ends);
        self.connectivity_changed(now);
    }

    fn probe_rounds(&self) -> u64 {
        let a_round = self.load.clients().len() as u64 * self.course.core().len() as u64;
        (PROBES_MAX / a_round).clamp(ROUNDS_MIN, ROUNDS_MAX)
    }

    /// Every client probes every replica. Boring: it does not, so that a failing
    /// run can be shrunk to the probes that matter.
    pub(super) fn probe(&mut self, now: Instant, round: u16) {
        for client in self.load.clients() {
            let scope = format!("c{}.{round}", client + 1);
            let mut stream = self.decisions.stream("probe", scope);
            for target in self.course.core().to_vec() {
                let is_issued = self.decisions.granted(&mut stream);
                let probe = self.load.choose_probe(client, target, round, is_issued);
                if let Some(probe) = probe {
                    self.issue(now, probe);
                }
            }
        }
    }

    /// The run is over: replicas that had to work say what they hold.
    pub(super) fn stop(&mut self, now: Instant) {
        for replica in self.course.core().to_vec() {
            let index = replica as usize - 1;
            if self.cluster[index].is_up() {
                self.handle(now, index, Input::Stop, Duration::ZERO);
            }
        }
        self.course.end();
    }
}

/// Who is mended, and who stays cut off.
fn who_settles<R: Replica>(course: &Course, cluster: &Cluster<R>) -> Settled {
    let outside = |process: &&Process<R>| !course.is_core(process.id());
    let cut_off = cluster.iter().filter(outside).map(|process| CutOff {
        replica: process.id(),
        is_down: !process.is_up() && process.dying().is_none(),
    });
    Settled {
        mended: course.core().to_vec(),
        cut_off: cut_off.collect(),
    }
}
