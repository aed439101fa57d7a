//! What an environment promises to a system.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::network::LinkContract;
use crate::storage::Durability;

/// The promises of an environment, or those that a system is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    /// What links promise.
    pub links: LinkContract,
    /// What disks promise.
    pub disks: Durability,
    /// Whether clocks keep to the uncertainty that they declare.
    pub clocks_bounded: bool,
}

impl Contract {
    /// Whether everything that `written_for` relies on is promised here.
    pub fn satisfies(&self, written_for: &Self) -> bool {
        strength(self.links) >= strength(written_for.links)
            && durability(self.disks) >= durability(written_for.disks)
            && self.clocks_bounded >= written_for.clocks_bounded
    }
}

fn strength(links: LinkContract) -> u8 {
    match links {
        LinkContract::Session => 2,
        LinkContract::Lossy => 1,
        LinkContract::Datagram => 0,
    }
}

fn durability(disks: Durability) -> u8 {
    match disks {
        Durability::Durable => 2,
        Durability::Unsynced => 1,
        Durability::Amnesia => 0,
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let links = match self.links {
            LinkContract::Session => "session links",
            LinkContract::Lossy => "lossy links",
            LinkContract::Datagram => "datagram links",
        };
        let disks = match self.disks {
            Durability::Durable => "durable disks",
            Durability::Unsynced => "unsynced disks",
            Durability::Amnesia => "amnesiac disks",
        };
        let clocks = if self.clocks_bounded {
            "bounded clocks"
        } else {
            "lying clocks"
        };
        write!(f, "{links}, {disks}, {clocks}")
    }
}

impl Serialize for Contract {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
