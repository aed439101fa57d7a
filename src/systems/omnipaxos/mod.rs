//! A state machine over a log that OmniPaxos replicates: the adaptor that most
//! systems under test use.
//!
//! The author of a system supplies a [`StateMachine`]: apply, state, digest.
//! The adaptor does what a service over OmniPaxos has to do: it ticks, carries
//! messages, calls `reconnected`, appends commands, applies what is decided in
//! order, keeps the sessions that make retries harmless, answers clients, takes
//! snapshots, and writes the checkpoints without which nothing may be trimmed.
//! There is one type of entries whether a scenario has snapshots or not, although
//! the library asks that of the type: a second one would have everything that is
//! generic over a system compiled twice (`snapshot.rs`).

mod action;
mod answer;
mod attempts;
mod carried;
mod changed;
mod checkpoints;
mod compacting;
mod configuration;
mod disk;
mod drawn;
mod entry;
mod identity;
mod impatience;
mod library_packet;
mod machine;
mod message;
mod observing;
mod per_client;
mod planted;
mod probes;
mod profile;
mod replica;
mod service;
mod service_disk;
mod sessions;
mod snapshot;
mod start_phase;
mod starting;
mod state_machine;
mod telling;
mod trimming;
mod tuning;
mod voice;

pub use action::PaxosAction;
pub use carried::Carried;
use changed::tuned;
pub use disk::{Folded, Logged, PaxosDisk};
pub use entry::{Command, Entry};
pub use library_packet::LibraryPacket;
pub use machine::{Applied, Machine};
pub use message::{PaxosPacket, ServiceMessage};
pub use planted::bug::Bug;
pub use planted::flaw::Flaw;
pub use replica::OmniPaxosReplica;
pub use service::{OverOmniPaxos, Service};
pub use sessions::Sessions;
pub use snapshot::LogSnapshot;
pub use state_machine::{InvariantOf, StateMachine};
pub use tuning::{
    MissedTicks, Quorum, Reads, ReplicaOptions, Snapshots, StartSignal, TakeOutgoing, Tuning,
};
