//! A system that brings its own replicas: no OmniPaxos, no log, no leader, no disk.
//!
//! The register has a single copy, in the memory of replica 1. The others
//! forward what they are asked, keep it until it is answered, and ask again
//! when a session is made anew. As long as replica 1 lives, that is linearizable
//! whatever the network does; when it crashes, acknowledged writes are gone.

mod common;

use std::collections::BTreeMap;

use common::whole::{NoAction, without_a_disk};
use knossos::models::register::{Input, Output, Register};
use omnisim::check::NoFold;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::network::LinkContract;
use omnisim::observation::{ClientId, RequestId};
use omnisim::replica::{Context, Event, Message, Replica, Reply, Request};
use omnisim::scenario::{Occurrence, Scenario};
use omnisim::search::{Testable, Whole};
use omnisim::storage::NoDisk;
use omnisim::system::{Profile, Setup, System, SystemInfo};
use omnisim::testing::TestBed;
use omnisim::units::KeyError;
use omnisim::world::{Outcome, RunOptions, Verdict};
use serde::Serialize;

/// The replica that holds the value.
const HOLDER: u64 = 1;

/// What replicas say to each other.
#[derive(Clone, Debug, Serialize)]
enum Packet {
    /// To the holder: somebody asks this.
    Ask(Request<Input>),
    /// From the holder: this is the answer.
    Answer(Reply<Output>),
}

impl Message for Packet {
    const KINDS: &'static [&'static str] = &["Ask", "Answer"];

    fn kind(&self) -> usize {
        match self {
            Self::Ask(_) => 0,
            Self::Answer(_) => 1,
        }
    }
}

/// Each replica has a part to play, given by its number.
enum SingleCopy {
    Holder {
        value: <Register as knossos::Model>::State,
        /// What was answered: the same request may arrive along two ways.
        answered: BTreeMap<RequestId, Output>,
    },
    Forwarder {
        /// What was forwarded and is not yet answered.
        open: BTreeMap<RequestId, Request<Input>>,
    },
}

impl Replica for SingleCopy {
    type Message = Packet;
    type Command = Input;
    type Output = Output;
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = ();

    fn start((): &(), _: NoDisk<()>, context: &mut Context<'_, Self>) -> Self {
        if context.me() == HOLDER {
            Self::Holder {
                value: None,
                answered: BTreeMap::new(),
            }
        } else {
            Self::Forwarder {
                open: BTreeMap::new(),
            }
        }
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        match (self, event) {
            (Self::Holder { value, answered }, Event::Request(request)) => {
                context.reply(answer(value, answered, &request));
            }
            (
                Self::Holder { value, answered },
                Event::Message {
                    from,
                    message: Packet::Ask(request),
                },
            ) => {
                context.send(from, Packet::Answer(answer(value, answered, &request)));
            }
            (Self::Forwarder { open }, Event::Request(request)) => {
                context.send(HOLDER, Packet::Ask(request.clone()));
                open.insert(request.id, request);
            }
            (
                Self::Forwarder { open },
                Event::Message {
                    message: Packet::Answer(reply),
                    ..
                },
            ) => {
                // Answered twice, if it was asked again on a new session.
                if open.remove(&reply.id).is_some() {
                    context.reply(reply);
                }
            }
            // What was on its way when the session broke may be lost.
            (Self::Forwarder { open }, Event::SessionUp(HOLDER)) => {
                for request in open.values() {
                    context.send(HOLDER, Packet::Ask(request.clone()));
                }
            }
            (_, Event::SessionUp(_) | Event::SessionLost(_) | Event::Stop) => {}
            (_, Event::Timer { .. }) => unreachable!("no timer is ever set"),
            (_, Event::Operator(action)) => match action {},
            (_, Event::Message { .. }) => unreachable!("the holder answers, the others ask"),
        }
    }
}

/// Executes a request, once.
fn answer(
    value: &mut <Register as knossos::Model>::State,
    answered: &mut BTreeMap<RequestId, Output>,
    request: &Request<Input>,
) -> Reply<Output> {
    let output = answered
        .entry(request.id)
        .or_insert_with(|| match &request.command {
            Input::Read => Output::Value(value.clone()),
            Input::Write(text) => {
                *value = Some(text.clone());
                Output::Done
            }
            Input::Clear => {
                *value = None;
                Output::Done
            }
        });
    Reply {
        id: request.id,
        attempt: request.attempt,
        position: None,
        output: output.clone(),
    }
}

/// Reads, and writes of values that no one else writes.
struct RegisterWorkload {
    client: ClientId,
    written: u64,
}

impl RegisterWorkload {
    fn write(&mut self) -> Input {
        self.written += 1;
        Input::Write(format!("{}.{}", self.client, self.written).into())
    }
}

impl Workload for RegisterWorkload {
    type Command = Input;
    type Output = Output;

    fn new(client: ClientId, _: &WorkloadOptions) -> Self {
        Self { client, written: 0 }
    }

    fn next(&mut self, read: bool, _: &mut Chooser<'_>) -> Input {
        if read { Input::Read } else { self.write() }
    }

