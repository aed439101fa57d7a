//! A world that only has a network: it does what it is told to, and writes down
//! what endpoints live through.

use std::collections::BTreeMap;

use proptest::prelude::*;
use simulated_clock::{Duration, EventQueue, Instant};

use super::trace::Step;
use crate::decision::Decisions;
use crate::network::{
    Agenda, Endpoint, Endpoints, Happening, LinkContract, Network, NetworkEvent, NetworkOptions,
    Payload,
};
use crate::units::{Probability, TimeRange};

/// A message that is only a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note(pub(super) u64);

impl Payload for Note {
    fn kind(&self) -> usize {
        (self.0 % 2) as usize
    }

    fn kind_name(kind: usize) -> &'static str {
        ["Even", "Odd"][kind]
    }
}

#[derive(Clone, Copy, Debug)]
enum Wake {
    Network(NetworkEvent),
    Told {
        at: Endpoint,
        peer: Endpoint,
        session: u32,
        incarnation: u32,
    },
}

#[derive(Debug)]
struct Queue(EventQueue<Wake>);

impl Agenda for Queue {
    fn at(&mut self, time: Instant, event: NetworkEvent) {
        self.0.push(time, Wake::Network(event));
    }
}

/// Something to do; what makes no sense at the moment is left undone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Send(Endpoint, Endpoint),
    Wait(Duration),
    Break(Endpoint, Endpoint),
    Cut(Endpoint, Endpoint),
    Heal(Endpoint, Endpoint),
    Clog(Endpoint, Endpoint),
    Unclog(Endpoint, Endpoint),
    Hold(Endpoint, Endpoint),
    Repeat(Endpoint, Endpoint),
    Crash(Endpoint),
    Restart(Endpoint),
}

pub(super) const ENDPOINTS: Endpoints = Endpoints {
    replicas: 3,
    clients: 1,
};

/// How long a message is held, or comes again after.
pub(super) const HELD: Duration = Duration::from_millis(7);

/// Random deeds, and the rare ones rarely.
pub(super) fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let pairs: Vec<(Endpoint, Endpoint)> = ENDPOINTS
        .all()
        .flat_map(|from| ENDPOINTS.peers(from).map(move |to| (from, to)))
        .collect();
    // Most of the traffic is on two pairs, so that their queues are long.
    let busy = vec![
        (Endpoint(0), Endpoint(1)),
        (Endpoint(1), Endpoint(0)),
        (Endpoint(3), Endpoint(0)),
        (Endpoint(0), Endpoint(3)),
    ];
    let pair = prop_oneof![
        3 => prop::sample::select(busy),
        1 => prop::sample::select(pairs),
    ]
    .boxed();
    let on = |deed: fn(Endpoint, Endpoint) -> Deed| {
        pair.clone().prop_map(move |(from, to)| deed(from, to))
    };
    let replica = (0..ENDPOINTS.replicas).prop_map(Endpoint);
    let deed = prop_oneof![
        24 => on(Deed::Send),
        8 => (0..2_000u64).prop_map(|micros| Deed::Wait(Duration::from_micros(micros))),
        2 => (2_000..20_000u64).prop_map(|micros| Deed::Wait(Duration::from_micros(micros))),
        2 => on(Deed::Break),
        2 => on(Deed::Cut),
        3 => on(Deed::Heal),
        2 => on(Deed::Clog),
        3 => on(Deed::Unclog),
        2 => on(Deed::Hold),
        1 => on(Deed::Repeat),
        1 => replica.clone().prop_map(Deed::Crash),
        2 => replica.prop_map(Deed::Restart),
    ];
    prop::collection::vec(deed, 1..200)
}

#[derive(Debug)]
pub(super) struct Driver {
    pub(super) network: Network<Note>,
    pub(super) decisions: Decisions,
    queue: Queue,
    pub(super) now: Instant,
    /// How long an endpoint takes to handle that a session is up.
    busy: Duration,
    pub(super) steps: Vec<Step>,
    /// When each step was.
    pub(super) times: Vec<Instant>,
    sent: u64,
    up: BTreeMap<Endpoint, bool>,
    incarnations: BTreeMap<Endpoint, u32>,
    cuts: BTreeMap<(Endpoint, Endpoint), u32>,
    clogs: BTreeMap<(Endpoint, Endpoint), u32>,
}

/// What a contract allows at most, with short handshakes.
pub(super) fn options(contract: LinkContract) -> NetworkOptions {
    let percent = |allowed: bool| Probability::from_ppm(if allowed { 200_000 } else { 0 });
    NetworkOptions {
        contract,
        loss: percent(contract != LinkContract::Session),
        duplicate: percent(contract == LinkContract::Datagram),
        reorder: percent(contract == LinkContract::Datagram),
        handshake: TimeRange::from_millis(1, 5),
        ..NetworkOptions::default()
    }
}

impl Driver {
    pub(super) fn new(options: &NetworkOptions, decisions: Decisions) -> Self {
        let homes = [Endpoint(0)];
        Self {
            network: Network::new(options, ENDPOINTS, &homes),
            decisions,
            queue: Queue(EventQueue::new()),
            now: Instant::ZERO,
            busy: Duration::from_micros(300),
            steps: Vec::new(),
            times: Vec::new(),
            sent: 0,
            up: ENDPOINTS.all().map(|endpoint| (endpoint, true)).collect(),
            incarnations: BTreeMap::new(),
            cuts: BTreeMap::new(),
            clogs: BTreeMap::new(),
        }
    }

