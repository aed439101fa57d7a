//! OmniPaxos' storage on the simulated disk: what a replica of a service keeps.

mod image;
mod paxos_disk;

pub use paxos_disk::{Folded, Logged, PaxosDisk};

#[cfg(test)]
mod tests;
