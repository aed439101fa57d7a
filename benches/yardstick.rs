//! What simulating costs: the world with every check on, against a bare loop
//! over the same library.
//!
//! The bare loop is `OmniPaxos` over `MemoryStorage` straight from the crates,
//! replicating plain commands as the published key-value service writes them:
//! the same number of replicas, ticks and proposals per tick, the same buffers,
//! messages delivered at once, nothing applied, nothing recorded. Both are measured in CPU time
//! of this thread, in turns, in one process; the figure is their ratio per
//! message and tick handled. The world carries, digests and handles requests and
//! replies, too, about two per operation, which the bare loop has not: they count
//! as messages of the world. `strict` is the ratio where they do not, and only
//! messages between replicas and ticks count on both sides. Everything else that
//! the world does (clients, disk, digest, checks, the search for a linearization)
//! counts as its cost either way. Run it with `cargo bench`.

#![cfg_attr(
    not(unix),
    expect(clippy::disallowed_types, reason = "a benchmark reads the clock")
)]

use std::hint::black_box;
#[cfg(not(unix))]
use std::time::Instant;

use omnipaxos::macros::Entry;
use omnipaxos::messages::Message;
use omnipaxos::{ClusterConfig, OmniPaxos, OmniPaxosConfig, ServerConfig};
use omnipaxos_storage::memory_storage::MemoryStorage;
use omnisim::scenario::Scenario;
use omnisim::search::{Runner, Testable};
use omnisim::systems::kv::Kv;
use omnisim::systems::omnipaxos::Tuning;
use omnisim::world::{Outcome, RunOptions, Verdict};

/// A command as the published key-value service replicates it.
#[derive(Clone, Debug, Entry)]
#[expect(dead_code, reason = "a bare loop replicates commands and applies none")]
struct PlainCommand {
    client_id: u64,
    coordinator_id: u64,
    id: usize,
    kv_cmd: PlainOperation,
}

#[derive(Clone, Debug)]
#[expect(dead_code, reason = "a bare loop replicates commands and applies none")]
enum PlainOperation {
    Put(String, String),
    Get(String),
}

/// Measurements in turns. A core runs faster or slower from one moment to the next, so that each
/// is compared with its neighbours alone, and the ratio in the middle is told.
const TURNS: usize = 41;

fn main() {
    println!(
        "{:<29} {:>9} {:>9} {:>7} {:>7} {:>12} {:>11}",
        "", "bare", "world", "ratio", "strict", "x real time", "events/s"
    );
    for (replicas, requests_per_sec) in [(3, 100), (5, 100), (3, 1_000), (5, 1_000)] {
        measure(replicas, requests_per_sec);
    }
}

fn measure(replicas: u64, requests_per_sec: u64) {
    let seconds = if requests_per_sec > 500 { 20 } else { 60 };
    let scenario = scenario(replicas, requests_per_sec, seconds);
    let size = Size::of(&scenario, &run(&scenario));
    let (mut worlds, mut bares, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut bare_before = bare_ns(&scenario, size);
    for _ in 0..TURNS {
        let (_, world) = timed(|| run(&scenario));
        let bare_after = bare_ns(&scenario, size);
        ratios.push(2.0 * world as f64 / (bare_before + bare_after));
        worlds.push(world as f64);
        bares.push(bare_after);
        bare_before = bare_after;
    }
    let (world_ns, bare_ns, strict) = (median(worlds), median(bares), median(ratios));
    let handled = size.handled as f64;
    let all = (size.handled + size.requests_and_replies) as f64;
    println!(
        "{:<29} {:>6.0} ns {:>6.0} ns {:>7.2} {:>7.2} {:>12.0} {:>11.0}",
        format!("{replicas} replicas, {requests_per_sec} requests/s"),
        bare_ns / handled,
        world_ns / all,
        strict * handled / all,
        strict,
        size.simulated_ns as f64 / world_ns,
        size.events as f64 * 1e9 / world_ns,
    );
}

/// What the bare loop takes for as much as the world handled.
fn bare_ns(scenario: &Scenario, size: Size) -> f64 {
    let (handled, ns) = timed(|| bare_loop(scenario, size));
    ns as f64 * size.handled as f64 / handled as f64
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn scenario(replicas: u64, requests_per_sec: u64, seconds: u64) -> Scenario {
    let clients = replicas * 2;
    let each = requests_per_sec.div_ceil(clients);
    let text = format!(
        "[cluster]\nreplicas = {replicas}\n\
         [network]\nlatency = {{ shape = {{ uniform = {{ min = \"200us\", max = \"800us\" }} }} }}\n\
         [workload]\nclients = {clients}\n\
         phases = [{{ duration = \"{seconds}s\", requests_per_sec = {each}, read_ratio = 0.5 }}]\n"
    );
    Scenario::parse("yardstick", &text).expect("the scenario is sound")
}

/// How much there was to do.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// Messages between replicas, and ticks.
    handled: u64,
    /// Messages to and from clients, which only the world has.
    requests_and_replies: u64,
    ticks: u64,
    proposals: u64,
    events: u64,
    simulated_ns: u64,
}

impl Size {
    fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        let rounds = outcome.ended.as_nanos() / Tuning::default().tick.as_nanos();
        let ticks = rounds * scenario.cluster.replicas;
        let requests_and_replies = 2 * outcome.operations.ok;
        Self {
            handled: outcome.messages.delivered - requests_and_replies + ticks,
            requests_and_replies,
            ticks,
            proposals: outcome.decided,
            events: outcome.events,
            simulated_ns: outcome.ended.as_nanos(),
        }
    }
}