    pub(super) fn run(&mut self, deeds: &[Deed]) -> &mut Self {
        for deed in deeds {
            self.perform(*deed);
            let counts = self.network.counts();
            assert!(
                counts.sent + counts.duplicated >= counts.delivered + counts.dropped,
                "{counts:?}"
            );
        }
        self
    }

    fn perform(&mut self, deed: Deed) {
        let (now, queue) = (self.now, &mut self.queue);
        let (network, decisions) = (&mut self.network, &mut self.decisions);
        match deed {
            Deed::Wait(time) => self.wait_until(now + time),
            Deed::Send(from, to) if self.up[&from] => {
                self.sent += 1;
                network.send(now, from, to, Note(self.sent), decisions, queue);
                let id = self.sent;
                self.note(Step::Sent { id, from, to });
            }
            Deed::Break(a, b) => {
                network.break_session(now, a, b, decisions, queue);
            }
            Deed::Cut(from, to) => {
                *self.cuts.entry((from, to)).or_default() += 1;
                network.cut(now, from, to, decisions, queue);
            }
            Deed::Heal(from, to) if release(&mut self.cuts, (from, to)) => {
                network.heal(now, from, to, decisions, queue);
            }
            Deed::Clog(from, to) => {
                *self.clogs.entry((from, to)).or_default() += 1;
                network.clog(from, to);
            }
            Deed::Unclog(from, to) if release(&mut self.clogs, (from, to)) => {
                network.unclog(now, from, to, queue);
            }
            Deed::Hold(from, to) => {
                network.hold_next(from, to, 0, HELD);
            }
            Deed::Repeat(from, to) => {
                network.repeat(now + HELD, from, to, queue);
                self.note(Step::Repeated { from, to });
            }
            Deed::Crash(at) if self.up[&at] => {
                self.up.insert(at, false);
                *self.incarnations.entry(at).or_default() += 1;
                network.crash(now, at, decisions, queue);
                self.note(Step::Crashed { at });
            }
            Deed::Restart(at) if !self.up[&at] => {
                self.up.insert(at, true);
                network.restart(now, at, decisions, queue);
            }
            _ => {}
        }
    }

    fn wait_until(&mut self, end: Instant) {
        while self.queue.0.peek_time().is_some_and(|time| time <= end) {
            let (time, wake) = self.queue.0.pop().expect("it was there");
            self.now = time;
            self.wake(wake);
        }
        self.now = end;
    }

    fn wake(&mut self, wake: Wake) {
        let event = match wake {
            Wake::Network(event) => event,
            Wake::Told {
                at,
                peer,
                session,
                incarnation,
            } => {
                if self.up[&at] && self.incarnation(at) == incarnation {
                    self.network.told(at, peer, session);
                    self.note(Step::Told { at, peer, session });
                }
                return;
            }
        };
        let (now, queue) = (self.now, &mut self.queue);
        let happening = self
            .network
            .on_event(now, event, &mut self.decisions, queue);
        match happening {
            Happening::Delivered {
                from,
                to,
                payload: Note(id),
                session,
            } => self.note(Step::Delivered {
                id,
                from,
                to,
                session,
            }),
            Happening::SessionUp { at, peer, session } => {
                let incarnation = self.incarnation(at);
                let told = Wake::Told {
                    at,
                    peer,
                    session,
                    incarnation,
                };
                self.queue.0.push(now + self.busy, told);
                self.note(Step::Up { at, peer, session });
            }
            Happening::SessionLost { at, peer } => self.note(Step::Lost { at, peer }),
            Happening::Nothing => {}
        }
    }

    /// Takes every fault away and waits until nothing more happens.
    pub(super) fn settle(&mut self) -> &mut Self {
        for (from, to) in self.cuts.clone().into_keys() {
            while self.cuts[&(from, to)] > 0 {
                self.perform(Deed::Heal(from, to));
            }
        }
        for (from, to) in self.clogs.clone().into_keys() {
            while self.clogs[&(from, to)] > 0 {
                self.perform(Deed::Unclog(from, to));
            }
        }
        ENDPOINTS
            .all()
            .for_each(|endpoint| self.perform(Deed::Restart(endpoint)));
        self.network.end_injected_loss();
        self.network.release_held(self.now, &mut self.queue);
        self.drain()
    }

    /// Waits until nothing more happens.
    pub(super) fn drain(&mut self) -> &mut Self {
        while let Some(time) = self.queue.0.peek_time() {
            self.wait_until(time);
        }
        self
    }

    /// The numbers of what was delivered, in order.
    pub(super) fn delivered(&self) -> Vec<u64> {
        let ids = self.steps.iter().map(|step| match step {
            Step::Delivered { id, .. } => Some(*id),
            _ => None,
        });
        ids.flatten().collect()
    }

    fn incarnation(&self, at: Endpoint) -> u32 {
        self.incarnations.get(&at).copied().unwrap_or(0)
    }

    fn note(&mut self, step: Step) {
        self.steps.push(step);
        self.times.push(self.now);
    }
}

/// Takes one fault away, if there is one.
fn release(faults: &mut BTreeMap<(Endpoint, Endpoint), u32>, link: (Endpoint, Endpoint)) -> bool {
    let Some(count) = faults.get_mut(&link).filter(|count| **count > 0) else {
        return false;
    };
    *count -= 1;
    true
}