    fn probe(&mut self, _: u64) -> Input {
        self.write()
    }
}

struct SingleCopySystem;

impl System for SingleCopySystem {
    type Replica = SingleCopy;
    type Workload = RegisterWorkload;
    type Model = Register;
    type Fold = NoFold;

    const INFO: SystemInfo =
        SystemInfo::new("single_copy", without_a_disk(LinkContract::Session, false));

    fn setup(scenario: &Scenario) -> Result<Setup<()>, KeyError> {
        Ok(Setup {
            options: (),
            profile: Profile::of_replicas(scenario.cluster.replicas),
        })
    }

    fn model() -> Register {
        Register
    }
}

type Tested = Whole<SingleCopySystem>;

fn scenario(name: &str, more: &str) -> Scenario {
    let text = format!(
        r#"
        cluster.system = "single_copy"
        workload.clients = 4
        workload.phases = [{{ duration = "4s", requests_per_sec = 20, read_ratio = 0.5 }}]
        {more}
        "#
    );
    Scenario::parse(name, &text).unwrap_or_else(|error| panic!("{error}"))
}

fn bed() -> TestBed {
    TestBed::new(
        "no-such-program",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/whole_replica"),
    )
}

fn run(scenario: &Scenario, seed: u64) -> Outcome {
    Tested::RUNNER
        .run(scenario, seed, RunOptions::default())
        .expect("the options suit the system")
}

#[test]
fn a_system_without_log_or_leader_passes_where_nothing_goes_wrong() {
    let quiet = scenario("single_copy_quiet", "");
    bed().check_seeds::<Tested>(&quiet, 0..20);
    let outcome = run(&quiet, 0);
    assert_eq!(outcome.operations.info, 0, "every operation completed");
    assert_eq!((outcome.decided, outcome.leader_changes), (0, 0));
}

#[test]
fn checks_that_get_no_input_say_so_and_the_others_say_how_much_they_saw() {
    let outcome = run(&scenario("single_copy_quiet", ""), 0);
    assert_eq!(outcome.verdict, Verdict::Pass);
    let evaluated = |name: &str| {
        let mut all = outcome.checks.iter();
        all.find(|check| check.name == name)
            .unwrap_or_else(|| panic!("{name} is not listed"))
            .evaluated
    };
    let log_checks = [
        "promise_durable",
        "acknowledged_stays",
        "decided_stays",
        "one_voice",
        "agreement",
        "applied_state",
        "snapshot_fold",
        "convergence",
        "acknowledged_survives",
    ];
    for name in log_checks {
        assert_eq!(evaluated(name), None, "{name} speaks of logs and states");
    }
    for name in ["linearizability", "completion", "panic"] {
        assert!(
            evaluated(name).is_some_and(|count| count > 0),
            "{name} needs no log"
        );
    }
    let remarks = outcome.remarks.join("\n");
    assert!(
        remarks.contains("convergence is not applicable"),
        "{remarks}"
    );
    assert!(remarks.contains("witness is not applicable"), "{remarks}");
}

#[test]
fn forwarders_ask_again_on_a_new_session_so_that_nothing_is_lost() {
    // Clients ask once: whatever a broken session swallowed, only a forwarder
    // that hears of the new session can save.
    let breaks = scenario(
        "single_copy_session_breaks",
        r#"
        workload.timeout = "60s"
        nemesis.session_breaks = { every = "200ms" }
        check.require = ["session_remade"]
        "#,
    );
    let tally = bed().try_seeds::<Tested>(&breaks, 0..50).unwrap();
    assert!(!tally.occurred.contains(&Occurrence::UnknownOutcome));
    let open: u64 = (0..50).map(|seed| run(&breaks, seed).operations.info).sum();
    assert_eq!(open, 0, "every operation completed");
}

#[test]
fn a_single_copy_stays_linearizable_whatever_the_network_does() {
    let faults = scenario(
        "single_copy_faults",
        r#"
        workload.retry = "next"
        workload.timeout = "200ms"
        nemesis.session_breaks = { every = "200ms" }
        nemesis.isolate = { every = "2s", for = "100ms..500ms" }
        nemesis.pause = { every = "2s", for = "50ms..500ms" }
        check.require = ["session_remade", "retry"]
        "#,
    );
    bed().check_seeds::<Tested>(&faults, 0..50);
}

#[test]
fn a_crash_of_the_only_copy_loses_acknowledged_writes_and_is_found() {
    let crash = scenario(
        "single_copy_crash",
        r#"
        fault = [{ at = "2s", for = "200ms", kind = "crash", replica = 1 }]
        check.require = ["restart"]
        "#,
    );
    let failure = bed()
        .try_seeds::<Tested>(&crash, 0..20)
        .expect_err("a value without a disk is lost");
    let shown = failure.shown.expect("a single run shows it");
    assert_eq!(
        shown.outcome.violations[0].check, "linearizability",
        "{}",
        failure.message
    );
    assert!(
        shown.outcome.in_contract,
        "links and disks kept what the system relies on"
    );
}
