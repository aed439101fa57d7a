//! What faults did: counted when they strike at once, read again at their end when
//! they last, and looked up before anybody forgets it when they wait.

use simulated_clock::Duration;

use super::World;
use super::faults::Undo;
use crate::nemesis::{FaultSource, Impacts, Struck};
use crate::network::Endpoint;
use crate::scenario::Scenario;
use crate::storage::{Fuse, Moment};
use crate::system::System;

/// A fault that began and strikes later, if ever.
#[derive(Debug)]
pub(super) struct Awaited {
    source: FaultSource,
    awaits: Awaits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaits {
    /// A write at which a process goes down.
    Fuse { process: usize },
    /// A call to the disk that fails.
    DiskError { process: usize, moment: Moment },
    /// A message that is held.
    Hold {
        from: Endpoint,
        to: Endpoint,
        number: u32,
    },
    /// Readings of a clock that jumped.
    Step { process: usize, before: u64 },
}

/// No impact yet of every source of faults that a scenario has.
pub(super) fn no_impacts(scenario: &Scenario) -> Impacts {
    scenario
        .fault_sources()
        .into_iter()
        .map(|source| (source, Default::default()))
        .collect()
}

impl<S: System> World<'_, S> {
    /// What a fault that lasts has struck so far, together with all others on the same.
    pub(super) fn gauge(&self, undo: &Undo) -> (Struck, u64) {
        let network = &self.network;
        let sum = |links: &[(Endpoint, Endpoint)], of: &dyn Fn(Endpoint, Endpoint) -> u64| {
            links.iter().map(|(from, to)| of(*from, *to)).sum()
        };
        match undo {
            Undo::Heal(links) => {
                let lost = sum(links, &|from, to| network.lost_to_cuts(from, to));
                (Struck::MessagesLost, lost)
            }
            Undo::Unclog(links) => {
                let held = sum(links, &|from, to| network.held_by_clogs(from, to));
                (Struck::MessagesHeld, held)
            }
            Undo::Resume(index) => (Struck::InputsDelayed, self.processes[*index].delayed),
            Undo::Quicken(index) => (Struck::HandlersSlowed, self.processes[*index].handlers),
            Undo::QuickenDisk(index) => {
                let writes = self.processes[*index].io().writes_ever();
                (Struck::WritesSlowed, writes)
            }
            Undo::StopLying(index) => {
                let readings = self.processes[*index].host.wrong_readings();
                (Struck::WrongClockReadings, readings)
            }
        }
    }

    /// A replica is to go down at a write, in place of another write before.
    pub(super) fn arm(&mut self, source: FaultSource, process: usize, fuse: Fuse, down: Duration) {
        let awaits = Awaits::Fuse { process };
        self.await_strike(source, awaits);
        self.processes[process].down_for = down;
        self.processes[process].io().arm(fuse);
    }

    /// A call to the disk is to fail, in place of another one before.
    pub(super) fn arm_error(
        &mut self,
        source: FaultSource,
        process: usize,
        (moment, calls): (Moment, u64),
        down: Duration,
    ) {
        let awaits = Awaits::DiskError { process, moment };
        self.await_strike(source, awaits);
        self.processes[process].down_for = down;
        self.processes[process].io().arm_error(moment, calls);
    }

    /// The next message of a kind is to be held.
    pub(super) fn hold(
        &mut self,
        source: FaultSource,
        (from, to): (Endpoint, Endpoint),
        kind: usize,
        by: Duration,
    ) {
        let number = self.network.hold_next(from, to, kind, by);
        self.await_strike(source, Awaits::Hold { from, to, number });
    }

    /// A clock jumped.
    pub(super) fn clock_stepped(&mut self, source: FaultSource, process: usize) {
        let before = self.processes[process].host.wrong_readings();
        self.await_strike(source, Awaits::Step { process, before });
    }

    fn await_strike(&mut self, source: FaultSource, awaits: Awaits) {
        self.take_stock(|other| *other == awaits);
        self.awaited.push(Awaited { source, awaits });
    }

    /// A process goes down, and with it what waited for its writes and reads.
    pub(super) fn take_stock_of(&mut self, index: usize) {
        self.take_stock(|awaits| match awaits {
            Awaits::Fuse { process } | Awaits::DiskError { process, .. } => *process == index,
            Awaits::Hold { .. } | Awaits::Step { .. } => false,
        });
    }

    /// Nothing that waits can strike any more.
    pub(super) fn take_stock_of_all(&mut self) {
        self.take_stock(|_| true);
    }

    /// The faults that still hold have struck what they have struck.
    pub(super) fn take_stock_of_active(&mut self) {
        for active in std::mem::take(&mut self.active) {
            let (what, now) = self.gauge(&active.undo);
            self.tally.struck(active.source, what, now - active.before);
        }
    }

    fn take_stock(&mut self, is_over: impl Fn(&Awaits) -> bool) {
        let mut awaited = std::mem::take(&mut self.awaited);
        awaited.retain(|one| {
            let is_over = is_over(&one.awaits);
            if is_over {
                let (what, count) = self.has_struck(one.awaits);
                self.tally.struck(one.source, what, count);
            }
            !is_over
        });
        self.awaited = awaited;
    }

    fn has_struck(&self, awaits: Awaits) -> (Struck, u64) {
        match awaits {
            Awaits::Fuse { process } => {
                let burnt = !self.processes[process].io().is_armed();
                (Struck::Crashes, u64::from(burnt))
            }
            Awaits::DiskError { process, moment } => {
                let failed = !self.processes[process].io().is_error_armed(moment);
                (Struck::DiskCallsFailed, u64::from(failed))
            }
            Awaits::Hold { from, to, number } => {
                let held = !self.network.still_holds(from, to, number);
                (Struck::MessagesHeld, u64::from(held))
            }
            Awaits::Step { process, before } => {
                let readings = self.processes[process].host.wrong_readings();
                (Struck::WrongClockReadings, readings - before)
            }
        }
    }
}
