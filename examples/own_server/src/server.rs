//! The server, as it runs in production: it knows nothing of a simulator.
//!
//! Whoever drives it hands it what arrives, ticks it, and takes from it what leaves; where the
//! library stores its log is a parameter. That is all that a test needs of it.

use std::collections::BTreeMap;

use knossos::Text;
use knossos::models::kv::{Input, Op, Output};
use omnipaxos::messages::Message;
use omnipaxos::storage::{Entry, NoSnapshot, Storage};
use omnipaxos::util::{LogEntry, NodeId};
use omnipaxos::{ClusterConfig, OmniPaxos, OmniPaxosConfig, ServerConfig};
use serde::{Deserialize, Serialize};

/// What is replicated: a command, and which of its client's it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The client.
    pub client: u64,
    /// The client's number for the command.
    pub sequence: u64,
    /// Of every command below this number the client has an answer, or wants none any more.
    pub low_water: u64,
    /// The command.
    pub command: Input,
}

impl Entry for Change {
    type Snapshot = NoSnapshot;
}

/// The keys and values, and what each client may still ask again.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Store {
    values: BTreeMap<Text, Text>,
    sessions: BTreeMap<u64, Session>,
}

/// What is kept of a client.
#[derive(Clone, Debug, Default, Serialize)]
struct Session {
    low_water: u64,
    /// The answers from the low water on, by the client's numbers.
    answers: BTreeMap<u64, Answer>,
}

/// The answer to a command.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// Where it is in the log, from 1 on.
    pub index: u64,
    /// The answer.
    pub output: Output,
}

/// A command that was decided, and what the store made of it.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Where it is in the log, from 1 on.
    pub index: u64,
    /// What was decided.
    pub change: Change,
    /// The answer; none to a command that its client has given up.
    pub answer: Option<Answer>,
    /// Whether the client asked the same before, and that was decided already.
    pub is_repeated: bool,
    /// Whether it took effect.
    pub took_effect: bool,
}

impl Store {
    /// Applies the entry at an index. What a client asked twice takes effect once.
    pub fn apply(&mut self, index: u64, change: &Change) -> Applied {
        let is_repeated = self.knows(change);
        if !is_repeated {
            self.execute(index, change);
        }
        self.applied(index, change, is_repeated, !is_repeated)
    }

    /// Applies the entry at an index, although it may have been applied before.
    pub fn apply_again(&mut self, index: u64, change: &Change) -> Applied {
        let is_repeated = self.knows(change);
        self.execute(index, change);
        self.applied(index, change, is_repeated, true)
    }

    fn knows(&self, change: &Change) -> bool {
        let session = self.sessions.get(&change.client);
        session.is_some_and(|session| {
            let sequence = change.sequence;
            sequence < session.low_water || session.answers.contains_key(&sequence)
        })
    }

    /// What a key holds, as far as this store knows.
    pub fn read(&self, key: &Text) -> Output {
        Output::Value(self.values.get(key).cloned())
    }

    fn execute(&mut self, index: u64, change: &Change) {
        let key = &change.command.key;
        let output = match &change.command.op {
            Op::Get => self.read(key),
            Op::Put(value) => {
                self.values.insert(key.clone(), value.clone());
                Output::Done
            }
            Op::Append(more) => {
                let value = self.values.entry(key.clone()).or_default();
                *value = Text::from(format!("{}{}", &**value, &**more));
                Output::Done
            }
            Op::Delete => {
                self.values.remove(key);
                Output::Done
            }
            Op::Cas { old, new } => {
                let is_old = self.values.get(key) == old.as_ref();
                match new {
                    Some(new) if is_old => drop(self.values.insert(key.clone(), new.clone())),
                    None if is_old => drop(self.values.remove(key)),
                    _ => {}
                }
                Output::Swapped(is_old)
            }
        };
        let session = self.sessions.entry(change.client).or_default();
        let answer = Answer { index, output };
        session.answers.insert(change.sequence, answer);
        session.low_water = session.low_water.max(change.low_water);
        session.answers = session.answers.split_off(&session.low_water);
    }

