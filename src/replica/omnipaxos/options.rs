//! The `[cluster]` table of a scenario: the system, its size, and the switches
//! of an OmniPaxos service.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use super::planted::PlantedBug;
use crate::replica::TimerId;
use crate::units::Time;

/// What is under test, and how it is built and tuned. A system that is no
/// OmniPaxos service reads `switches` and what it likes of the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterOptions {
    /// The name of the system under test.
    pub system: String,
    /// How many replicas there are.
    pub replicas: u64,
    /// Switches of the system's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub switches: BTreeMap<String, Switch>,
    /// Flexible quorums; majorities where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Quorum>,
    /// How often the library is ticked. All timeouts below count ticks.
    pub tick: Time,
    /// Ticks between two heartbeat rounds: the election timeout.
    pub election_ticks: u64,
    /// Ticks until a message is considered lost and sent again.
    pub resend_ticks: u64,
    /// Ticks until a batch that is not full is flushed.
    pub flush_ticks: u64,
    /// Entries in a full batch; 1 is no batching.
    pub batch_size: u32,
    /// Slots reserved for outgoing messages.
    pub buffer_size: u32,
    /// Election priorities, one per replica; none means all zero.
    pub priorities: Vec<u32>,
    /// The replica that attempts to lead first; none lets the election decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_leader: Option<u64>,
    /// Whether replicas wait for a signal of the initial leader.
    pub start_signal: StartSignal,
    /// How long the initial leader waits between two looks at whether it leads.
    pub leader_wait: Time,
    /// Whether a missed tick is made up for.
    pub missed_ticks: MissedTicks,
    /// Where reads are answered from.
    pub reads: Reads,
    /// Whether sessions make a retry harmless.
    pub dedup: bool,
    /// Where the library stores its log.
    pub storage: StorageKind,
    /// When the service takes snapshots.
    pub snapshots: Snapshots,
    /// When outgoing messages are taken from the library.
    pub take_outgoing: TakeOutgoing,
    /// A bug that is planted to prove that it is found. Such a run must fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planted: Option<PlantedBug>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            system: "kv".to_owned(),
            replicas: 3,
            switches: BTreeMap::new(),
            quorum: None,
            tick: Time::from_millis(10),
            election_ticks: 10,
            resend_ticks: 20,
            flush_ticks: 2,
            batch_size: 1,
            buffer_size: 64,
            priorities: Vec::new(),
            initial_leader: None,
            start_signal: StartSignal::None,
            leader_wait: Time::from_millis(100),
            missed_ticks: MissedTicks::Collapse,
            reads: Reads::Log,
            dedup: true,
            storage: StorageKind::Durable,
            snapshots: Snapshots::Off,
            take_outgoing: TakeOutgoing::EachEvent,
            planted: None,
        }
    }
}

/// The value of a switch of a system's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Switch {
    /// On or off.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A word.
    Word(String),
}

/// Flexible quorums: any prepare quorum meets any accept quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quorum {
    /// Promises that a leader needs.
    pub read: u64,
    /// Acceptances that decide an entry.
    pub write: u64,
}

/// How the initial leader begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StartSignal {
    /// As published: replicas do not tick until the signal reaches them, and a
    /// lost signal is lost for ever.
    Upstream,
    /// Every replica ticks from its start.
    None,
}

/// What a busy replica does with ticks that it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissedTicks {
    /// They become one tick.
    Collapse,
    /// Each is made up for.
    Burst,
}

/// Where reads are answered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// They are entries of the log like any other command.
    Log,
    /// The state of the replica that is asked, as it stands. Not linearizable.
    Local,
}

/// Where the library stores its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// In the process, as published: a restart forgets everything.
    Memory,
    /// On the disk of the `[disk]` table.
    Durable,
}

/// When the service takes snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Snapshots {
    /// Entries have no snapshots.
    Off,
    /// Entries have snapshots, and only the library asks for any.
    Sync,
    /// Each replica snapshots what it has decided every so many entries.
    Every(u64),
}

/// When outgoing messages are taken from the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TakeOutgoing {
    /// After every event.
    EachEvent,
    /// After every hundredth event, and with every tick.
    Batch,
    /// On a timer of its own.
    Every(Time),
}

