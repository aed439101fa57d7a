//! Clients: what they ask, when, of whom, and what they make of the answers.
//!
//! A client has a global number, numbers its commands, and belongs to a home
//! replica. An *open-loop* client issues at a rate whatever happens; a
//! *closed-loop* client waits for each answer. A command that is not answered in
//! time is retried, or abandoned: then its outcome is unknown, for ever, even
//! if an answer comes late. What a command is, its [`Workload`] says.

mod history;
mod keys;
mod numbered;
mod options;
mod session;
mod workload;

pub use history::History;
pub use keys::KeyChooser;
pub use numbered::Numbered;
pub use options::{KeyChoice, KeyOptions, LoopMode, Mix, Phase, Retry, WorkloadOptions};
pub use session::{Client, Completion, Issued, OnTimeout};
pub use workload::{Chooser, Workload};

use crate::observation::{ClientId, Position, RequestId};
use simulated_clock::Instant;

/// One operation in the history of a run.
#[derive(Clone, Debug)]
pub struct Record<C, O> {
    /// Who invoked it.
    pub client: ClientId,
    /// The client's number for it.
    pub sequence: u64,
    /// What was asked.
    pub command: C,
    /// When it was invoked.
    pub call: Instant,
    /// When and with what it completed; `None` while nobody knows.
    pub completion: Option<Completed<O>>,
    /// Whether the settle phase issued it.
    pub probe: bool,
    /// Whether the client gave up on it.
    pub abandoned: bool,
}

/// How an operation completed.
#[derive(Clone, Debug)]
pub struct Completed<O> {
    /// When.
    pub at: Instant,
    /// What was answered.
    pub output: O,
    /// The linearization point, where the system gives one.
    pub position: Option<Position>,
}

impl<C, O> Record<C, O> {
    /// Whether nothing more becomes of it.
    pub const fn is_over(&self) -> bool {
        self.completion.is_some() || self.abandoned
    }

    /// The client and its number for the operation.
    pub fn id(&self) -> RequestId {
        RequestId {
            client: self.client,
            sequence: self.sequence,
        }
    }
}
