//! Planted bugs: mistakes that a service over OmniPaxos, or a consensus library,
//! could have, each one a switch of the scenario (`selftest.planted`).
//!
//! They prove that the bed finds what it says it finds. Some are slips of the
//! service and lie where such a service would slip (`service`, `answering`); some
//! are mistakes of the replicated machine, which travel with its commands, so
//! that every replica errs alike (`machine`); the others imitate defects of the
//! library below, by a shim over its storage calls (`storage`) and over its
//! messages (`messages`). What the rest of the service asks lies below it (`bug`,
//! `flaw`); what a replica does otherwise with a bug, above it (`replica`). A run without one tests an option that is empty, and
//! nothing else.

mod answering;
pub(super) mod bug;
mod cards;
pub(super) mod flaw;
mod library_cards;
mod machine;
mod messages;
mod needs;
mod replica;
pub(super) mod service;
mod service_cards;
pub(super) mod storage;

pub(super) use cards::{ALL, OF_ANY_SERVICE};
