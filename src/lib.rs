//! Deterministic simulation and model checking of replicated systems built on OmniPaxos.

pub mod decision;
pub mod observation;
pub mod replica;
pub mod storage;
pub mod units;
