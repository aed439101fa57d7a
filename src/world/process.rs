//! One replica's process: the replica while it is up, and what outlives it.

use std::collections::VecDeque;

use simulated_clock::{Duration, EventHandle, Instant, NodeClock};

use crate::nemesis::FaultSource;
use crate::observation::{ClientId, ReplicaId};
use crate::replica::{Effect, Event, Host, Replica, Request, TimerId};
use crate::storage::{DiskOptions, Io};

/// A process.
pub(super) struct Process<R: Replica> {
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
    timers: Vec<Option<EventHandle>>,
    /// How much longer every handler takes.
    pub(super) slow: Duration,
    /// How long it stays down after a crash at a write or an injected error.
    pub(super) down_for: Duration,
    pub(super) crashes: u32,
    pub(super) handlers: u64,
    pub(super) write_latency: Duration,
}

/// A crash that waits for the end of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Death {
    /// How long it stays down; until settle where absent.
    pub(super) down: Option<Duration>,
    /// Whether it struck inside the handler.
    pub(super) in_handler: bool,
}

/// What waits for a replica.
pub(super) enum Input<R: Replica> {
    Message {
        from: ReplicaId,
        message: R::Message,
    },
    Request(Box<Request<R::Command>>),
    Timer(TimerId),
    SessionUp {
        peer: Peer,
        session: u32,
    },
    SessionLost {
        peer: Peer,
    },
    Operator {
        action: R::Action,
        source: FaultSource,
    },
    Stop,
}

/// The other end of a replica's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    Replica(ReplicaId),
    /// The world keeps clients' sessions; a replica does not hear of them.
    Client(ClientId),
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

    pub(super) fn id(&self) -> ReplicaId {
        self.host.id()
    }

    #[inline]
    pub(super) fn is_up(&self) -> bool {
        self.host.is_up()
    }

    /// Whether it can take an input at once.
    #[inline]
    pub(super) fn is_ready(&self) -> bool {
        self.is_up() && !self.busy && !self.paused
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

    #[cfg(feature = "explore")]
    /// The timers that are pending, by their numbers.
    pub(super) fn pending_timers(&self) -> impl Iterator<Item = TimerId> {
        let timers = (0..).zip(&self.timers);
        timers
            .filter(|(_, timer)| timer.is_some())
            .map(|(number, _)| TimerId(number))
    }

    /// Forgets all timers; gives the handles of those that were pending.
    pub(super) fn forget_timers(&mut self) -> impl Iterator<Item = EventHandle> {
        self.timers.drain(..).flatten()
    }
}

impl<R: Replica> Input<R> {
    /// Whether the replica is told of it: of clients' sessions it is not.
    #[inline]
    pub(super) fn is_heard(&self) -> bool {
        !matches!(
            self,
            Self::SessionUp {
                peer: Peer::Client(_),
                ..
            } | Self::SessionLost {
                peer: Peer::Client(_)
            }
        )
    }

    /// The event as the replica sees it.
    ///
    /// # Panics
    /// If it is not [heard](Self::is_heard).
    #[inline]
    pub(super) fn into_event(self, late: Duration) -> Event<R> {
        match self {
            Self::Message { from, message } => Event::Message { from, message },
            Self::Request(request) => Event::Request(*request),
            Self::Timer(timer) => Event::Timer { timer, late },
            Self::SessionUp {
                peer: Peer::Replica(peer),
                ..
            } => Event::SessionUp(peer),
            Self::SessionLost {
                peer: Peer::Replica(peer),
            } => Event::SessionLost(peer),
            Self::SessionUp { .. } | Self::SessionLost { .. } => {
                unreachable!("a replica does not hear of clients' sessions")
            }
            Self::Operator { action, .. } => Event::Operator(action),
            Self::Stop => Event::Stop,
        }
    }
}
