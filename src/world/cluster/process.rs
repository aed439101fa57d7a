//! One replica's process: the replica while it is up, and what outlives it.

use std::collections::VecDeque;

use simulated_clock::{Duration, EventHandle, Instant, NodeClock};

use crate::observation::ReplicaId;
use crate::replica::{Effect, Host, Replica, TimerId};
use crate::storage::{DiskOptions, Io, Moment};
use crate::world::input::Input;

/// A process.
pub(in crate::world) struct Process<R: Replica> {
    pub(super) host: Host<R>,
    /// A handler's writes take until here.
    pub(super) busy: bool,
    /// When the last of them that took time are done.
    pub(super) busy_until: Instant,
    pub(super) paused: bool,
    /// It goes down when the current handler's writes are done.
    pub(super) dying: Option<Death>,
    /// What arrived while it was busy or paused.
    pub(super) inbox: VecDeque<(Instant, Input<R>)>,
    /// How many inputs had to wait because it was paused.
    pub(super) delayed: u64,
    /// Effects that leave only after the writes before them.
    pub(super) outbox: VecDeque<Effect<R>>,
    /// The pending timers, by their numbers.
    pub(super) timers: Vec<Option<EventHandle>>,
    /// How much longer every handler takes.
    pub(super) slow: Duration,
    /// How long it stays down after a crash at a write or an injected error.
    pub(super) down_for: Duration,
    pub(super) crashes: u32,
    pub(super) handlers: u64,
    /// How long a write takes where no fault makes it take longer.
    pub(super) write_latency: Duration,
}

/// A crash that waits for the end of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::world) struct Death {
    /// How long it stays down; until settle where absent.
    pub(in crate::world) down: Option<Duration>,
    /// Whether it struck inside the handler.
    pub(in crate::world) in_handler: bool,
}

impl<R: Replica> Process<R> {
    pub(super) fn new(id: ReplicaId, replicas: u64, disk: &DiskOptions, clock: NodeClock) -> Self {
        let host = Host::new(id, replicas, disk, clock);
        host.io().set_latency(disk.write_latency.0);
        Self {
            host,
            busy: false,
            busy_until: Instant::ZERO,
            paused: false,
            dying: None,
            inbox: VecDeque::new(),
            delayed: 0,
            outbox: VecDeque::new(),
            timers: Vec::new(),
            slow: Duration::ZERO,
            down_for: Duration::ZERO,
            crashes: 0,
            handlers: 0,
            write_latency: disk.write_latency.0,
        }
    }

    pub(in crate::world) fn id(&self) -> ReplicaId {
        self.host.id()
    }

    #[inline]
    pub(in crate::world) fn is_up(&self) -> bool {
        self.host.is_up()
    }

    /// Which life this is, from 1 on; 0 before the first.
    pub(in crate::world) fn incarnation(&self) -> u32 {
        self.host.incarnation()
    }

    pub(in crate::world) fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether it is up and not paused.
    pub(in crate::world) fn runs(&self) -> bool {
        self.is_up() && !self.paused
    }

    /// Whether it can take an input at once.
    #[inline]
    pub(super) fn is_ready(&self) -> bool {
        self.is_up() && !self.busy && !self.paused
    }

    /// Whether it is ready for an input, and no other waits for it.
    #[inline]
    pub(in crate::world) fn is_idle(&self) -> bool {
        self.is_ready() && self.inbox.is_empty()
    }

    /// How it goes down when the current handler's writes are done, if it does.
    #[inline]
    pub(in crate::world) fn dying(&self) -> Option<Death> {
        self.dying
    }

    /// How often it has gone down.
    pub(in crate::world) fn crashes(&self) -> u32 {
        self.crashes
    }

    /// How many handlers ran.
    pub(in crate::world) fn handlers(&self) -> u64 {
        self.handlers
    }

    /// How many inputs had to wait because it was paused.
    pub(in crate::world) fn delayed(&self) -> u64 {
        self.delayed
    }

    /// How many inputs wait for it, and how many effects wait to leave.
    pub(in crate::world) fn waiting(&self) -> usize {
        self.inbox.len() + self.outbox.len()
    }

    /// How many writes it ever made.
    pub(in crate::world) fn writes_ever(&self) -> u64 {
        self.io().writes_ever()
    }

    /// Whether it is yet to go down at a write.
    pub(in crate::world) fn is_armed(&self) -> bool {
        self.io().is_armed()
    }

    /// Whether a call to its disk is yet to fail.
    pub(in crate::world) fn is_error_armed(&self, moment: Moment) -> bool {
        self.io().is_error_armed(moment)
    }

    /// How often it read its clock while a fault made it wrong.
    pub(in crate::world) fn wrong_readings(&self) -> u64 {
        self.host.wrong_readings()
    }

    /// All that is volatile is gone.
    pub(super) fn go_down(&mut self) {
        self.host.go_down();
        self.dying = None;
        self.busy = false;
        self.paused = false;
        self.inbox.clear();
        self.outbox.clear();
        self.crashes += 1;
    }

    pub(super) fn io(&self) -> &Io {
        self.host.io()
    }

    /// A timer is pending.
    pub(super) fn remember_timer(&mut self, timer: TimerId, handle: EventHandle) {
        let place = usize::from(timer.0);
        if place >= self.timers.len() {
            self.timers.resize(place + 1, None);
        }
        self.timers[place] = Some(handle);
    }

    /// Forgets a timer that fired; gives its handle if it was pending.
    pub(super) fn forget_timer(&mut self, timer: TimerId) -> Option<EventHandle> {
        self.timers.get_mut(usize::from(timer.0))?.take()
    }

    /// Forgets all timers; gives the handles of those that were pending.
    pub(super) fn forget_timers(&mut self) -> impl Iterator<Item = EventHandle> {
        self.timers.drain(..).flatten()
    }
}
