//! A system of one's own that waits for time, searched exhaustively: where time stands still
//! nothing comes of it, and that is told; where time passes, its timers fire when they are due,
//! and a lease that is kept for too long is found.
//!
//! Replica 1 holds a register. The others may answer reads on their own for as long as the lease
//! lasts that came with a value; the holder lets a write wait until every lease is over.

use crate::common::whole::without_a_disk;
use knossos::models::register::{Input, Output, Register};
use omnisim::check::NoFold;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::explore::{Explored, Limits, Progress};
use omnisim::network::LinkContract;
use omnisim::observation::{ClientId, ReplicaId};
use omnisim::replica::{Context, Event, Message, NoAction, Replica, Reply, Request, TimerId};
use omnisim::scenario::{Milestone, Scenario};
use omnisim::search::{Testable, Whole};
use omnisim::storage::NoDisk;
use omnisim::system::{Profile, Setup, System, SystemInfo};
use omnisim::units::KeyError;
use serde::Serialize;
use simulated_clock::{Duration, Instant};

/// The replica that holds the value.
const HOLDER: ReplicaId = 1;
const LEASE: Duration = Duration::from_millis(10);
const WRITE: TimerId = TimerId(0);

type Value = <Register as knossos::Model>::State;

/// What replicas say to each other.
#[derive(Clone, Debug, Serialize)]
enum Packet {
    /// To the holder: what is the value?
    Ask,
    /// To the holder: somebody asks this.
    Write(Request<Input>),
    /// From the holder: this is the value, and stays it until then.
    Lease { value: Value, until_ns: u64 },
}

impl Message for Packet {
    const KINDS: &'static [&'static str] = &["Ask", "Write", "Lease"];

    fn kind(&self) -> usize {
        match self {
            Self::Ask => 0,
            Self::Write(_) => 1,
            Self::Lease { .. } => 2,
        }
    }
}

/// A replica: the holder waits with writes, the others with reads.
struct Leased {
    value: Value,
    /// Until when the value stays; for the holder from its start on, because leases of a
    /// life before may last.
    until: Option<Instant>,
    /// How much longer a replica trusts a lease than it lasts.
    longer: Duration,
    waiting: Vec<Request<Input>>,
}

impl Leased {
    fn read(&self, request: &Request<Input>, context: &mut Context<'_, Self>) {
        reply(request, Output::Value(self.value.clone()), context);
    }

    /// Writes wait until the last lease is over.
    fn write(&mut self, context: &mut Context<'_, Self>) {
        let (now, _) = context.clock();
        if let Some(until) = self.until.filter(|until| now < *until) {
            context.set_timer(WRITE, until - now);
            return;
        }
        for request in std::mem::take(&mut self.waiting) {
            match &request.command {
                Input::Write(text) => self.value = Some(text.clone()),
                Input::Clear => self.value = None,
                Input::Read => {}
            }
            reply(&request, Output::Done, context);
        }
    }

    fn asked(&mut self, request: Request<Input>, context: &mut Context<'_, Self>) {
        let (now, _) = context.clock();
        let lasts = self.until.is_some_and(|until| now < until + self.longer);
        match (&request.command, context.me()) {
            (Input::Read, me) if me == HOLDER || lasts => self.read(&request, context),
            (Input::Read, _) => {
                self.waiting.push(request);
                context.send(HOLDER, Packet::Ask);
            }
            (Input::Write(_) | Input::Clear, HOLDER) => {
                self.waiting.push(request);
                self.write(context);
            }
            (Input::Write(_) | Input::Clear, _) => context.send(HOLDER, Packet::Write(request)),
        }
    }
}

fn reply(request: &Request<Input>, output: Output, context: &mut Context<'_, Leased>) {
    context.reply(Reply {
        id: request.id,
        attempt: request.attempt,
        position: None,
        output,
    });
}

impl Replica for Leased {
    type Message = Packet;
    type Command = Input;
    type Output = Output;
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = Duration;

