//! The digest of a run, held against what the run says of itself by other means: its
//! counts and its trace. A kind of step that the digest left out would be noticed.

use super::{Outcome, RunOptions, Shown, StepWatch, run, what};
use crate::observation::{RunDigest, Step};
use crate::scenario::Scenario;
use crate::systems::kv::Kv;
use crate::systems::omnipaxos::OverOmniPaxos;

const EVERY_FAULT: &str = include_str!("../../scenarios/everything/together.toml");

fn watched(seed: u64) -> Outcome {
    let scenario = Scenario::parse("together", EVERY_FAULT).expect("it is sound");
    let options = RunOptions {
        watch: StepWatch::Keep,
        trace: Some(Shown::All),
        ..RunOptions::default()
    };
    run::<OverOmniPaxos<Kv>>(&scenario, seed, options).expect("it suits")
}

fn digest(steps: &[Step]) -> u64 {
    let mut digest = RunDigest::default();
    steps.iter().for_each(|step| digest.fold(*step));
    digest.value()
}

/// How often each kind of step comes, by the counts and the trace of a run; `None`
/// where neither tells, but that it comes.
fn told(outcome: &Outcome) -> [(u8, Option<u64>); 12] {
    let told = |is: &dyn Fn(&str) -> bool| {
        let lines = outcome.trace.iter().filter(|line| is(&line.what));
        Some(lines.count() as u64)
    };
    let operations = outcome.operations;
    [
        (what::MESSAGE, Some(outcome.messages.delivered)),
        (what::TIMER, None),
        (what::SESSION_UP, None),
        (what::SESSION_LOST, None),
        (what::CRASH, told(&|line| line == "CRASHES")),
        (what::START, told(&|line| line.starts_with("starts, "))),
        (what::FAULT, Some(outcome.faults.values().sum())),
        (what::FAULT_END, told(&|line| line.starts_with("ends: "))),
        (what::ACTION, told(&|line| line.starts_with("an operator "))),
        (
            what::ISSUE,
            Some(operations.ok + operations.fail + operations.info),
        ),
        (what::TIMEOUT, None),
        (what::SETTLE, told(&|line| line.starts_with("settle: "))),
    ]
}

/// The first kind of step of which there are not as many as the run tells of.
fn missed(outcome: &Outcome, steps: &[Step]) -> Option<u8> {
    let count = |kind| steps.iter().filter(|step| step.what == kind).count() as u64;
    let is_missed = |(kind, told): &(u8, Option<u64>)| match told {
        Some(told) => count(*kind) != *told || *told == 0,
        None => count(*kind) == 0,
    };
    told(outcome)
        .iter()
        .find(|one| is_missed(one))
        .map(|(kind, _)| *kind)
}

#[test]
fn every_kind_of_step_is_in_the_digest_as_often_as_the_run_tells_of_it() {
    for seed in 0..3 {
        let outcome = watched(seed);
        assert_eq!(outcome.violations, [], "seed {seed}");
        assert_eq!(missed(&outcome, &outcome.steps), None, "seed {seed}");
        assert_eq!(digest(&outcome.steps), outcome.digest);
    }
}

#[test]
fn a_digest_that_leaves_out_a_kind_of_step_is_noticed() {
    let outcome = watched(0);
    for (kind, _) in told(&outcome) {
        let steps = outcome.steps.iter().copied();
        let left: Vec<_> = steps.filter(|step| step.what != kind).collect();
        assert_eq!(missed(&outcome, &left), Some(kind));
        assert_ne!(digest(&left), outcome.digest, "kind {kind}");
    }
}
