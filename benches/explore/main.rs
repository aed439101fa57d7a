//! What taking every schedule costs: the real library in our search, beside a
//! hand-written model in the same search.
//!
//! Both are stateright's breadth-first search on one thread, in one process, in
//! turns, by the wall clock, and both put every state to a linearizability test.
//! Beside ours stands single-decree Paxos as an actor model with three servers and
//! stateright's own register clients, as in its examples: a state there is a few
//! small values, and a step a few lines. Ours runs `OmniPaxos`, its storage, a
//! key-value service, and the checks of every replica; what it has to run only
//! once, it looks up. Run it with `cargo bench --bench explore`.

#![expect(clippy::disallowed_types, reason = "a benchmark reads the clock")]

mod paxos;

use std::path::Path;
use std::time::Instant;

use omnisim::explore::{Limits, Search};
use omnisim::scenario::Scenario;
use omnisim::systems::BUILT_IN;
use stateright::{Checker, Model};

/// Measurements in turns; the fastest of each was disturbed least.
const TURNS: usize = 3;

/// How many states of the actor model are taken: there are more.
const STATES: usize = 1_000_000;

/// What one search came to.
#[derive(Clone, Copy, Default)]
struct Measured {
    states: u64,
    unique: u64,
    seconds: f64,
}

impl Measured {
    fn rate(self) -> f64 {
        self.states as f64 / self.seconds
    }

    fn faster(self, other: Self) -> Self {
        if self.seconds == 0.0 || other.rate() > self.rate() {
            other
        } else {
            self
        }
    }
}

fn main() {
    // Cargo passes `--bench`; names say which scenarios to measure.
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let names = if named.is_empty() {
        ["two_attempts", "one_crash", "crash_and_losses"]
            .map(str::to_owned)
            .to_vec()
    } else {
        named
    };
    let mut plain = Measured::default();
    let mut ours = vec![Measured::default(); names.len()];
    for _ in 0..TURNS {
        plain = plain.faster(paxos());
        for (measured, name) in ours.iter_mut().zip(&names) {
            *measured = measured.faster(scenario(name));
        }
    }
    println!(
        "{:<34} {:>11} {:>11} {:>8} {:>10} {:>6}",
        "", "states", "unique", "seconds", "states/s", "ratio"
    );
    tell("Paxos as an actor model", plain, plain);
    for (name, measured) in names.iter().zip(ours) {
        tell(&format!("omnisim, {name}"), measured, plain);
    }
}

fn tell(name: &str, measured: Measured, plain: Measured) {
    println!(
        "{name:<34} {:>11} {:>11} {:>8.2} {:>10.0} {:>6.2}",
        measured.states,
        measured.unique,
        measured.seconds,
        measured.rate(),
        measured.rate() / plain.rate()
    );
}

fn paxos() -> Measured {
    let began = Instant::now();
    let model = paxos::model(3).checker().threads(1);
    let checker = model.target_state_count(STATES).spawn_bfs().join();
    assert!(checker.discoveries().is_empty(), "Paxos is linearizable");
    Measured {
        states: checker.state_count() as u64,
        unique: checker.unique_state_count() as u64,
        seconds: began.elapsed().as_secs_f64(),
    }
}

fn scenario(name: &str) -> Measured {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/model");
    let scenario = Scenario::load(&folder.join(name).with_extension("toml"));
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
    let limits = Limits {
        threads: 1,
        search: Search::BreadthFirst,
        ..Limits::default()
    };
    let began = Instant::now();
    let explored = BUILT_IN[0].explore(&scenario, &limits, &mut |_| {});
    let seconds = began.elapsed().as_secs_f64();
    let explored = explored.unwrap_or_else(|error| panic!("{error}"));
    assert!(explored.complete && explored.violation.is_none(), "{name}");
    Measured {
        states: explored.progress.states,
        unique: explored.progress.unique_states,
        seconds,
    }
}
