//! A run, halted at some moment: what a search goes on from.
//!
//! Time stops between two events. What a handler asked for and has not left yet leaves now,
//! as if its writes took no time, and whoever waits for such writes to go down is down.
//! What faults did stays, and they end: nothing fails at the disks any more, nothing is held
//! back, and a link that is cut is either cut in both directions, or whole.

use simulated_clock::Instant;

use super::cluster::{Cluster, Process};
use super::input::{Input, Peer};
use super::packet::Packet;
use super::{RunOptions, World};
use crate::check::Checks;
use crate::client::{History, Issued};
use crate::decision::Plan;
use crate::network::{LinkContract, Network};
use crate::observation::{ReplicaId, RequestId};
use crate::replica::{Effect, Host, Replica, Request};
use crate::scenario::Scenario;
use crate::system::{CommandOf, EntryOf, OutputOf, System};
use crate::units::KeyError;

/// A run that was halted.
pub(crate) struct Halted<S: System> {
    /// Each replica.
    pub(crate) replicas: Vec<Survivor<S::Replica>>,
    /// What was observed so far.
    pub(crate) checks: Checks<EntryOf<S>, S::Fold>,
    /// What each will hear from each, in the order of (from, to).
    pub(crate) links: Vec<Vec<Heard<S::Replica>>>,
    /// The pairs whose link is cut.
    pub(crate) cut: Vec<(ReplicaId, ReplicaId)>,
    /// What clients did.
    pub(crate) history: History<CommandOf<S>, OutputOf<S>>,
    /// The last attempts of what clients still wait for, and whether the replica has yet
    /// to hear of them.
    pub(crate) open: Vec<(Issued, bool)>,
}

/// A replica of a run that was halted.
pub(crate) struct Survivor<R: Replica> {
    pub(crate) host: Host<R>,
    /// The pending timers, one bit each.
    pub(crate) timers: u32,
}

/// Something that a replica will hear from a peer.
pub(crate) enum Heard<R: Replica> {
    Message(R::Message),
    SessionUp,
}

impl<R: Replica> Clone for Heard<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Message(message) => Self::Message(message.clone()),
            Self::SessionUp => Self::SessionUp,
        }
    }
}

/// The replicas and the network between them, when nothing moves.
struct Still<'w, R: Replica> {
    /// Whether links keep sessions.
    with_sessions: bool,
    network: &'w Network<Packet<R>>,
    cluster: &'w Cluster<R>,
}

/// So many steps are made again in about a second.
const STEPS_MAX: u64 = 1_000_000;

/// Runs one seed of a scenario, and halts it.
///
/// # Errors
/// The scenario's options do not suit the system, or there is nothing to halt at that
/// moment any more: the key, and what would be right.
pub(crate) fn halt<S: System>(
    scenario: &Scenario,
    seed: u64,
    plan: Plan,
    until: Instant,
) -> Result<Halted<S>, KeyError> {
    let options = RunOptions {
        plan,
        until: Some(until),
        keep_history: true,
        ..RunOptions::default()
    };
    let mut world = World::<S>::new(scenario, seed, options)?;
    world.run(STEPS_MAX);
    let wrong = |message| Err(KeyError::new("model.from.until", message));
    if let Some(violation) = world.watch.violation() {
        return wrong(format!(
            "the run violates {} at {}: halt it before that",
            violation.check, violation.at
        ));
    }
    if world.watch.steps() >= STEPS_MAX {
        return wrong(format!(
            "the run takes more than {STEPS_MAX} steps until then, too many to make it again \
             for every copy of a replica: halt it earlier"
        ));
    }
    if !world.course.was_cut_short() {
        return wrong("the run is over by then: halt it earlier".to_owned());
    }
    Ok(world.halted(until))
}

impl<S: System> World<'_, S> {
    fn halted(mut self, now: Instant) -> Halted<S> {
        let leaving = self.cluster.take_postponed();
        for index in 0..self.cluster.len() {
            if let Some(death) = self.cluster[index].dying() {
                self.go_down(now, index, death);
            }
        }
        let still = Still {
            with_sessions: self.scenario.network.contract == LinkContract::Session,
            network: &self.network,
            cluster: &self.cluster,
        };
        let mut links = still.links();
        let leaving = leaving.into_iter().enumerate();
        let timers: Vec<_> = leaving
            .map(|(index, effects)| still.let_leave(index, effects, &mut links))
            .collect();
        let cut = still.pairs().filter(|pair| still.is_cut(*pair));
        let cut = cut.collect();
        let open = self.load.open();
        let open = open.map(|issued| (issued, still.is_on_its_way(issued.id, issued.attempt)));
        let open = open.collect();
        let replicas = self.cluster.into_hosts().zip(timers);
        Halted {
            replicas: replicas
                .map(|(host, timers)| survivor(host, timers))
                .collect(),
            checks: self.watch.into_checks(),
            links,
            cut,
            history: self.load.into_history(),
            open,
        }
    }
}

