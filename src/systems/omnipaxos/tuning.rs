//! The `[system]` table of a service over OmniPaxos, and what its replicas start with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use super::planted::bug::Bug;
use crate::scenario::Scenario;
use crate::units::{KeyError, Time};

/// How a service over OmniPaxos is tuned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tuning {
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
    /// When the service takes snapshots.
    pub snapshots: Snapshots,
    /// When outgoing messages are taken from the library.
    pub take_outgoing: TakeOutgoing,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
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
            snapshots: Snapshots::Off,
            take_outgoing: TakeOutgoing::EachEvent,
        }
    }
}

/// What a replica of a service over OmniPaxos starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaOptions {
    /// How many replicas there are.
    pub replicas: u64,
    /// The bug that is planted in it; none but to prove that it is found.
    pub planted: Option<Bug>,
    /// How it is tuned.
    pub tuning: Tuning,
}

impl ReplicaOptions {
    /// What a scenario gives.
    ///
    /// # Errors
    /// The key that is wrong, with its table, and what would be right.
    pub fn of(scenario: &Scenario) -> Result<Self, KeyError> {
        let replicas = scenario.cluster.replicas;
        let tuning = scenario.system.read::<Tuning>();
        let tuning = tuning.and_then(|tuning| match tuning.problem(replicas) {
            Some(error) => Err(error),
            None => Ok(tuning),
        });
        Ok(Self {
            replicas,
            planted: scenario.selftest.planted.as_deref().and_then(Bug::named),
            tuning: tuning.map_err(|error| error.within("system"))?,
        })
    }

    /// The number of promises that a leader needs.
    pub fn prepare_quorum(&self) -> u64 {
        let quorum = self.tuning.quorum;
        quorum.map_or(self.replicas / 2 + 1, |quorum| quorum.read)
    }

    /// The number of acceptances that decide an entry.
    pub fn accept_quorum(&self) -> u64 {
        let quorum = self.tuning.quorum;
        quorum.map_or(self.replicas / 2 + 1, |quorum| quorum.write)
    }
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
#[non_exhaustive]
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
#[non_exhaustive]
pub enum MissedTicks {
    /// They become one tick.
    Collapse,
    /// Each is made up for.
    Burst,
}

/// Where reads are answered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reads {
    /// They are entries of the log like any other command.
    Log,
    /// The state of the replica that is asked, as it stands. Not linearizable.
    Local,
}

/// When the service takes snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Snapshots {
    /// There are none: logs are synchronised entry by entry.
    Off,
    /// Logs are synchronised by snapshots, and only the library asks for any.
    Sync,
    /// Each replica snapshots what it has decided every so many entries.
    Every(u64),
}

/// When outgoing messages are taken from the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TakeOutgoing {
    /// After every event.
    EachEvent,
    /// After every hundredth event, and with every tick.
    Batch,
    /// On a timer of its own.
    Every(Time),
}

const MOST_TICKS: u64 = 100_000;
const LEAST_TICK: Duration = Duration::from_micros(10);
const MOST_TICK: Duration = Duration::from_secs(60);
const MOST_SLOTS: u32 = 1_000_000;
const OFTENEST_TAKEN: Time = Time::from_micros(1);
/// As rarely as this, whatever the election timeout, to see what a run says of it.
const RARELY_TAKEN: Duration = Duration::from_secs(1);

impl Tuning {
    /// One election timeout of true time, as long as the oscillator has no drift.
    pub fn election_timeout(&self) -> Duration {
        self.tick.0 * self.election_ticks
    }

    /// The key that is wrong for so many replicas, if one is, and what would be right.
    pub fn problem(&self, replicas: u64) -> Option<KeyError> {
        self.wrong_number()
            .or_else(|| self.wrong_for(replicas))
            .or_else(|| self.wrong_period())
            .map(|(key, message)| KeyError::new(key, message))
    }

    fn wrong_number(&self) -> Option<(&'static str, String)> {
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
            let message = format!("{ticks} ticks never end: write at most {MOST_TICKS}");
            return Some((key, message));
        }
        if self.tick.0 < LEAST_TICK || self.tick.0 > MOST_TICK {
            let message = format!("must be between {LEAST_TICK} and {MOST_TICK}");
            return Some(("tick", message));
        }
        let slots = [
            ("batch_size", self.batch_size),
            ("buffer_size", self.buffer_size),
        ];
        let many = slots.into_iter().find(|(_, slots)| *slots > MOST_SLOTS)?;
        Some((many.0, format!("must be at most {MOST_SLOTS}")))
    }

    fn wrong_for(&self, replicas: u64) -> Option<(&'static str, String)> {
        if let Some(quorum) = self.quorum
            && !quorum.works_for(replicas)
        {
            let Quorum { read, write } = quorum;
            let message = format!(
                "read {read} and write {write} of {replicas} replicas cannot work: \
                 2 <= write <= read <= {replicas} and read + write > {replicas}"
            );
            return Some(("quorum", message));
        }
        if !self.priorities.is_empty() && self.priorities.len() as u64 != replicas {
            let message = format!("name {replicas} of them, one per replica, or none");
            return Some(("priorities", message));
        }
        match self.initial_leader {
            Some(leader) if leader == 0 || leader > replicas => Some((
                "initial_leader",
                format!("there is no replica {leader}: they are 1 to {replicas}"),
            )),
            None if self.start_signal == StartSignal::Upstream => Some((
                "start_signal",
                "\"upstream\" needs an initial_leader, which sends the signal".to_owned(),
            )),
            _ => None,
        }
    }

    /// How rarely outgoing messages may be taken. A run waits forty times as long for the system
    /// to settle (`settle_bound`), and ticks go on meanwhile: beyond an election timeout it learns
    /// nothing for that but that no leader stands.
    fn rarest_taken(&self) -> Duration {
        self.election_timeout().max(RARELY_TAKEN)
    }

    fn wrong_period(&self) -> Option<(&'static str, String)> {
        if self.snapshots == Snapshots::Every(0) {
            let message = "every = 0 would never end; take at least 1".to_owned();
            return Some(("snapshots", message));
        }
        match self.take_outgoing {
            TakeOutgoing::Every(every) if every < OFTENEST_TAKEN => {
                let message = format!(
                    "would hardly let time pass: write every = \"{OFTENEST_TAKEN}\" or more"
                );
                Some(("take_outgoing", message))
            }
            TakeOutgoing::Every(every) if every.0 > self.rarest_taken() => {
                let (timeout, most) = (self.election_timeout(), self.rarest_taken());
                let message = format!(
                    "heartbeats would wait for {every}, and are to be answered within an election \
                     timeout of {timeout}: runs would only wait for a leader that cannot stand, and \
                     the longer, the rarer messages are taken; write every = \"{most}\" or less, or \
                     a longer tick or more election_ticks"
                );
                Some(("take_outgoing", message))
            }
            _ => None,
        }
    }
}

impl Quorum {
    /// Whether these are quorums of so many replicas of which any two of different kinds meet.
    pub fn works_for(&self, replicas: u64) -> bool {
        let Self { read, write } = *self;
        2 <= write && write <= read && read <= replicas && read + write > replicas
    }
}
