//! What a fault waits for that has begun, and whether it came.

use crate::nemesis::Struck;
use crate::network::{Endpoint, Network};
use crate::replica::Replica;
use crate::storage::Moment;
use crate::world::cluster::Cluster;
use crate::world::packet::Packet;

/// What a fault waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::world) enum Awaits {
    /// A write at which a process goes down.
    Fuse { process: usize },
    /// A call to the disk that fails.
    DiskError { process: usize, moment: Moment },
    /// A message that is held.
    Hold {
        from: Endpoint,
        to: Endpoint,
        number: u32,
    },
    /// Readings of a clock that jumped.
    Step { process: usize, before: u64 },
}

impl Awaits {
    /// Whether it is a write or a read of this process.
    pub(super) fn is_of(&self, index: usize) -> bool {
        match self {
            Self::Fuse { process } | Self::DiskError { process, .. } => *process == index,
            Self::Hold { .. } | Self::Step { .. } => false,
        }
    }

    /// What was struck by now.
    pub(super) fn has_struck<R: Replica>(
        self,
        network: &Network<Packet<R>>,
        cluster: &Cluster<R>,
    ) -> (Struck, u64) {
        match self {
            Self::Fuse { process } => {
                let burnt = !cluster[process].is_armed();
                (Struck::Crashes, u64::from(burnt))
            }
            Self::DiskError { process, moment } => {
                let failed = !cluster[process].is_error_armed(moment);
                (Struck::DiskCallsFailed, u64::from(failed))
            }
            Self::Hold { from, to, number } => {
                let held = !network.still_holds(from, to, number);
                (Struck::MessagesHeld, u64::from(held))
            }
            Self::Step { process, before } => {
                let readings = cluster[process].wrong_readings();
                (Struck::WrongClockReadings, readings - before)
            }
        }
    }
}
