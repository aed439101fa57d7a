//! Verification can go red: a service that remembers earlier runs is found out,
//! with the first step that differs, although every check of a single run passes.

mod common;

use std::sync::atomic::{AtomicU64, Ordering};

use common::scenario;
use knossos::Model;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::observation::ClientId;
use omnisim::replica::omnipaxos::StateMachine;
use omnisim::scenario::Scenario;
use omnisim::search::{Testable, verify};
use omnisim::systems::Service;
use omnisim::world::{RunOptions, StepWatch, Verdict};
use serde::{Deserialize, Serialize};

/// The nondeterminism: how many runs this process has begun.
static RUNS: AtomicU64 = AtomicU64::new(0);

/// From its third command on, it tells how many runs there were.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Remembers(u64);

impl StateMachine for Remembers {
    type Command = u64;
    type Output = u64;

    fn apply(&mut self, _: &u64) -> u64 {
        self.0 += 1;
        if self.0 < 3 {
            0
        } else {
            RUNS.load(Ordering::Relaxed)
        }
    }
}

struct Counts(u64);

impl Workload for Counts {
    type Command = u64;
    type Output = u64;

    fn new(client: ClientId, _: &WorkloadOptions) -> Self {
        if client == 1 {
            RUNS.fetch_add(1, Ordering::Relaxed);
        }
        Self(0)
    }

    fn next(&mut self, _: bool, _: &mut Chooser<'_>) -> u64 {
        self.0 += 1;
        self.0
    }

    fn probe(&mut self, number: u64) -> u64 {
        number
    }
}

/// Believes everything.
struct Anything;

impl Model for Anything {
    type Input = u64;
    type Output = u64;
    type State = ();

    fn initial(&self) {}

    fn step(&self, (): &(), _: &u64, _: Option<&u64>) -> Option<()> {
        Some(())
    }

    fn describe(&self, input: &u64, output: Option<&u64>) -> String {
        format!("{input} = {output:?}")
    }
}

struct Forgetless;

impl Service for Forgetless {
    const NAME: &'static str = "forgetless";
    type Machine = Remembers;
    type Workload = Counts;
    type Model = Anything;

    fn model() -> Anything {
        Anything
    }
}

fn hello() -> Scenario {
    let mut scenario = scenario("smoke/hello");
    scenario.cluster.system = Forgetless::NAME.to_owned();
    scenario
}

// One test, because the runs of another would be counted, too.
#[test]
fn a_service_that_remembers_earlier_runs_is_reported_with_the_first_step_that_differs() {
    let keep = || RunOptions {
        watch: StepWatch::Keep,
        ..RunOptions::default()
    };
    let steps = |_| {
        let outcome = Forgetless::RUNNER
            .run(&hello(), 7, keep())
            .expect("the options suit it");
        assert_eq!(
            outcome.verdict,
            Verdict::Pass,
            "a single run shows nothing: {:?}",
            outcome.violations
        );
        outcome.steps
    };
    let [first, second] = [(), ()].map(steps);
    let differs = first
        .iter()
        .zip(&second)
        .position(|(a, b)| a != b)
        .expect("the runs differ");
    assert!(differs > 0, "the first commands are executed alike");

    let verified = verify(Forgetless::RUNNER, &hello(), 7, false).expect("the options suit it");
    assert_eq!(verified.outcome.verdict, Verdict::Pass);
    let divergence = verified.divergence.expect("the second run differs");
    assert_eq!(divergence.step, differs as u64);
    let (one, other) = (
        divergence.first.expect("a step"),
        divergence.second.expect("a step"),
    );
    assert_eq!(
        (one.at, one.who),
        (other.at, other.who),
        "only the content differs"
    );
    assert_ne!(one.content, other.content);
    assert!(!divergence.description.is_empty());
}
