//! The entry of the replicated log: a client's command with its session.
//!
//! An entry is shared, not copied: a log of three replicas holds each command
//! once, and its digest is computed once.

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::planted::flaw::Flaw;
use super::state_machine::StateMachine;
use crate::observation::{ReplicaId, Replicated, RequestId, content_digest};

/// What is replicated of a client's request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command<C> {
    /// The global number of the client.
    pub client: u64,
    /// The client's number for the command.
    pub sequence: u64,
    /// Which attempt of the client this is.
    pub attempt: u32,
    /// Every command of the client below this number is completed or abandoned.
    pub low_water: u64,
    /// The replica that the client asked, and that answers.
    pub coordinator: ReplicaId,
    /// Whether the session table decides if it is executed.
    pub dedup: bool,
    /// The operation of the state machine.
    pub operation: C,
    /// The mistake with which it is executed; none but where a bug is planted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaw: Option<Flaw>,
}

impl<C> Command<C> {
    /// The client and its number for the command.
    pub fn id(&self) -> RequestId {
        RequestId {
            client: self.client,
            sequence: self.sequence,
        }
    }
}

struct Sealed<C> {
    digest: u64,
    command: Command<C>,
}

/// A log entry; cloning it copies a pointer.
pub struct Entry<S: StateMachine> {
    sealed: Rc<Sealed<S::Command>>,
}

impl<S: StateMachine> Entry<S> {
    /// Seals a command.
    pub fn new(command: Command<S::Command>) -> Self {
        Self {
            sealed: Rc::new(Sealed {
                digest: content_digest(&command),
                command,
            }),
        }
    }

    /// The command.
    pub fn command(&self) -> &Command<S::Command> {
        &self.sealed.command
    }

    /// The digest of the command.
    pub fn content(&self) -> u64 {
        self.sealed.digest
    }
}

impl<S: StateMachine> Clone for Entry<S> {
    fn clone(&self) -> Self {
        Self {
            sealed: Rc::clone(&self.sealed),
        }
    }
}

impl<S: StateMachine> fmt::Debug for Entry<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.command();
        write!(f, "c{}#{}", command.client, command.sequence)?;
        if command.attempt > 1 {
            write!(f, " attempt {}", command.attempt)?;
        }
        write!(f, " {:?}", command.operation)
    }
}

impl<S: StateMachine> Serialize for Entry<S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        if serializer.is_human_readable() {
            self.command().serialize(serializer)
        } else {
            // The digest stands for the content that it was computed from.
            serializer.serialize_u64(self.sealed.digest)
        }
    }
}

impl<'de, S: StateMachine> Deserialize<'de> for Entry<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Command::deserialize(deserializer).map(Self::new)
    }
}

impl<S: StateMachine> Replicated for Entry<S> {
    fn request(&self) -> RequestId {
        self.command().id()
    }

    fn command_digest(&self) -> u64 {
        content_digest(&self.command().operation)
    }
}
