//! A run in progress: what it is made of, and the loop.

use super::cluster::Cluster;
use super::course::Course;
use super::event::Queue;
use super::faults::Faults;
use super::load::Load;
use super::nemesis::Nemesis;
use super::packet::Packet;
use super::spending::Spending;
use super::watch::Watch;
use crate::decision::Decisions;
use crate::network::Network;
use crate::scenario::Scenario;
use crate::system::{OptionsOf, Setup, System};

/// A run in progress: the loop, and what it joins.
///
/// Each part keeps its fields to itself, and its methods take what else they need of the others:
/// what a handler touches stands in its calls.
pub(crate) struct World<'a, S: System> {
    pub(super) scenario: &'a Scenario,
    pub(super) setup: Setup<OptionsOf<S>>,
    /// What is going to happen.
    pub(super) agenda: Queue,
    /// What could go one way or another.
    pub(super) decisions: Decisions,
    pub(super) network: Network<Packet<S::Replica>>,
    /// The replicas' processes.
    pub(super) cluster: Cluster<S::Replica>,
    /// The clients, and what they asked.
    pub(super) load: Load<'a, S>,
    /// What is to go wrong.
    pub(super) nemesis: Nemesis<S::Replica>,
    /// What goes wrong.
    pub(super) faults: Faults,
    /// All that observes.
    pub(super) watch: Watch<S>,
    /// How far it has come.
    pub(super) course: Course,
    /// What it has spent.
    pub(super) spending: Spending,
}

impl<S: System> World<'_, S> {
    /// Runs until it is over, or has taken so many steps.
    #[inline]
    pub(super) fn run(&mut self, steps_max: u64) {
        self.start();
        loop {
            let pause = self.spending.next_look().min(steps_max);
            while !self.is_over() && self.watch.steps() < pause {
                let Some((now, event)) = self.agenda.pop() else {
                    return;
                };
                self.dispatch(now, event);
            }
            let is_done = self.is_over() || self.watch.steps() >= steps_max;
            if is_done || !self.look() {
                return;
            }
        }
    }

    fn is_over(&self) -> bool {
        self.course.is_over() || self.watch.is_over()
    }

    /// Looks at what was spent, and whether somebody wants it to stop; whether it goes on.
    #[cold]
    fn look(&mut self) -> bool {
        if self.course.is_to_stop() {
            return false;
        }
        let now = self.agenda.now();
        let (network, cluster) = (&self.network, &self.cluster);
        self.spending
            .look(now, network, cluster, &self.load, &mut self.watch)
    }
}
