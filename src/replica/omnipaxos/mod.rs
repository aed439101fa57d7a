//! A state machine over a log that OmniPaxos replicates: the adaptor that most
//! systems under test use.
//!
//! The author of a system supplies a [`StateMachine`]: apply, state, digest.
//! The adaptor does what a service over OmniPaxos has to do: it ticks, carries
//! messages, calls `reconnected`, appends commands, applies what is decided in
//! order, keeps the sessions that make retries harmless, answers clients, takes
//! snapshots, and writes the checkpoints without which nothing may be trimmed.
//! Its `OmniPaxosReplica` is generic over the entry type, because a type with
//! snapshots synchronises logs differently from one without, even if no
//! snapshot is ever taken.

mod action;
mod answer;
mod attempts;
mod carried;
mod compacting;
mod configuration;
mod entry;
mod identity;
mod machine;
mod message;
mod observing;
mod options;
mod patience;
mod per_client;
mod planted;
mod probes;
mod replica;
mod sessions;
mod snapshot;
mod start_phase;
mod telling;
mod trimming;

pub use action::PaxosAction;
pub use carried::Carried;
pub use configuration::logs_everything;
pub use entry::{Command, Entry, EntryKind, WithSnapshots, WithoutSnapshots};
pub use machine::{Applied, Machine, StateMachine};
pub use message::{PaxosPacket, ServiceMessage};
pub use options::{
    ClusterOptions, MissedTicks, Quorum, Reads, Snapshots, StartSignal, StorageKind, Switch,
    TakeOutgoing,
};
pub use patience::Patience;
pub use planted::{Flaw, PlantedBug};
pub use replica::OmniPaxosReplica;
pub use sessions::Sessions;
pub use snapshot::LogSnapshot;
