//! A fault that lasts: how it is ended, and what it strikes until then.

use crate::nemesis::Struck;
use crate::network::{Endpoint, Network};
use crate::replica::Replica;
use crate::world::cluster::Cluster;
use crate::world::links::Link;
use crate::world::packet::Packet;

/// How a fault is ended, and what was struck before it began.
#[derive(Debug)]
pub(in crate::world) struct Lasting {
    undo: Undo,
    before: u64,
}

/// How a fault is ended.
#[derive(Debug)]
pub(in crate::world) enum Undo {
    Heal(Vec<Link>),
    Unclog(Vec<Link>),
    Resume(usize),
    Quicken(usize),
    QuickenDisk(usize),
    StopLying(usize),
}

impl Lasting {
    /// A fault that is yet to strike.
    pub(in crate::world) fn new<R: Replica>(
        undo: Undo,
        network: &Network<Packet<R>>,
        cluster: &Cluster<R>,
    ) -> Self {
        let (_, before) = undo.gauge(network, cluster);
        Self { undo, before }
    }

    /// What was struck since it began.
    pub(in crate::world) fn has_struck<R: Replica>(
        &self,
        network: &Network<Packet<R>>,
        cluster: &Cluster<R>,
    ) -> (Struck, u64) {
        let (what, now) = self.undo.gauge(network, cluster);
        (what, now - self.before)
    }

    pub(in crate::world) fn into_undo(self) -> Undo {
        self.undo
    }
}

impl Undo {
    /// What has been struck so far by all faults that this one is among.
    fn gauge<R: Replica>(
        &self,
        network: &Network<Packet<R>>,
        cluster: &Cluster<R>,
    ) -> (Struck, u64) {
        let sum = |links: &[Link], of: &dyn Fn(Endpoint, Endpoint) -> u64| {
            links.iter().map(|(from, to)| of(*from, *to)).sum()
        };
        match self {
            Self::Heal(links) => {
                let lost = sum(links, &|from, to| network.lost_to_cuts(from, to));
                (Struck::MessagesLost, lost)
            }
            Self::Unclog(links) => {
                let held = sum(links, &|from, to| network.held_by_clogs(from, to));
                (Struck::MessagesHeld, held)
            }
            Self::Resume(index) => (Struck::InputsDelayed, cluster[*index].delayed()),
            Self::Quicken(index) => (Struck::HandlersSlowed, cluster[*index].handlers()),
            Self::QuickenDisk(index) => (Struck::WritesSlowed, cluster[*index].writes_ever()),
            Self::StopLying(index) => {
                let readings = cluster[*index].wrong_readings();
                (Struck::WrongClockReadings, readings)
            }
        }
    }
}