    fn applied(
        &self,
        index: u64,
        change: &Change,
        is_repeated: bool,
        took_effect: bool,
    ) -> Applied {
        let session = self.sessions.get(&change.client);
        let answer = session.and_then(|session| session.answers.get(&change.sequence));
        Applied {
            index,
            change: change.clone(),
            answer: answer.cloned(),
            is_repeated,
            took_effect,
        }
    }
}

/// One server of the cluster.
pub struct Server<D: Storage<Change>> {
    paxos: OmniPaxos<Change, D>,
    store: Store,
    applied: u64,
    forgets_sessions: bool,
}

impl<D: Storage<Change>> Server<D> {
    /// A server begins, on what its storage holds.
    ///
    /// # Panics
    /// When its number is not among those of the cluster.
    pub fn open(me: NodeId, nodes: Vec<NodeId>, storage: D) -> Self {
        let config = OmniPaxosConfig {
            cluster_config: ClusterConfig {
                configuration_id: 1,
                nodes,
                ..ClusterConfig::default()
            },
            server_config: ServerConfig {
                pid: me,
                election_tick_timeout: ELECTION_TICKS,
                resend_message_tick_timeout: RESEND_TICKS,
                ..ServerConfig::default()
            },
        };
        Self {
            paxos: config.build(storage).expect("the cluster is a sound one"),
            store: Store::default(),
            applied: 0,
            forgets_sessions: false,
        }
    }

    /// The same, but what a client asks twice takes effect twice: only for tests, which have to
    /// notice.
    #[must_use]
    pub fn without_sessions(self) -> Self {
        Self {
            forgets_sessions: true,
            ..self
        }
    }

    /// Time passed: to be called every [`TICK_MS`].
    pub fn tick(&mut self) {
        self.paxos.tick();
    }

    /// A message of another server arrived.
    pub fn receive(&mut self, message: Message<Change>) {
        self.paxos.handle_incoming(message);
    }

    /// The connection to another server was made anew: what was on its way may be lost.
    pub fn reconnected(&mut self, peer: NodeId) {
        self.paxos.reconnected(peer);
    }

    /// A client asks. It is answered when what it asks was decided, if it ever is.
    pub fn ask(&mut self, change: Change) {
        // Refused only while the cluster is reconfigured, which it never is.
        let _ = self.paxos.append(change);
    }

    /// Who leads, if this server knows, and whether that is settled.
    pub fn leader(&self) -> Option<(NodeId, bool)> {
        self.paxos.get_current_leader()
    }

    /// The keys and values.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Applies what was decided since the last time.
    ///
    /// # Panics
    /// When the log was trimmed, which nobody asks for.
    pub fn apply_decided(&mut self) -> Vec<Applied> {
        let decided = self.paxos.read_decided_suffix(self.applied as usize);
        let mut all = Vec::new();
        for entry in decided.into_iter().flatten() {
            let LogEntry::Decided(change) = entry else {
                panic!("the log of this server has plain entries only, not {entry:?}")
            };
            self.applied += 1;
            all.push(if self.forgets_sessions {
                self.store.apply_again(self.applied, &change)
            } else {
                self.store.apply(self.applied, &change)
            });
        }
        all
    }

    /// Takes the messages that are to be sent.
    pub fn outgoing(&mut self, messages: &mut Vec<Message<Change>>) {
        self.paxos.take_outgoing_messages(messages);
    }
}

/// How often a server is ticked, in milliseconds.
pub const TICK_MS: u64 = 10;
/// After how many ticks without a leader's answer another one is elected.
pub const ELECTION_TICKS: u64 = 10;
/// After how many ticks without an answer the library asks again.
pub const RESEND_TICKS: u64 = 20;
