//! What a system under test implements.
//!
//! A replica is sans-IO: it is handed [`Event`]s and answers through its
//! [`Context`], which offers its imperfect clock, timers, messages, replies and
//! choices, and nothing else. The trait assumes no log and no leader. Most
//! systems are a state machine over a replicated log and use the
//! [adaptor](crate::systems::omnipaxos) instead of implementing this trait.

mod context;
mod effect;
mod guard;
mod host;
mod probe;

pub use context::{Context, Surroundings};
pub use effect::{Effect, Timed};
pub use guard::{Caught, Outcome, guarded, refuse_aborting_panics};
pub(crate) use guard::{caught, in_words};
pub(crate) use host::{BrokenOff, Host, Turn};
pub use probe::{Known, Probe};

use std::fmt::Debug;

use serde::Serialize;
use serde_json::Value;
use simulated_clock::Duration;

use crate::observation::{ClientId, Position, ReplicaId, Replicated, RequestId};
use crate::storage::Disk;

/// Something that travels between endpoints.
pub trait Message: Clone + Debug + Serialize {
    /// The names of all kinds of message.
    const KINDS: &'static [&'static str];

    /// Which of [`Self::KINDS`] this is.
    fn kind(&self) -> usize;

    /// What it says, in a line for people, without its kind.
    fn tell(&self) -> String {
        format!("{self:?}")
    }

    /// The replica whose lead it is about, if it is about one: that of its ballot.
    fn leader(&self) -> Option<ReplicaId> {
        None
    }

    /// Whether it is sent all the time whatever happens, as heartbeats are: a
    /// trace leaves it out unless it is asked for.
    fn is_routine(&self) -> bool {
        false
    }
}

/// What an operator can ask of a replica.
pub trait Action: Clone + Debug + Serialize {
    /// Reads the action `name`, with its value if it takes one: whatever TOML can write.
    ///
    /// # Errors
    /// A sentence that says what would be right.
    fn parse(name: &str, value: Option<&Value>) -> Result<Self, String>;
}

/// There is nothing that an operator could ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NoAction {}

impl Action for NoAction {
    fn parse(name: &str, _: Option<&Value>) -> Result<Self, String> {
        Err(format!("{name:?} is no action: this system has none"))
    }
}

/// What a client asks of a replica.
#[derive(Clone, Debug, Serialize)]
pub struct Request<C> {
    /// The client and its number for the command.
    pub id: RequestId,
    /// Which attempt of the client this is, from 1 on.
    pub attempt: u32,
    /// Every command of this client below this number is completed or abandoned.
    pub low_water: u64,
    /// The command.
    pub command: C,
}

/// What a replica answers.
#[derive(Clone, Debug, Serialize)]
pub struct Reply<O> {
    /// The command that it answers.
    pub id: RequestId,
    /// The attempt that it answers.
    pub attempt: u32,
    /// The linearization point, where the system gives one.
    pub position: Option<Position>,
    /// The result.
    pub output: O,
}

/// Names a timer of a replica; setting it again replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TimerId(pub u8);

/// What can happen to a running replica.
#[derive(Clone, Debug)]
pub enum Event<R: Replica> {
    /// A message of a peer arrived.
    Message {
        /// The sender.
        from: ReplicaId,
        /// The message.
        message: R::Message,
    },
    /// A client asks.
    Request(Request<R::Command>),
    /// A timer fired.
    Timer {
        /// Which.
        timer: TimerId,
        /// How long it had to wait for a busy or paused replica.
        late: Duration,
    },
    /// A new session with a peer was made, after an earlier one was lost.
    SessionUp(ReplicaId),
    /// The session with a peer was lost.
    SessionLost(ReplicaId),
    /// An operator acts.
    Operator(R::Action),
    /// The process is asked to end in good order.
    Stop,
}

/// A replica of the system under test.
pub trait Replica: Sized {
    /// What peers send each other.
    type Message: Message;
    /// What clients ask.
    type Command: Clone + Debug + Serialize;
    /// What clients are answered.
    type Output: Clone + Debug + Serialize;
    /// Where it stores what must survive.
    type Disk: Disk<Entry = Self::Entry>;
    /// The entry of its log; `()` where there is none.
    type Entry: Clone + Debug + Serialize + Replicated;
    /// What an operator can ask.
    type Action: Action;
    /// How it is configured.
    type Options: Clone + Debug;

    /// A new life begins, on what the disk holds. Effects of the start leave
    /// when it returns.
    fn start(options: &Self::Options, disk: Self::Disk, context: &mut Context<'_, Self>) -> Self;

    /// Something happened.
    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>);

    /// The digest of all that can be seen of it from outside, its disk included;
    /// together with what comes of [`Self::probes`], two replicas with the same
    /// digest must behave the same for ever. `None`: a search recognises it by
    /// what it went through.
    fn fingerprint(&self, _known: &Known<'_, Self>) -> Option<u64> {
        None
    }

    /// What shows of it what the fingerprint does not.
    fn probes(&self, _known: &Known<'_, Self>) -> Vec<Probe<Self>> {
        Vec::new()
    }
}

/// Who may stand at the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Address {
    /// A replica.
    Replica(ReplicaId),
    /// A client.
    Client(ClientId),
}