/// More would only be slow.
const MOST_REPLICAS: u64 = 32;
const MOST_TICKS: u64 = 100_000;
const LEAST_TICK: Duration = Duration::from_micros(10);
const MOST_TICK: Duration = Duration::from_secs(60);
const MOST_SLOTS: u32 = 1_000_000;
const OFTENEST_TAKEN: Time = Time::from_micros(1);

impl ClusterOptions {
    /// One election timeout of true time, as long as the oscillator has no drift.
    pub fn election_timeout(&self) -> Duration {
        self.tick.0 * self.election_ticks
    }

    /// The number of promises that a leader needs.
    pub fn prepare_quorum(&self) -> u64 {
        self.quorum
            .map_or(self.replicas / 2 + 1, |quorum| quorum.read)
    }

    /// The number of acceptances that decide an entry.
    pub fn accept_quorum(&self) -> u64 {
        self.quorum
            .map_or(self.replicas / 2 + 1, |quorum| quorum.write)
    }

    /// The timer on which outgoing messages are taken, if they wait for one.
    pub fn taking_timer(&self) -> Option<TimerId> {
        matches!(self.take_outgoing, TakeOutgoing::Every(_)).then_some(super::replica::TAKE)
    }

    /// What is wrong with it, if anything: the key, and what would be right.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        let replicas = self.replicas;
        if !(2..=MOST_REPLICAS).contains(&replicas) {
            return Some((
                "replicas",
                format!("{replicas} is not between 2 and {MOST_REPLICAS}"),
            ));
        }
        let zero = [
            ("tick", self.tick.as_nanos()),
            ("election_ticks", self.election_ticks),
            ("resend_ticks", self.resend_ticks),
            ("flush_ticks", self.flush_ticks),
            ("batch_size", u64::from(self.batch_size)),
            ("buffer_size", u64::from(self.buffer_size)),
            ("leader_wait", self.leader_wait.as_nanos()),
        ];
        if let Some((key, _)) = zero.into_iter().find(|(_, value)| *value == 0) {
            return Some((key, "must be more than zero".to_owned()));
        }
        let long = [
            ("election_ticks", self.election_ticks),
            ("resend_ticks", self.resend_ticks),
            ("flush_ticks", self.flush_ticks),
        ];
        if let Some((key, ticks)) = long.into_iter().find(|(_, ticks)| *ticks > MOST_TICKS) {
            return Some((
                key,
                format!("{ticks} ticks never end: write at most {MOST_TICKS}"),
            ));
        }
        if self.tick.0 < LEAST_TICK || self.tick.0 > MOST_TICK {
            return Some((
                "tick",
                format!("must be between {LEAST_TICK} and {MOST_TICK}"),
            ));
        }
        if self.batch_size > MOST_SLOTS || self.buffer_size > MOST_SLOTS {
            return Some((
                "batch_size",
                format!("batch_size and buffer_size are at most {MOST_SLOTS}"),
            ));
        }
        if let Some(Quorum { read, write }) = self.quorum
            && !(2 <= write && write <= read && read <= replicas && read + write > replicas)
        {
            return Some((
                "quorum",
                format!(
                    "read {read} and write {write} of {replicas} replicas cannot work: \
                     2 <= write <= read <= {replicas} and read + write > {replicas}"
                ),
            ));
        }
        if !self.priorities.is_empty() && self.priorities.len() as u64 != replicas {
            return Some((
                "priorities",
                format!("name {replicas} of them, one per replica, or none"),
            ));
        }
        match self.initial_leader {
            Some(leader) if leader == 0 || leader > replicas => {
                return Some((
                    "initial_leader",
                    format!("there is no replica {leader}: they are 1 to {replicas}"),
                ));
            }
            None if self.start_signal == StartSignal::Upstream => {
                return Some((
                    "start_signal",
                    "\"upstream\" needs an initial_leader, which sends the signal".to_owned(),
                ));
            }
            _ => {}
        }
        if self.snapshots == Snapshots::Every(0) {
            return Some((
                "snapshots",
                "every = 0 would never end; take at least 1".to_owned(),
            ));
        }
        match self.take_outgoing {
            TakeOutgoing::Every(every) if every < OFTENEST_TAKEN => {
                let message = format!(
                    "would hardly let time pass: write every = \"{OFTENEST_TAKEN}\" or more"
                );
                Some(("take_outgoing", message))
            }
            _ => None,
        }
    }
}
