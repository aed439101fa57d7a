//! What faults do to processes, their disks and their clocks.

use simulated_clock::{Duration, Instant};

use super::{Cluster, Death};
use crate::decision::Decisions;
use crate::replica::Replica;
use crate::storage::{Fuse, Moment};

/// What becomes of a process that is to go down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::world) enum Doom {
    /// It is down, or about to go down anyway.
    Spared,
    /// It goes down when the handler that runs is done with its writes.
    Awaits,
    /// It goes down now.
    Strikes(Death),
}

impl<R: Replica> Cluster<R> {
    /// A crash strikes: at once, or when the handler that runs is done with its writes.
    pub(in crate::world) fn doom(&mut self, index: usize, down: Option<Duration>) -> Doom {
        let process = &mut self.processes[index];
        let death = Death {
            down,
            in_handler: false,
        };
        if !process.is_up() {
            return Doom::Spared;
        }
        if !process.busy {
            return Doom::Strikes(death);
        }
        if process.dying.is_some() {
            return Doom::Spared;
        }
        process.dying = Some(death);
        Doom::Awaits
    }

    /// A process is to go down at a write.
    pub(in crate::world) fn arm(&mut self, index: usize, fuse: Fuse, down: Duration) {
        let process = &mut self.processes[index];
        process.down_for = down;
        process.io().arm(fuse);
    }

    /// A call to a disk is to fail, the one after so many of them.
    pub(in crate::world) fn arm_error(
        &mut self,
        index: usize,
        (moment, calls): (Moment, u64),
        down: Duration,
    ) {
        let process = &mut self.processes[index];
        process.down_for = down;
        process.io().arm_error(moment, calls);
    }

    /// A process stops, or goes on.
    pub(in crate::world) fn pause(&mut self, index: usize, is_paused: bool) {
        self.processes[index].paused = is_paused;
    }

    /// Every handler takes so much longer.
    pub(in crate::world) fn slow(&mut self, index: usize, by: Duration) {
        self.processes[index].slow = by;
    }

    /// Every write takes so much longer.
    pub(in crate::world) fn slow_disk(&mut self, index: usize, by: Duration) {
        let process = &self.processes[index];
        process.io().set_latency(process.write_latency + by);
    }

    /// A clock jumps.
    pub(in crate::world) fn step_clock(
        &mut self,
        now: Instant,
        index: usize,
        by_ns: i64,
        decisions: &mut Decisions,
    ) {
        let host = &mut self.processes[index].host;
        host.read_clock(now, decisions);
        host.clock_mut().step(now, by_ns);
    }

    /// A clock is wrong by so much, and says that it is right.
    pub(in crate::world) fn lie(&mut self, index: usize, by_ns: i64) {
        self.processes[index].host.clock_mut().lie(by_ns);
    }

    /// A clock is right again.
    pub(in crate::world) fn stop_lying(&mut self, index: usize) {
        self.processes[index].host.clock_mut().stop_lying();
    }
}
