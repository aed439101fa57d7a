//! Begins and ends faults.

use simulated_clock::{Duration, Instant};

use super::World;
use super::dispatch::what;
use super::event::Event;
use super::packet::Packet;
use super::process::Process;
use super::trace_line::Scene;
use crate::decision::hash::text_hash;
use crate::nemesis::{Begun, FOLLOWER, Fault, FaultSource, SLOT, Struck, Target};
use crate::network::Endpoint;
use crate::observation::ReplicaId;
use crate::system::System;

use super::{Stage, read_action};

/// A fault that holds, and how it is ended.
#[derive(Debug)]
pub(super) struct ActiveFault {
    id: u32,
    pub(super) source: FaultSource,
    description: String,
    pub(super) undo: Undo,
    /// What was struck before it began.
    pub(super) before: u64,
}

/// How a fault is ended, and what was struck before it began.
struct Lasting {
    undo: Undo,
    before: u64,
}

#[derive(Debug)]
pub(super) enum Undo {
    Heal(Vec<(Endpoint, Endpoint)>),
    Unclog(Vec<(Endpoint, Endpoint)>),
    Resume(usize),
    Quicken(usize),
    QuickenDisk(usize),
    StopLying(usize),
}

impl<S: System> World<'_, S> {
    /// A slot of random faults begins.
    pub(super) fn random_slot(&mut self, now: Instant) {
        if self.stage != Stage::Nemesis {
            return;
        }
        for begun in self.random.slot(now, &mut self.decisions) {
            match begun {
                Begun::Fault(fault, lasts) => {
                    let source = FaultSource::Random(fault.kind());
                    self.begin_fault(now, source, &fault, Some(lasts));
                }
                Begun::Action {
                    index,
                    replica,
                    action,
                    value,
                } => {
                    // Scenarios name only actions that the system has.
                    let value = value.map(serde_json::Value::from);
                    if let Ok(action) = read_action::<S>(&action, value.as_ref()) {
                        let source = FaultSource::RandomAction(index);
                        self.act(now, source, &Target::Replica(replica), action);
                    }
                }
            }
        }
        self.agenda.push(now + SLOT, Event::Slot);
    }

    pub(super) fn begin_scripted(&mut self, now: Instant, index: usize) {
        if self.stage == Stage::Nemesis {
            let (fault, lasts) = self.scripted[index].clone();
            self.begin_fault(now, FaultSource::Fault(index as u16), &fault, lasts);
        }
    }

    /// The process that a target means now; `None` if there is no such replica.
    pub(super) fn resolve(&self, target: &Target) -> Option<usize> {
        let leader = self.tally.leader;
        let follows =
            |process: &Process<S::Replica>| process.is_up() && Some(process.id()) != leader;
        match target {
            Target::Replica(replica) => Some(*replica as usize - 1),
            Target::Role(role) if role == FOLLOWER => self.processes.iter().position(follows),
            Target::Role(role) => {
                let holder = self.tally.holder(role)?;
                Some(holder as usize - 1)
            }
        }
    }

    pub(super) fn begin_fault(
        &mut self,
        now: Instant,
        source: FaultSource,
        fault: &Fault,
        lasts: Option<Duration>,
    ) {
        let description = fault.to_string();
        self.step(now, what::FAULT, 0, text_hash(&description), || {
            format!("fault: {description}")
        });
        let description = fault.told();
        let tracer = self.tracer.as_mut();
        let line = tracer.map(|tracer| tracer.line(now, "nemesis", &description));
        *self.tally.faults.entry(fault.kind()).or_default() += 1;
        self.tally.began(source);
        let moment = self.tally.moment();
        let under_way = self.network.kinds_under_way();
        self.tally.coverage.count(fault.kind(), moment, under_way);
        let Some(Lasting { undo, before }) = self.apply_fault(now, source, fault, lasts) else {
            return;
        };
        let id = self.active_next;
        self.active_next += 1;
        if let (Some(tracer), Some(line)) = (&mut self.tracer, line) {
            tracer.mark(line, Scene::FaultBegins { id });
        }
        self.active.push(ActiveFault {
            id,
            source,
            description,
            undo,
            before,
        });
        if let Some(lasts) = lasts {
            self.agenda.push(now + lasts, Event::FaultEnd { id });
        }
        self.connectivity_changed(now);
    }

    /// Does it; what has to be undone later is returned.
    fn apply_fault(
        &mut self,
        now: Instant,
        source: FaultSource,
        fault: &Fault,
        lasts: Option<Duration>,
    ) -> Option<Lasting> {
        match fault {
            Fault::Cut {
                links,
                with_clients,
                ..
            } => {
                let links = self.ends_of(links, *with_clients);
                Some(self.cut(now, source, links))
            }
            Fault::Isolate { target, only_sends } => {
                let replica = self.resolve(target)? as ReplicaId + 1;
                let mut links = Vec::new();
                for peer in (1..=self.processes.len() as ReplicaId).filter(|peer| *peer != replica)
                {
                    links.extend((*only_sends != Some(true)).then_some((replica, peer)));
                    links.extend((*only_sends != Some(false)).then_some((peer, replica)));
                }
                let links = self.ends_of(&links, true);
                Some(self.cut(now, source, links))
            }
            Fault::Clog { links } => {
                let links = self.ends_of(links, false);
                for (from, to) in &links {
                    self.network.clog(*from, *to);
                }
                Some(self.lasting(Undo::Unclog(links)))
            }
            Fault::Hold {
                from,
                to,
                message,
                by,
            } => {
                let kind = Packet::<S::Replica>::peer_kind(message)?;
                let (from, to) = (self.endpoints.replica(*from), self.endpoints.replica(*to));
                self.hold(source, (from, to), kind, *by);
                None
            }
            Fault::Repeat { from, to, by } => {
                let (from, to) = (self.endpoints.replica(*from), self.endpoints.replica(*to));
                let copies = self.network.repeat(now + *by, from, to, &mut self.agenda);
                self.tally.struck(source, Struck::MessagesRepeated, copies);
                None
            }
            Fault::SessionBreak { a, b } => {
                let (a, b) = (self.endpoints.replica(*a), self.endpoints.replica(*b));
                let dropped = self.network.counts().dropped;
                let stood =
                    self.network
                        .break_session(now, a, b, &mut self.decisions, &mut self.agenda);
                let lost = self.network.counts().dropped - dropped;
                self.tally
                    .struck(source, Struck::SessionsBroken, stood.into());
                self.tally.struck(source, Struck::MessagesLost, lost);
                None
            }
            Fault::Crash { target } => {
                let index = self.resolve(target)?;
                let goes_down = self.crash(now, index, lasts);
                self.tally.struck(source, Struck::Crashes, goes_down.into());
                None
            }
            Fault::CrashAtWrite { target, fuse, down } => {
                let process = self.up(target)?;
                self.arm(source, process, *fuse, *down);
                None
            }
            Fault::DiskError {
                target,
                moment,
                calls,
                down,
            } => {
                let process = self.up(target)?;
                self.arm_error(source, process, (*moment, *calls), *down);
                None
            }
            Fault::Pause { target } => {
                let index = self
                    .up(target)
                    .filter(|index| !self.processes[*index].paused)?;
                self.pause(now, index);
                Some(self.lasting(Undo::Resume(index)))
            }
            Fault::Slow { target, by } => {
                let index = self.resolve(target)?;
                self.processes[index].slow = *by;
                Some(self.lasting(Undo::Quicken(index)))
            }
            Fault::SlowDisk { target, by } => {
                let index = self.resolve(target)?;
                let process = &mut self.processes[index];
                process.io().set_latency(process.write_latency + *by);
                Some(self.lasting(Undo::QuickenDisk(index)))
            }
            Fault::ClockStep { target, by_ns } => {
                let index = self.resolve(target)?;
                let host = &mut self.processes[index].host;
                host.read_clock(now, &mut self.decisions);
                host.clock_mut().step(now, *by_ns);
                self.clock_stepped(source, index);
                None
            }
            Fault::ClockLie { target, by_ns } => {
                let index = self.resolve(target)?;
                self.processes[index].host.clock_mut().lie(*by_ns);
                Some(self.lasting(Undo::StopLying(index)))
            }
        }
    }

    fn up(&self, target: &Target) -> Option<usize> {
        self.resolve(target)
            .filter(|index| self.processes[*index].is_up())
    }

    /// Cuts links; how many sessions that breaks.
    pub(super) fn cut_links(&mut self, now: Instant, links: &[(Endpoint, Endpoint)]) -> u64 {
        let mut broken = 0;
        for (from, to) in links {
            let breaks = self
                .network
                .cut(now, *from, *to, &mut self.decisions, &mut self.agenda);
            broken += u64::from(breaks);
        }
        broken
    }

    fn cut(
        &mut self,
        now: Instant,
        source: FaultSource,
        links: Vec<(Endpoint, Endpoint)>,
    ) -> Lasting {
        let lasting = self.lasting(Undo::Heal(links.clone()));
        let broken = self.cut_links(now, &links);
        self.tally.struck(source, Struck::SessionsBroken, broken);
        lasting
    }

    /// A fault that lasts, which is yet to strike.
    fn lasting(&self, undo: Undo) -> Lasting {
        let (_, before) = self.gauge(&undo);
        Lasting { undo, before }
    }

    /// The endpoints of links between replicas, with the links of the clients
    /// that go with one of them.
    pub(super) fn ends_of(
        &self,
        links: &[(ReplicaId, ReplicaId)],
        with_clients: bool,
    ) -> Vec<(Endpoint, Endpoint)> {
        let mut ends = Vec::new();
        for &(from, to) in links {
            ends.push((self.endpoints.replica(from), self.endpoints.replica(to)));
            if with_clients {
                for client in &self.clients {
                    let end = self.endpoints.client(client.id);
                    if client.home == from {
                        ends.push((end, self.endpoints.replica(to)));
                    } else if client.home == to {
                        ends.push((self.endpoints.replica(from), end));
                    }
                }
            }
        }
        ends
    }

    /// A fault's time is over.
    pub(super) fn end_fault(&mut self, now: Instant, id: u32) {
        if let Some(place) = self.active.iter().position(|fault| fault.id == id) {
            let fault = self.active.remove(place);
            self.undo(now, fault);
        }
    }

    /// Every fault that still holds ends.
    pub(super) fn end_all_faults(&mut self, now: Instant) {
        for fault in std::mem::take(&mut self.active) {
            self.undo(now, fault);
        }
    }

    fn undo(&mut self, now: Instant, fault: ActiveFault) {
        let ActiveFault {
            id,
            source,
            description,
            undo,
            before,
        } = fault;
        let (struck, count) = self.gauge(&undo);
        self.tally.struck(source, struck, count - before);
        self.step(now, what::FAULT_END, 0, u64::from(id), || {
            format!("ends: {description}")
        });
        if let Some(tracer) = &mut self.tracer {
            let words = format_args!("ends: {description}");
            tracer.scene(now, "nemesis", words, Scene::FaultEnds { id });
        }
        match undo {
            Undo::Heal(links) => {
                for (from, to) in links {
                    let breaks =
                        self.network
                            .heal(now, from, to, &mut self.decisions, &mut self.agenda);
                    self.tally
                        .struck(source, Struck::SessionsBroken, breaks.into());
                }
            }
            Undo::Unclog(links) => {
                for (from, to) in links {
                    self.network.unclog(now, from, to, &mut self.agenda);
                }
            }
            Undo::Resume(index) => {
                if self.processes[index].paused {
                    self.resume(now, index);
                }
            }
            Undo::Quicken(index) => self.processes[index].slow = Duration::ZERO,
            Undo::QuickenDisk(index) => {
                let process = &self.processes[index];
                process.io().set_latency(process.write_latency);
            }
            Undo::StopLying(index) => self.processes[index].host.clock_mut().stop_lying(),
        }
        self.connectivity_changed(now);
    }
}
