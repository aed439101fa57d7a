//! What is left of processes when a run is halted.

use simulated_clock::Duration;

use super::{Cluster, Process};
use crate::replica::{Effect, Host, Replica, TimerId};
use crate::world::input::Input;

impl<R: Replica> Cluster<R> {
    /// Takes what each has asked for and has not left yet.
    pub(in crate::world) fn take_postponed(&mut self) -> Vec<Vec<Effect<R>>> {
        let outboxes = self.processes.iter_mut();
        outboxes
            .map(|process| process.outbox.drain(..).collect())
            .collect()
    }

    /// The replicas, each as it was, on a disk that does not fail and takes no time.
    pub(in crate::world) fn into_hosts(self) -> impl Iterator<Item = Host<R>> {
        self.processes.into_iter().map(|process| {
            process.io().disarm();
            process.io().set_latency(Duration::ZERO);
            process.host
        })
    }
}

impl<R: Replica> Process<R> {
    /// What waits for it, in the order in which it arrived.
    pub(in crate::world) fn inbox(&self) -> impl Iterator<Item = &Input<R>> {
        self.inbox.iter().map(|(_, input)| input)
    }

    /// The timers that are pending, by their numbers.
    pub(in crate::world) fn pending_timers(&self) -> impl Iterator<Item = TimerId> {
        let timers = (0..).zip(&self.timers);
        timers
            .filter(|(_, timer)| timer.is_some())
            .map(|(number, _)| TimerId(number))
    }
}
