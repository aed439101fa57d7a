//! The entry of the replicated log: a client's command with its session.
//!
//! An entry is shared, not copied: a log of three replicas holds each command
//! once, and its digest is computed once.

use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use omnipaxos::storage::NoSnapshot;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::disk::{Folded, Logged};
use super::machine::StateMachine;
use super::planted::Flaw;
use super::snapshot::LogSnapshot;
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

/// Whether an entry type has snapshots: fixed when the system starts, because
/// the library synchronises logs differently for a type that has.
pub trait EntryKind<S: StateMachine>: Clone + fmt::Debug + 'static {
    /// Whether it has.
    const SNAPSHOTS: bool;
    /// The library's snapshot type.
    type Snapshot: omnipaxos::storage::Snapshot<Entry<S, Self>>
        + Serialize
        + for<'de> Deserialize<'de>;

    /// The snapshot as ours, if the type has snapshots.
    fn reveal(snapshot: &Self::Snapshot) -> Option<&LogSnapshot<S>>;
}

/// Entries that can be folded into snapshots.
#[derive(Clone, Debug)]
pub enum WithSnapshots {}

/// Entries without snapshots.
#[derive(Clone, Debug)]
pub enum WithoutSnapshots {}

impl<S: StateMachine> EntryKind<S> for WithSnapshots {
    const SNAPSHOTS: bool = true;
    type Snapshot = LogSnapshot<S>;

    fn reveal(snapshot: &Self::Snapshot) -> Option<&LogSnapshot<S>> {
        Some(snapshot)
    }
}

impl<S: StateMachine> EntryKind<S> for WithoutSnapshots {
    const SNAPSHOTS: bool = false;
    type Snapshot = NoSnapshot;

    fn reveal(_: &NoSnapshot) -> Option<&LogSnapshot<S>> {
        None
    }
}

struct Sealed<C> {
    digest: u64,
    command: Command<C>,
}

/// A log entry; cloning it copies a pointer.
pub struct Entry<S: StateMachine, K> {
    sealed: Rc<Sealed<S::Command>>,
    kind: PhantomData<K>,
}

impl<S: StateMachine, K> Entry<S, K> {
    /// Seals a command.
    pub fn new(command: Command<S::Command>) -> Self {
        Self {
            sealed: Rc::new(Sealed {
                digest: content_digest(&command),
                command,
            }),
            kind: PhantomData,
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

    /// The same entry as another kind.
    pub fn retyped<L>(&self) -> Entry<S, L> {
        Entry {
            sealed: Rc::clone(&self.sealed),
            kind: PhantomData,
        }
    }
}

impl<S: StateMachine, K> Clone for Entry<S, K> {
    fn clone(&self) -> Self {
        self.retyped()
    }
}

impl<S: StateMachine, K> fmt::Debug for Entry<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.command();
        write!(f, "c{}#{}", command.client, command.sequence)?;
        if command.attempt > 1 {
            write!(f, " attempt {}", command.attempt)?;
        }
        write!(f, " {:?}", command.operation)
    }
}

impl<S: StateMachine, K> Serialize for Entry<S, K> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        if serializer.is_human_readable() {
            self.command().serialize(serializer)
        } else {
            // The digest stands for the content that it was computed from.
            serializer.serialize_u64(self.sealed.digest)
        }
    }
}

impl<'de, S: StateMachine, K> Deserialize<'de> for Entry<S, K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Command::deserialize(deserializer).map(Self::new)
    }
}

impl<S: StateMachine, K: EntryKind<S>> omnipaxos::storage::Entry for Entry<S, K> {
    type Snapshot = K::Snapshot;
}

impl<S: StateMachine, K: EntryKind<S>> Logged for Entry<S, K> {
    fn digest(&self) -> u64 {
        self.sealed.digest
    }

    fn folded(snapshot: &K::Snapshot) -> Folded {
        K::reveal(snapshot).map_or(
            Folded {
                chain: crate::observation::Chain::default(),
                state: None,
            },
            LogSnapshot::folded,
        )
    }
}

impl<S: StateMachine, K> Replicated for Entry<S, K> {
    fn request(&self) -> RequestId {
        self.command().id()
    }

    fn command_digest(&self) -> u64 {
        content_digest(&self.command().operation)
    }
}