fn run(scenario: &Scenario) -> Outcome {
    let runner: &dyn Runner = <Kv as Testable>::RUNNER;
    let outcome = runner.run(scenario, 1, RunOptions::default());
    let outcome = outcome.expect("the scenario suits the system");
    assert_eq!(outcome.verdict, Verdict::Pass, "{:?}", outcome.violations);
    outcome
}

/// Ticks all replicas and delivers at once; how many messages and ticks were handled.
fn bare_loop(scenario: &Scenario, size: Size) -> u64 {
    let cluster = &scenario.cluster;
    let mut replicas: Vec<_> = (1..=cluster.replicas)
        .map(|pid| bare_replica(scenario, pid))
        .collect();
    let mut queue: Vec<Message<PlainCommand>> = Vec::new();
    let mut taken = Vec::new();
    let (mut handled, mut proposed) = (0, 0);
    let rounds = size.ticks / cluster.replicas;
    for round in 1..=rounds {
        for replica in &mut replicas {
            replica.tick();
            handled += 1;
            replica.take_outgoing_messages(&mut taken);
            queue.append(&mut taken);
        }
        handled += drain(&mut replicas, &mut queue, &mut taken);
        while proposed * rounds < size.proposals * round {
            proposed += 1;
            let place = proposed as usize % replicas.len();
            replicas[place]
                .append(command(proposed))
                .expect("nothing is reconfigured");
            replicas[place].take_outgoing_messages(&mut taken);
            queue.append(&mut taken);
            handled += drain(&mut replicas, &mut queue, &mut taken);
        }
    }
    let decided = replicas.iter().map(OmniPaxos::get_decided_idx).max();
    assert!(decided > Some(0), "the bare loop decides");
    black_box(replicas);
    handled
}

type Bare = OmniPaxos<PlainCommand, MemoryStorage<PlainCommand>>;

fn drain(
    replicas: &mut [Bare],
    queue: &mut Vec<Message<PlainCommand>>,
    taken: &mut Vec<Message<PlainCommand>>,
) -> u64 {
    let mut handled = 0;
    while !queue.is_empty() {
        let mut arriving = std::mem::take(queue);
        for message in arriving.drain(..) {
            let to = message.get_receiver() as usize - 1;
            replicas[to].handle_incoming(message);
            handled += 1;
            replicas[to].take_outgoing_messages(taken);
            queue.append(taken);
        }
        if queue.is_empty() {
            *queue = arriving;
        }
    }
    handled
}

fn bare_replica(scenario: &Scenario, pid: u64) -> Bare {
    let cluster = &scenario.cluster;
    let tuning = Tuning::default();
    let config = OmniPaxosConfig {
        cluster_config: ClusterConfig {
            configuration_id: 1,
            nodes: (1..=cluster.replicas).collect(),
            flexible_quorum: None,
        },
        server_config: ServerConfig {
            pid,
            election_tick_timeout: tuning.election_ticks,
            resend_message_tick_timeout: tuning.resend_ticks,
            flush_batch_tick_timeout: tuning.flush_ticks,
            buffer_size: tuning.buffer_size as usize,
            batch_size: tuning.batch_size as usize,
            leader_priority: 0,
        },
    };
    config
        .build(MemoryStorage::default())
        .expect("the configuration is sound")
}

fn command(number: u64) -> PlainCommand {
    let key = format!("k{}", number % 5);
    let kv_cmd = if number.is_multiple_of(2) {
        PlainOperation::Get(key)
    } else {
        PlainOperation::Put(key, format!("1.{number}"))
    };
    PlainCommand {
        client_id: 1,
        coordinator_id: 1,
        id: number as usize,
        kv_cmd,
    }
}

/// CPU time of this thread, where the system tells it; wall time elsewhere.
fn timed<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = cpu_ns();
    let result = black_box(work());
    (result, (cpu_ns() - before).max(1))
}

/// Nanoseconds that this thread has run. The system's own counter for it: what it
/// tells of its scheduling instead is up to date only every few milliseconds, a
/// fifth of what one bare loop takes.
#[cfg(unix)]
fn cpu_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

#[cfg(not(unix))]
fn cpu_ns() -> u64 {
    static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    BEGAN.elapsed().as_nanos() as u64
}
