//! Systems that are not the key-value store, each with something of its own to show.

mod anything;
mod bank;
#[path = "../common/mod.rs"]
mod common;
mod judges;
mod leases;
mod lying_replica;
mod own_invariants;
mod panics;
mod two_logs;
