//! The network itself: who is up, all links and pairs, sending and delivering.

use simulated_clock::{Duration, Instant};

use super::endpoint::{Endpoint, Endpoints};
use super::flight::Item;
use super::link::{Link, LinkScope, Question};
use super::options::{LinkContract, NetworkOptions};
use super::pair::Pair;
use super::{Agenda, Counts, Happening, NetworkEvent, Payload};
use crate::decision::{Decisions, Distribution, distribution::scale};
use crate::units::{Probability, TimeRange};

/// All links between the endpoints of one run.
///
/// ```
/// use omnisim::decision::Decisions;
/// use omnisim::network::{Agenda, Endpoints, Happening, Network, NetworkEvent, NetworkOptions, Payload};
/// use simulated_clock::{EventQueue, Instant};
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Greeting;
/// impl Payload for Greeting {
///     fn kind(&self) -> usize { 0 }
///     fn kind_name(_: usize) -> &'static str { "Greeting" }
/// }
/// struct Queue(EventQueue<NetworkEvent>);
/// impl Agenda for Queue {
///     fn at(&mut self, time: Instant, event: NetworkEvent) { self.0.push(time, event); }
/// }
///
/// let endpoints = Endpoints { replicas: 2, clients: 0 };
/// let (one, two) = (endpoints.replica(1), endpoints.replica(2));
/// let mut decisions = Decisions::seeded(42);
/// let mut queue = Queue(EventQueue::new());
/// let mut network = Network::new(&NetworkOptions::default(), endpoints, &[]);
/// network.send(Instant::ZERO, one, two, Greeting, &mut decisions, &mut queue);
/// let (now, event) = queue.0.pop().unwrap();
/// let happening = network.on_event(now, event, &mut decisions, &mut queue);
/// assert_eq!(happening, Happening::Delivered { from: one, to: two, payload: Greeting, session: 1 });
/// ```
#[derive(Debug)]
pub struct Network<P> {
    pub(super) endpoints: Endpoints,
    pub(super) contract: LinkContract,
    pub(super) up: Vec<bool>,
    pub(super) links: Vec<Link<P>>,
    pub(super) pairs: Vec<Pair>,
    /// What the links' latencies are drawn from.
    pub(super) latencies: Vec<Distribution>,
    pub(super) handshake: TimeRange,
    loss: Probability,
    duplicate: Probability,
    reorder: Probability,
    reorder_by: Duration,
    pub(super) counts: Counts,
    /// Gives holds their numbers.
    pub(super) holds_begun: u32,
}

impl<P: Payload> Network<P> {
    /// A network in which everyone is up and every pair has its first session.
    /// `homes` gives the home replica of each client.
    ///
    /// # Panics
    /// If the options have a [problem](NetworkOptions::problem), or a client no home.
    pub fn new(options: &NetworkOptions, endpoints: Endpoints, homes: &[Endpoint]) -> Self {
        assert_eq!(options.problem(endpoints.replicas.into()), None);
        assert_eq!(
            homes.len(),
            usize::from(endpoints.clients),
            "every client has a home"
        );
        assert!(homes.iter().all(|home| endpoints.is_replica(*home)));
        let mut latencies = vec![options.latency.clone()];
        let links = (0..endpoints.links()).map(|link| {
            let (from, to) = endpoints.ends(link);
            let latency = latency_between(options, endpoints, homes, from, to);
            let index = latencies.iter().position(|known| known == latency);
            let index = index.unwrap_or_else(|| {
                latencies.push(latency.clone());
                latencies.len() - 1
            });
            // The diagonal of the square holds no links, and no pairs.
            let pair = if from == to {
                0
            } else {
                endpoints.pair(from, to)
            };
            Link::new(from, to, pair as u32, index as u16)
        });
        Self {
            endpoints,
            contract: options.contract,
            up: vec![true; endpoints.total().into()],
            links: links.collect(),
            pairs: (0..endpoints.pairs()).map(|_| Pair::new()).collect(),
            latencies,
            handshake: options.handshake,
            loss: options.loss,
            duplicate: options.duplicate,
            reorder: options.reorder,
            reorder_by: options.reorder_by.0,
            counts: Counts::default(),
            holds_begun: 0,
        }
    }

    /// Who is at the ends of its links.
    #[inline]
    pub fn endpoints(&self) -> Endpoints {
        self.endpoints
    }