    fn start(longer: &Duration, _: NoDisk<()>, context: &mut Context<'_, Self>) -> Self {
        let (now, _) = context.clock();
        Self {
            value: None,
            until: (context.me() == HOLDER).then_some(now + LEASE),
            longer: *longer,
            waiting: Vec::new(),
        }
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match event {
            Event::Request(request) => self.asked(request, context),
            Event::Message {
                from,
                message: Packet::Ask,
            } => {
                // A write that waits may come next: its lease would not last.
                let (now, _) = context.clock();
                if self.waiting.is_empty() {
                    self.until = Some(now + LEASE);
                }
                let until_ns = self.until.unwrap_or(now).as_nanos();
                let value = self.value.clone();
                context.send(from, Packet::Lease { value, until_ns });
            }
            Event::Message {
                message: Packet::Write(request),
                ..
            } => self.asked(request, context),
            Event::Message {
                message: Packet::Lease { value, until_ns },
                ..
            } => {
                self.value = value;
                self.until = Some(Instant::from_nanos(until_ns));
                for request in std::mem::take(&mut self.waiting) {
                    self.read(&request, context);
                }
            }
            Event::Timer { .. } => self.write(context),
            Event::SessionUp(_) | Event::SessionLost(_) | Event::Stop => {}
            Event::Operator(action) => match action {},
        }
    }
}

/// Reads, and writes of values that no one else writes.
struct Clients(ClientId, u64);

impl Workload for Clients {
    type Command = Input;
    type Output = Output;

    fn new(client: ClientId, _: &WorkloadOptions) -> Self {
        Self(client, 0)
    }

    fn next(&mut self, read: bool, _: &mut Chooser<'_>) -> Input {
        if read {
            return Input::Read;
        }
        self.1 += 1;
        Input::Write(format!("{}.{}", self.0, self.1).into())
    }

    fn probe(&mut self, number: u64) -> Input {
        Input::Write(format!("{}.probe{number}", self.0).into())
    }
}

struct Leases;

impl System for Leases {
    type Replica = Leased;
    type Workload = Clients;
    type Model = Register;
    type Fold = NoFold;

    const INFO: SystemInfo = SystemInfo::new("leases", without_a_disk(LinkContract::Session, true));

    fn setup(scenario: &Scenario) -> Result<Setup<Duration>, KeyError> {
        let longer = scenario.system.get("longer") == Some(&true.into());
        let millis = if longer { 5 } else { 0 };
        Ok(Setup {
            options: Duration::from_millis(millis),
            profile: Profile::of_replicas(scenario.cluster.replicas),
        })
    }

    fn model() -> Register {
        Register
    }
}

fn explored(more: &str) -> Explored {
    let text = format!(
        "cluster = {{ system = \"leases\", replicas = 2 }}\n{more}\n\
         clients = [{{ at = 1, does = [\"write\"] }}, {{ at = 2, does = [\"read\", \"read\"] }}]\n"
    );
    let scenario = Scenario::parse("leases", &text).unwrap_or_else(|error| panic!("{error}"));
    let runner = Whole::<Leases>::RUNNER;
    let explored = runner.explore(&scenario, &Limits::default(), &mut |_: Progress| {});
    let explored = explored.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(explored.flaw, None);
    explored
}

#[test]
fn a_write_that_waits_for_leases_is_answered_only_where_time_passes() {
    let still = explored("[model]\nticks = 3");
    assert_eq!(still.violation, None);
    assert!(still.complete);
    assert_eq!(still.missing, [Milestone::Change], "reads are answered");
    let passes = explored("[model]\ntime = 1");
    assert_eq!((passes.violation, passes.missing), (None, Vec::new()));
    assert!(passes.complete);
}

#[test]
fn a_lease_that_is_kept_too_long_is_found_when_time_passes() {
    let longer = "system.longer = true";
    let still = explored(&format!("{longer}\n[model]\nticks = 3"));
    assert_eq!(still.violation, None, "the write waits for ever");
    let passes = explored(&format!("{longer}\n[model]\ntime = 1"));
    let violation = passes.violation.expect("a read is stale");
    assert_eq!(violation.check, "linearizability");
    let lines: Vec<_> = passes.schedule.iter().map(|step| &*step.line).collect();
    assert!(lines.contains(&"time"), "{lines:?}");
    let words: Vec<_> = passes.schedule.iter().map(|step| &*step.words).collect();
    let told = "time passes until 10ms, when a timer is due";
    assert!(words.contains(&told), "{words:?}");
}

#[test]
fn leases_that_end_in_time_are_safe_however_late_their_timers_fire() {
    let explored = explored("[model]\ntime = 3\nsettles = true");
    assert_eq!((explored.violation, explored.missing), (None, Vec::new()));
    assert!(explored.complete);
    assert!(explored.settled > Some(1), "{:?}", explored.settled);
}
