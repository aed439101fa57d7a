//! Faults begin and end: what each does to links and processes.

use simulated_clock::{Duration, Instant};

use super::World;
use super::cluster::{Doom, Process};
use super::event::Event;
use super::faults::{Active, Awaits, Lasting, Undo};
use super::links::{Link, ends_of, isolating};
use super::packet::Packet;
use crate::nemesis::{FOLLOWER, Fault, FaultSource, Struck, Target};
use crate::network::Endpoint;
use crate::system::System;

impl<S: System> World<'_, S> {
    /// The place of the process that a target means now; `None` if there is no such replica.
    pub(super) fn resolve(&self, target: &Target) -> Option<usize> {
        let leader = self.watch.leader();
        let follows =
            |process: &Process<S::Replica>| process.is_up() && Some(process.id()) != leader;
        match target {
            Target::Replica(replica) => Some(*replica as usize - 1),
            Target::Role(role) if role == FOLLOWER => self.cluster.iter().position(follows),
            Target::Role(role) => {
                let named = self.scenario.cluster.named(role);
                let holder = named.or_else(|| self.watch.holder(role))?;
                Some(holder as usize - 1)
            }
        }
    }

    fn up(&self, target: &Target) -> Option<usize> {
        self.resolve(target)
            .filter(|index| self.cluster[*index].is_up())
    }

    pub(super) fn begin_fault(
        &mut self,
        now: Instant,
        source: FaultSource,
        fault: &Fault,
        lasts: Option<Duration>,
    ) {
        let under_way = self.network.kinds_under_way();
        let line = self.watch.fault_begins(now, source, fault, under_way);
        let Some(lasting) = self.apply(now, source, fault, lasts) else {
            return;
        };
        let id = self.faults.begin(source, fault.told(), lasting);
        self.watch.fault_lasts(line, id);
        if let Some(lasts) = lasts {
            self.agenda.push(now + lasts, Event::FaultEnd { id });
        }
        self.connectivity_changed(now);
    }

    /// Does it; what has to be undone later is returned.
    fn apply(
        &mut self,
        now: Instant,
        source: FaultSource,
        fault: &Fault,
        lasts: Option<Duration>,
    ) -> Option<Lasting> {
        let endpoints = self.network.endpoints();
        match fault {
            Fault::Cut {
                links,
                with_clients,
                ..
            } => {
                let links = ends_of(endpoints, links, *with_clients);
                Some(self.cut(now, source, links))
            }
            Fault::Isolate { target, only_sends } => {
                let replica = self.cluster[self.resolve(target)?].id();
                Some(self.cut(now, source, isolating(endpoints, replica, *only_sends)))
            }
            Fault::Clog { links } => {
                let links = ends_of(endpoints, links, false);
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
                let (from, to) = (endpoints.replica(*from), endpoints.replica(*to));
                let number = self.network.hold_next(from, to, kind, *by);
                self.await_strike(source, Awaits::Hold { from, to, number });
                None
            }
            Fault::Repeat { from, to, by } => {
                let (from, to) = (endpoints.replica(*from), endpoints.replica(*to));
                let copies = self.network.repeat(now + *by, from, to, &mut self.agenda);
                self.watch.struck(source, Struck::MessagesRepeated, copies);
                None
            }
            Fault::SessionBreak { a, b } => {
                self.break_session(now, source, (endpoints.replica(*a), endpoints.replica(*b)));
                None
            }
            Fault::Crash { target } => {
                let index = self.resolve(target)?;
                self.crash(now, source, index, lasts);
                None
            }
            Fault::CrashAtWrite { target, fuse, down } => {
                let process = self.up(target)?;
                self.await_strike(source, Awaits::Fuse { process });
                self.cluster.arm(process, *fuse, *down);
                None
            }
            Fault::DiskError {
                target,
                moment,
                calls,
                down,
            } => {
                let (process, moment) = (self.up(target)?, *moment);
                self.await_strike(source, Awaits::DiskError { process, moment });
                self.cluster.arm_error(process, (moment, *calls), *down);
                None
            }
            Fault::Pause { target } => {
                let index = self.up(target)?;
                if self.cluster[index].is_paused() {
                    return None;
                }
                self.pause(now, index);
                Some(self.lasting(Undo::Resume(index)))
            }
            Fault::Slow { target, by } => {
                let index = self.resolve(target)?;
                self.cluster.slow(index, *by);
                Some(self.lasting(Undo::Quicken(index)))
            }
            Fault::SlowDisk { target, by } => {
                let index = self.resolve(target)?;
                self.cluster.slow_disk(index, *by);
                Some(self.lasting(Undo::QuickenDisk(index)))
            }
            Fault::ClockStep { target, by_ns } => {
                let process = self.resolve(target)?;
                let decisions = &mut self.decisions;
                self.cluster.step_clock(now, process, *by_ns, decisions);
                let before = self.cluster[process].wrong_readings();
                self.await_strike(source, Awaits::Step { process, before });
                None
            }
            Fault::ClockLie { target, by_ns } => {
                let index = self.resolve(target)?;
                self.cluster.lie(index, *by_ns);
                Some(self.lasting(Undo::StopLying(index)))
            }
        }
    }

    fn cut(&mut self, now: Instant, source: FaultSource, links: Vec<Link>) -> Lasting {
        let lasting = self.lasting(Undo::Heal(links.clone()));
        let broken = self.cut_links(now, &links);
        self.watch.struck(source, Struck::SessionsBroken, broken);
        lasting
    }

    /// Cuts links; how many sessions that breaks.
    pub(super) fn cut_links(&mut self, now: Instant, links: &[Link]) -> u64 {
        let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
        let cut = |(from, to): &Link| self.network.cut(now, *from, *to, decisions, agenda);
        links.iter().map(cut).map(u64::from).sum()
    }

    fn break_session(&mut self, now: Instant, source: FaultSource, (a, b): (Endpoint, Endpoint)) {
        let network = &mut self.network;
        let dropped = network.counts().dropped;
        let stood = network.break_session(now, a, b, &mut self.decisions, &mut self.agenda);
        let lost = network.counts().dropped - dropped;
        self.watch
            .struck(source, Struck::SessionsBroken, stood.into());
        self.watch.struck(source, Struck::MessagesLost, lost);
    }

    fn crash(&mut self, now: Instant, source: FaultSource, index: usize, down: Option<Duration>) {
        let doom = self.cluster.doom(index, down);
        if let Doom::Strikes(death) = doom {
            self.go_down(now, index, death);
        }
        let goes_down = u64::from(doom != Doom::Spared);
        self.watch.struck(source, Struck::Crashes, goes_down);
    }

    fn lasting(&self, undo: Undo) -> Lasting {
        Lasting::new(undo, &self.network, &self.cluster)
    }

    fn await_strike(&mut self, source: FaultSource, awaits: Awaits) {
        let (network, cluster) = (&self.network, &self.cluster);
        self.faults
            .await_strike(source, awaits, network, cluster, &mut self.watch);
    }

    /// A fault's time is over.
    pub(super) fn end_fault(&mut self, now: Instant, id: u32) {
        if let Some(fault) = self.faults.take(id) {
            self.undo(now, fault);
        }
    }

    /// Every fault that still holds ends.
    pub(super) fn end_all_faults(&mut self, now: Instant) {
        for fault in self.faults.take_all() {
            self.undo(now, fault);
        }
    }

    fn undo(&mut self, now: Instant, fault: Active) {
        let (what, count) = fault.lasting.has_struck(&self.network, &self.cluster);
        self.watch.struck(fault.source, what, count);
        self.watch.fault_ends(now, fault.id, &fault.description);
        let (decisions, agenda) = (&mut self.decisions, &mut self.agenda);
        match fault.lasting.into_undo() {
            Undo::Heal(links) => {
                for (from, to) in links {
                    let breaks = self.network.heal(now, from, to, decisions, agenda);
                    self.watch
                        .struck(fault.source, Struck::SessionsBroken, breaks.into());
                }
            }
            Undo::Unclog(links) => {
                for (from, to) in links {
                    self.network.unclog(now, from, to, agenda);
                }
            }
            Undo::Resume(index) => {
                if self.cluster[index].is_paused() {
                    self.resume(now, index);
                }
            }
            Undo::Quicken(index) => self.cluster.slow(index, Duration::ZERO),
            Undo::QuickenDisk(index) => self.cluster.slow_disk(index, Duration::ZERO),
            Undo::StopLying(index) => self.cluster.stop_lying(index),
        }
        self.connectivity_changed(now);
    }
}