    /// Sends a message. Without a standing session that the sender was told of
    /// it is lost, and so it is on a link that is cut, or to one who is down.
    /// Returns whether it, or a copy of it, is under way now.
    #[inline(always)]
    pub fn send(
        &mut self,
        now: Instant,
        from: Endpoint,
        to: Endpoint,
        payload: P,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> bool {
        debug_assert!(self.up[usize::from(from.0)], "who is down sends nothing");
        self.counts.sent += 1;
        let index = self.endpoints.link(from, to);
        let link = &mut self.links[index];
        debug_assert!(link.from == from && link.to == to);
        let pair = &self.pairs[link.pair as usize];
        let enters = match self.contract {
            LinkContract::Session => pair.is_standing && link.told == pair.session,
            LinkContract::Lossy | LinkContract::Datagram => self.up[usize::from(to.0)],
        };
        if !enters || link.cuts > 0 {
            self.counts.dropped += 1;
            let is_cut_off = link.cuts > 0 && self.up[usize::from(to.0)];
            link.lost_to_cuts += u64::from(is_cut_off);
            return false;
        }
        let session = pair.session;
        let endpoints = &self.endpoints;
        let scope = || LinkScope {
            endpoints: *endpoints,
            from,
            to,
            session,
        };
        if self.contract == LinkContract::Datagram {
            let scope = scope();
            return self.send_datagram(now, index, scope, payload, decisions, agenda);
        }
        // Everything is asked of every message that enters, lost or not: then
        // taking away one loss leaves the latencies behind it as they were.
        let kind = payload.kind();
        let stream =
            link.streams
                .in_session::<P>(Question::Latency, kind, session, scope, decisions);
        let mut latency = decisions.sample(stream, &self.latencies[usize::from(link.latency)]);
        if !link.holds.is_empty() {
            latency = link.held(now, kind, latency);
        }
        if self.loss.is_possible() {
            let stream =
                link.streams
                    .in_session::<P>(Question::Loss, kind, session, scope, decisions);
            if decisions.chance(stream, self.loss.ppm()) {
                self.counts.dropped += 1;
                return false;
            }
        }
        let (arrival, sequence) = link.flight.push_in_order(
            now + Duration::from_nanos(latency),
            session,
            Item::Message(payload),
        );
        agenda.at(arrival, arrival_of(index, sequence));
        true
    }

    #[inline(never)]
    fn send_datagram(
        &mut self,
        now: Instant,
        index: usize,
        scope: LinkScope,
        payload: P,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> bool {
        debug_assert_eq!(self.contract, LinkContract::Datagram);
        let link = &mut self.links[index];
        let kind = payload.kind();
        let distribution = &self.latencies[usize::from(link.latency)];
        let stream = link
            .streams
            .of::<P>(Question::Latency, kind, scope, decisions);
        let mut latency = decisions.sample(stream, distribution);
        if !link.holds.is_empty() {
            latency = link.held(now, kind, latency);
        }
        let (mut is_lost, mut copy) = (false, 0);
        if self.loss.is_possible() {
            let stream = link.streams.of::<P>(Question::Loss, kind, scope, decisions);
            is_lost = decisions.chance(stream, self.loss.ppm());
        }
        // The answers to these two are times, and zero says no.
        if self.reorder.is_possible() {
            let stream = link
                .streams
                .of::<P>(Question::Reorder, kind, scope, decisions);
            let held_back = |place| 1 + scale(place, self.reorder_by.as_nanos());
            latency += decisions.ask(stream, 0, |slice| rarely(self.reorder, slice, held_back));
        }
        if self.duplicate.is_possible() {
            let stream = link
                .streams
                .of::<P>(Question::Duplicate, kind, scope, decisions);
            let its_latency = |place| distribution.sample(place).max(1);
            copy = decisions.ask(stream, 0, |slice| {
                rarely(self.duplicate, slice, its_latency)
            });
        }

        let mut push = |latency: u64, payload: P| {
            let arrival = now + Duration::from_nanos(latency);
            let sequence = link
                .flight
                .push(arrival, scope.session, Item::Message(payload));
            agenda.at(arrival, arrival_of(index, sequence));
        };
        if copy != 0 {
            self.counts.duplicated += 1;
            push(copy, payload.clone());
        }
        if is_lost {
            self.counts.dropped += 1;
        } else {
            push(latency, payload);
        }
        copy != 0 || !is_lost
    }

    /// What an event brings, now that its time has come.
    #[inline]
    pub fn on_event(
        &mut self,
        now: Instant,
        event: NetworkEvent,
        decisions: &mut Decisions,
        agenda: &mut impl Agenda,
    ) -> Happening<P> {
        match event {
            NetworkEvent::Arrival { link, sequence } => self.arrive(link as usize, sequence),
            NetworkEvent::Handshake { pair, attempt } => {
                self.finish_handshake(now, pair as usize, attempt, decisions, agenda);
                Happening::Nothing
            }
        }
    }

    #[inline]
    fn arrive(&mut self, index: usize, sequence: u64) -> Happening<P> {
        let link = &mut self.links[index];
        if link.clogs > 0 {
            link.held_by_clogs += u64::from(link.flight.is_message(sequence));
            return Happening::Nothing;
        }
        let taken = match self.contract {
            LinkContract::Datagram => link.flight.take(sequence),
            LinkContract::Session | LinkContract::Lossy => link.flight.take_in_order(sequence),
        };
        let Some((session, item)) = taken else {
            return Happening::Nothing;
        };
        let (from, to) = (link.from, link.to);
        debug_assert!(
            self.up[usize::from(to.0)],
            "a crash drops what is in flight"
        );
        match item {
            // A cut loses what arrives during it, except under sessions, where
            // it chose at once what is kept.
            Item::Message(_) if link.cuts > 0 && self.contract != LinkContract::Session => {
                self.counts.dropped += 1;
                link.lost_to_cuts += 1;
                Happening::Nothing
            }
            Item::Message(payload) => {
                self.counts.delivered += 1;
                Happening::Delivered {
                    from,
                    to,
                    payload,
                    session,
                }
            }
            Item::Up => Happening::SessionUp {
                at: to,
                peer: from,
                session,
            },
            Item::Lost => Happening::SessionLost { at: to, peer: from },
            Item::Gone => unreachable!("what is gone is not taken"),
        }
    }

    /// From now on nothing is lost, duplicated or reordered by chance.
    pub fn end_injected_loss(&mut self) {
        self.loss = Probability::NEVER;
        self.duplicate = Probability::NEVER;
        self.reorder = Probability::NEVER;
    }

    /// Whether what is sent now can arrive: both are up, and the link is not cut.
    pub fn is_open(&self, from: Endpoint, to: Endpoint) -> bool {
        let link = &self.links[self.endpoints.link(from, to)];
        debug_assert!(link.from == from && link.to == to);
        link.cuts == 0 && self.up[usize::from(from.0)] && self.up[usize::from(to.0)]
    }

    /// How many messages there were.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many messages are under way, held ones included.
    pub fn in_flight(&self) -> usize {
        let Counts {
            sent,
            delivered,
            dropped,
            duplicated,
        } = self.counts;
        (sent + duplicated - delivered - dropped) as usize
    }

    /// (Nearly) the longest that a message takes between two who can talk: its
    /// latency, and before it the time to hold it back or to make a session.
    pub fn longest_delay(&self) -> Duration {
        let latency = self.latencies.iter().map(Distribution::longest).max();
        let before = match self.contract {
            LinkContract::Session => self.handshake.max,
            LinkContract::Datagram if self.reorder.is_possible() => self.reorder_by,
            LinkContract::Datagram | LinkContract::Lossy => Duration::ZERO,
        };
        Duration::from_nanos(latency.unwrap_or(0)).saturating_add(before)
    }
}

#[inline]
pub(super) fn arrival_of(link: usize, sequence: u64) -> NetworkEvent {
    NetworkEvent::Arrival {
        link: link as u32,
        sequence,
    }
}

/// With this chance an answer drawn from the rest of the slice, else zero. One
/// question for both, so that an answer taken away shifts nothing.
fn rarely(chance: Probability, slice: u64, answer: impl FnOnce(u64) -> u64) -> u64 {
    const CHOOSER_BITS: u32 = 24;
    let high = slice >> (64 - CHOOSER_BITS) << (64 - CHOOSER_BITS);
    if scale(high, 1_000_000) < u64::from(chance.ppm()) {
        answer(slice << CHOOSER_BITS)
    } else {
        0
    }
}

/// What the latency of a link is drawn from.
fn latency_between<'a>(
    options: &'a NetworkOptions,
    endpoints: Endpoints,
    homes: &[Endpoint],
    from: Endpoint,
    to: Endpoint,
) -> &'a Distribution {
    let site = |endpoint: Endpoint| {
        if endpoints.is_replica(endpoint) {
            usize::from(endpoint.0)
        } else {
            usize::from(homes[usize::from(endpoint.0 - endpoints.replicas)].0)
        }
    };
    let far = options.regions.as_ref().and_then(|regions| {
        regions.between(&regions.locations[site(from)], &regions.locations[site(to)])
    });
    let with_client = !endpoints.is_replica(from) || !endpoints.is_replica(to);
    let near = options.client_latency.as_ref().filter(|_| with_client);
    far.or(near).unwrap_or(&options.latency)
}