impl<R: Replica> Still<'_, R> {
    fn pairs(&self) -> impl Iterator<Item = (ReplicaId, ReplicaId)> + use<R> {
        let replicas = self.cluster.len() as u64;
        (1..=replicas).flat_map(move |one| (one + 1..=replicas).map(move |other| (one, other)))
    }

    /// Whether nothing passes either way.
    fn is_cut(&self, (one, other): (ReplicaId, ReplicaId)) -> bool {
        let endpoints = self.network.endpoints();
        let (one, other) = (endpoints.replica(one), endpoints.replica(other));
        self.network.is_cut(one, other) && self.network.is_cut(other, one)
    }

    /// What each will hear from each: what waits for it, and what is under way. A session
    /// that is about to be made is made.
    fn links(&self) -> Vec<Vec<Heard<R>>> {
        let replicas = self.cluster.len() as u64;
        let mut links: Vec<Vec<_>> = Vec::new();
        for from in 1..=replicas {
            for to in 1..=replicas {
                links.push(if from == to {
                    Vec::new()
                } else {
                    self.heard(from, to)
                });
            }
        }
        let endpoints = self.network.endpoints();
        for (one, other) in self.pairs() {
            let is_up = |id: ReplicaId| self.cluster[id as usize - 1].is_up();
            let ends = (endpoints.replica(one), endpoints.replica(other));
            let lacks_session = self.with_sessions && !self.network.has_session(ends.0, ends.1);
            if lacks_session && is_up(one) && is_up(other) && !self.is_cut((one, other)) {
                links[self.link(one, other)].push(Heard::SessionUp);
                links[self.link(other, one)].push(Heard::SessionUp);
            }
        }
        links
    }

    fn heard(&self, from: ReplicaId, to: ReplicaId) -> Vec<Heard<R>> {
        let inbox = self.cluster[to as usize - 1].inbox();
        let waits = inbox.filter_map(|input| match input {
            Input::Message {
                from: sender,
                message,
            } if *sender == from => Some(Heard::Message(message.clone())),
            Input::SessionUp {
                peer: Peer::Replica(peer),
                ..
            } if *peer == from => Some(Heard::SessionUp),
            _ => None,
        });
        let endpoints = self.network.endpoints();
        let ends = (endpoints.replica(from), endpoints.replica(to));
        let under_way = self.network.heard_next(ends.0, ends.1);
        let under_way = under_way.filter_map(|next| match next {
            Some(Packet::Peer(message)) => Some(Heard::Message(message.clone())),
            Some(Packet::Request(_) | Packet::Reply(_)) => None,
            None => Some(Heard::SessionUp),
        });
        waits.chain(under_way).collect()
    }

    /// The place of a link in the order of (from, to).
    fn link(&self, from: ReplicaId, to: ReplicaId) -> usize {
        (from as usize - 1) * self.cluster.len() + to as usize - 1
    }

    /// Effects leave that waited for writes; gives the timers that are pending then.
    fn let_leave(&self, index: usize, effects: Vec<Effect<R>>, links: &mut [Vec<Heard<R>>]) -> u32 {
        let process = &self.cluster[index];
        let waiting = process.inbox().filter_map(|input| match input {
            Input::Timer(timer) => Some(*timer),
            _ => None,
        });
        let mut timers = process
            .pending_timers()
            .chain(waiting)
            .fold(0, |timers, timer| timers | 1 << timer.0);
        for effect in effects {
            match effect {
                Effect::Send { to, message } if self.reaches(process.id(), to, links) => {
                    links[self.link(process.id(), to)].push(Heard::Message(message));
                }
                Effect::SetTimer { timer, .. } if process.is_up() => timers |= 1 << timer.0,
                Effect::CancelTimer(timer) => timers &= !(1 << timer.0),
                // Answers are lost, and clients may ask again.
                Effect::Send { .. } | Effect::Reply(_) | Effect::SetTimer { .. } => {}
            }
        }
        timers
    }

    /// Whether what is sent now may arrive: under sessions, not before the sender has
    /// heard of the present one.
    fn reaches(&self, from: ReplicaId, to: ReplicaId, links: &[Vec<Heard<R>>]) -> bool {
        let back = &links[self.link(to, from)];
        let is_untold = back.iter().any(|heard| matches!(heard, Heard::SessionUp));
        let has_session = self.cluster[to as usize - 1].is_up() && !is_untold;
        !self.is_cut((from, to)) && (has_session || !self.with_sessions)
    }

    /// Whether this attempt has not reached its replica yet.
    fn is_on_its_way(&self, id: RequestId, attempt: u32) -> bool {
        let is_it = |request: &Request<R::Command>| (request.id, request.attempt) == (id, attempt);
        let mut under_way = self.network.under_way();
        let mut waiting = self.cluster.iter().flat_map(Process::inbox);
        under_way.any(|(_, _, packet)| matches!(packet, Packet::Request(request) if is_it(request)))
            || waiting.any(|input| matches!(input, Input::Request(request) if is_it(request)))
    }
}

fn survivor<R: Replica>(host: Host<R>, timers: u32) -> Survivor<R> {
    let timers = if host.is_up() { timers } else { 0 };
    Survivor { host, timers }
}
