//! The faults that have begun: those that hold, those that have not struck yet, and what each
//! of them struck.
//!
//! What strikes at once is counted by who lets it strike. What a fault that lasts has struck is
//! read again at its end, and what waits is looked up before anybody forgets it.

mod awaits;
mod lasting;

pub(super) use awaits::Awaits;
pub(super) use lasting::{Lasting, Undo};

use super::cluster::Cluster;
use super::packet::Packet;
use super::watch::Watch;
use crate::nemesis::FaultSource;
use crate::network::Network;
use crate::system::System;

/// What holds, and what has not struck yet.
#[derive(Debug, Default)]
pub(super) struct Faults {
    active: Vec<Active>,
    /// Faults that began and have not struck yet.
    awaited: Vec<Awaited>,
    next: u32,
}

/// A fault that holds, and how it is ended.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) id: u32,
    pub(super) source: FaultSource,
    pub(super) description: String,
    pub(super) lasting: Lasting,
}

/// A fault that began and strikes later, if ever.
#[derive(Debug)]
struct Awaited {
    source: FaultSource,
    awaits: Awaits,
}

impl Faults {
    /// The number of the next fault that lasts.
    pub(super) fn number(&mut self) -> u32 {
        let id = self.next;
        self.next += 1;
        id
    }

    /// A fault holds from now on; its number.
    pub(super) fn begin(
        &mut self,
        source: FaultSource,
        description: String,
        lasting: Lasting,
    ) -> u32 {
        let id = self.number();
        self.active.push(Active {
            id,
            source,
            description,
            lasting,
        });
        id
    }

    /// A fault's time is over: it is to be undone, if it still holds.
    pub(super) fn take(&mut self, id: u32) -> Option<Active> {
        let place = self.active.iter().position(|fault| fault.id == id)?;
        Some(self.active.remove(place))
    }

    /// Every fault that still holds is to be undone.
    pub(super) fn take_all(&mut self) -> Vec<Active> {
        std::mem::take(&mut self.active)
    }

    /// A fault is about to wait, in place of another one before that waits for the same.
    pub(super) fn await_strike<S: System>(
        &mut self,
        source: FaultSource,
        awaits: Awaits,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        watch: &mut Watch<S>,
    ) {
        self.take_stock(|other| *other == awaits, network, cluster, watch);
        self.awaited.push(Awaited { source, awaits });
    }

    /// A process is about to go down, and with it what waits for its writes and reads.
    pub(super) fn take_stock_of<S: System>(
        &mut self,
        index: usize,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        watch: &mut Watch<S>,
    ) {
        self.take_stock(|awaits| awaits.is_of(index), network, cluster, watch);
    }

    /// Nothing that waits can strike any more.
    pub(super) fn take_stock_of_all<S: System>(
        &mut self,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        watch: &mut Watch<S>,
    ) {
        self.take_stock(|_| true, network, cluster, watch);
    }

    /// The faults that still hold have struck what they have struck.
    pub(super) fn take_stock_of_active<S: System>(
        &mut self,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        watch: &mut Watch<S>,
    ) {
        for active in self.take_all() {
            let (what, count) = active.lasting.has_struck(network, cluster);
            watch.struck(active.source, what, count);
        }
    }

    fn take_stock<S: System>(
        &mut self,
        is_over: impl Fn(&Awaits) -> bool,
        network: &Network<Packet<S::Replica>>,
        cluster: &Cluster<S::Replica>,
        watch: &mut Watch<S>,
    ) {
        self.awaited.retain(|one| {
            let is_over = is_over(&one.awaits);
            if is_over {
                let (what, count) = one.awaits.has_struck(network, cluster);
                watch.struck(one.source, what, count);
            }
            !is_over
        });
    }
}
