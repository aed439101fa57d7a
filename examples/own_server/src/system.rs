//! The server as a system under test: what it relies on, how patient one has to be with it, what
//! its clients do, and the bugs that prove that these tests notice.

use knossos::format::Codec;
use knossos::models::kv::{Input, KeyValue, Op, Output};
use omnisim::prelude::*;
use serde_json::{Value, json};

use crate::replica::{Reference, SimulatedServer};
use crate::server::{ELECTION_TICKS, RESEND_TICKS, TICK_MS};

/// The server as a system under test.
#[derive(Clone, Copy, Debug)]
pub struct OwnServer;

/// The bugs that can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// What a client asks twice takes effect twice.
    NoSessions,
    /// Every server answers what is read from what it has applied so far.
    LocalReads,
}

/// What a scenario says of the servers: nothing but the bug that is planted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The bug that is planted.
    pub planted: Option<Bug>,
}

/// What OmniPaxos is written for: links that are FIFO within a session, and disks that last.
const ASSUMES: Contract = Contract {
    links: LinkContract::Session,
    disks: Durability::Durable,
    clocks_bounded: false,
};

const PLANTED: &[&[PlantedBug]] = &[&[
    PlantedBug {
        name: "no-sessions",
        what: "what a client asks twice takes effect twice",
        origin: None,
        checks: &["at_most_once", "applied_state", "linearizability"],
        needs: &[Need::Clients, Need::Retries],
        mistaken_for: None,
    },
    PlantedBug {
        name: "local-reads",
        what: "a server answers what is read from what it has applied so far",
        origin: Some("it is fast, and right as long as nobody is behind"),
        checks: &["applied_state", "linearizability"],
        needs: &[Need::Clients, Need::Reads],
        mistaken_for: None,
    },
]];

impl System for OwnServer {
    type Replica = SimulatedServer;
    type Workload = Clients;
    type Model = KeyValue;
    type Fold = Reference;

    const INFO: SystemInfo = SystemInfo {
        planted: PLANTED,
        cues: &[("prepare", 500_000), ("accept_decide", 20_000)],
        libraries: &["omnipaxos"],
        ..SystemInfo::new("own_server", ASSUMES)
    };

    fn setup(scenario: &Scenario) -> Result<Setup<Options>, KeyError> {
        // There is nothing to tune: every key of `[system]` is refused.
        let tuned: Result<NoTuning, _> = scenario.system.read();
        tuned.map_err(|error| error.within("system"))?;
        let planted = match scenario.selftest.planted.as_deref() {
            Some("no-sessions") => Some(Bug::NoSessions),
            Some("local-reads") => Some(Bug::LocalReads),
            _ => None,
        };
        let profile = Profile {
            tick: Duration::from_millis(TICK_MS),
            suspicion: Duration::from_millis(TICK_MS * ELECTION_TICKS),
            timeouts: ELECTION_TICKS + RESEND_TICKS,
            patience: Patience {
                answer: 0,
                leader: 10 * ELECTION_TICKS + 2 * RESEND_TICKS,
            },
            ..Profile::of_replicas(scenario.cluster.replicas)
        };
        Ok(Setup {
            options: Options { planted },
            profile,
        })
    }

    fn model() -> KeyValue {
        KeyValue
    }

    /// As `omnisim check --model kv` reads it.
    fn history_line(record: &Record<Input, Output>) -> Value {
        let completion = record.completion.as_ref();
        let output = completion.map(|completed| &completed.output);
        let line = KeyValue.render(&record.command, output);
        json!({
            "client": record.client,
            "key": &*record.command.key,
            "op": &*line.op,
            "in": line.input,
            "out": line.output,
            "call": record.call.as_nanos(),
            "ret": completion.map(|completed| completed.at.as_nanos()),
        })
    }
}

#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoTuning {}

/// One client: it puts values that nobody else puts, appends to them, and reads.
#[derive(Debug)]
pub struct Clients {
    client: ClientId,
    written: u64,
    keys: KeyChooser,
}

impl Clients {
    fn value(&mut self) -> String {
        self.written += 1;
        format!("{}.{}", self.client, self.written)
    }

    fn command(&mut self, key: u64, op: Op) -> Input {
        let key = format!("k{key}").into();
        Input { key, op }
    }
}

impl Workload for Clients {
    type Command = Input;
    type Output = Output;

    fn new(client: ClientId, options: &WorkloadOptions) -> Self {
        Self {
            client,
            written: 0,
            keys: KeyChooser::new(options.keys),
        }
    }

    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Input {
        let key = self.keys.choose(chooser);
        let op = if read {
            Op::Get
        } else if chooser.below(2) == 0 {
            Op::Put(self.value().into())
        } else {
            Op::Append(format!(" {}", self.value()).into())
        };
        self.command(key, op)
    }

    fn probe(&mut self, number: u64) -> Input {
        let value = self.value().into();
        self.command(number, Op::Put(value))
    }
}
