//! Deterministic simulation and model checking of replicated systems built on OmniPaxos.
//!
//! A [scenario] and a seed make one run: a single-threaded [world] drives several
//! [replicas](replica) of a [system] with a seeded simulated clock over
//! a faulty [network] and [storage], while a [nemesis] interferes. Everything
//! that could go one way or another is asked of the [decision] room, so the same
//! seed gives the same run, bit for bit. [Clients](client) leave a history,
//! replicas leave [observations](observation), and [checks](check) judge both.
//!
//! To test a system of your own, implement
//! [`StateMachine`](systems::omnipaxos::StateMachine) and
//! [`Service`](systems::omnipaxos::Service), and hand it to [`cli::main`].

pub mod check;
pub mod cli;
pub mod client;
pub mod decision;
pub mod explore;
pub mod judge;
pub mod nemesis;
pub mod network;
pub mod observation;
pub mod replica;
pub mod report;
pub mod scenario;
pub mod search;
pub mod storage;
pub mod system;
pub mod systems;
pub mod testing;
pub mod units;
pub mod world;

/// Histories, sequential models and the checkers: what a [`Service`](systems::omnipaxos::Service)
/// needs for its model, without a dependency of its own.
pub use knossos;
