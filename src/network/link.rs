//! One directed link: how far its sender was told, what closes it, what is in
//! flight, and the streams its messages draw from.

use std::fmt;

use simulated_clock::{Duration, Instant};

use super::Payload;
use super::endpoint::{Endpoint, Endpoints};
use super::flight::Flight;
use crate::decision::{Decisions, Stream};

#[derive(Debug)]
pub(super) struct Link<P> {
    pub(super) from: Endpoint,
    pub(super) to: Endpoint,
    /// The number of the pair of its ends.
    pub(super) pair: u32,
    /// The latency, as an index into the network's distributions.
    pub(super) latency: u16,
    /// The latest session that the sender has heard of; zero is none.
    pub(super) told: u32,
    /// How many faults cut it.
    pub(super) cuts: u32,
    /// How many faults clog it.
    pub(super) clogs: u32,
    /// How many messages cuts have lost, and clogs have held.
    pub(super) lost_to_cuts: u64,
    pub(super) held_by_clogs: u64,
    /// What is to take longer, if anything is.
    pub(super) holds: Vec<Hold>,
    /// When the last message that was held arrives.
    pub(super) held_until: Instant,
    pub(super) flight: Flight<P>,
    pub(super) streams: Streams,
}

/// The next message of a kind is to take longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hold {
    /// Tells it from others.
    pub(super) number: u32,
    pub(super) kind: usize,
    pub(super) by: Duration,
}

impl<P> Link<P> {
    /// How long a message of this kind takes, which is sent now and usually
    /// takes `latency`, in nanoseconds.
    #[cold]
    pub(super) fn held(&mut self, now: Instant, kind: usize, latency: u64) -> u64 {
        let Some(place) = self.holds.iter().position(|hold| hold.kind == kind) else {
            return latency;
        };
        let latency = latency + self.holds.swap_remove(place).by.as_nanos();
        let arrival = now + Duration::from_nanos(latency);
        self.held_until = self.held_until.max(arrival);
        latency
    }

    pub(super) const fn new(from: Endpoint, to: Endpoint, pair: u32, latency: u16) -> Self {
        Self {
            from,
            to,
            pair,
            latency,
            told: 1,
            cuts: 0,
            clogs: 0,
            lost_to_cuts: 0,
            held_by_clogs: 0,
            holds: Vec::new(),
            held_until: Instant::ZERO,
            flight: Flight::new(),
            streams: Streams::new(),
        }
    }
}

/// What is asked about each message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Question {
    Latency,
    Loss,
    Duplicate,
    Reorder,
}

const QUESTIONS: usize = 4;

impl Question {
    const fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Loss => "loss",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
        }
    }
}

/// The streams of one link and session, by question and message kind, made when
/// they are first needed.
#[derive(Debug)]
pub(super) struct Streams {
    session: u32,
    by_kind: [Vec<Option<Stream>>; QUESTIONS],
}

impl Streams {
    const fn new() -> Self {
        Self {
            session: 0,
            by_kind: [const { Vec::new() }; QUESTIONS],
        }
    }

    /// The stream of a question about messages of a kind.
    #[inline(always)]
    pub(super) fn of<P: Payload>(
        &mut self,
        question: Question,
        kind: usize,
        scope: LinkScope,
        decisions: &Decisions,
    ) -> &mut Stream {
        self.in_session::<P>(question, kind, scope.session, || scope, decisions)
    }

    /// The same where the scope is made only if the stream is not there yet: of small
    /// parts, it makes whoever reads it as a whole wait for them.
    #[inline(always)]
    pub(super) fn in_session<P: Payload>(
        &mut self,
        question: Question,
        kind: usize,
        session: u32,
        scope: impl FnOnce() -> LinkScope,
        decisions: &Decisions,
    ) -> &mut Stream {
        if self.session != session {
            self.restart(session);
        }
        let streams = &mut self.by_kind[question as usize];
        if kind >= streams.len() {
            streams.resize_with(kind + 1, || None);
        }
        streams[kind]
            .get_or_insert_with(|| make_stream(question, P::kind_name(kind), scope(), decisions))
    }

    #[cold]
    fn restart(&mut self, session: u32) {
        debug_assert!(session > self.session, "sessions only go up");
        self.session = session;
        self.by_kind.iter_mut().for_each(Vec::clear);
    }
}

#[cold]
fn make_stream(question: Question, kind: &str, scope: LinkScope, decisions: &Decisions) -> Stream {
    decisions.stream(question.name(), format!("{scope}.{kind}"))
}

/// One direction of one session, as it stands in the sites of decisions: `r1>r2.s3`.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkScope {
    pub(super) endpoints: Endpoints,
    pub(super) from: Endpoint,
    pub(super) to: Endpoint,
    pub(super) session: u32,
}

impl fmt::Display for LinkScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.endpoints.name(self.from), self.endpoints.name(self.to));
        write!(f, "{from}>{to}.s{}", self.session)
    }
}
