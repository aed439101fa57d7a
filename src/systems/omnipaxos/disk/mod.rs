//! OmniPaxos' storage on the simulated disk: what a replica of a service keeps.

mod image;
mod logged;
mod paxos_disk;

pub use logged::{Folded, Logged};
pub use paxos_disk::PaxosDisk;

#[cfg(test)]
mod tests;
