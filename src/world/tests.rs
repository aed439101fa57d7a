//! The digest of a run, held against what the run says of itself by other means: its
//! counts and its trace. A kind of step that the digest left out would be noticed.

use super::{Outcome, RunOptions, Shown, StepWatch, World, run, what};
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

/// Commands may be decided twice, and nothing is demanded of what clients see: nobody needs what
/// is over.
const UNJUDGED: &str = "system.dedup = false\nworkload.retry = \"none\"\n\
                        workload.phases = [{ duration = \"20s\" }]\n\
                        check.consistency = \"none\"\n\
                        nemesis.session_breaks = { every = \"2s\" }\n";

#[test]
fn operations_that_no_judge_needs_are_forgotten_and_the_run_is_the_same() {
    let scenario = Scenario::parse("unjudged", UNJUDGED).expect("it is sound");
    let mut world = World::<OverOmniPaxos<Kv>>::new(&scenario, 7, RunOptions::default());
    let world = world.as_mut().expect("it suits");
    world.run(u64::MAX);
    let history = world.load.history();
    let (all, kept) = (history.len(), history.kept_len());
    assert!(all > 1_000 && kept < all / 5, "{kept} of {all} are kept");

    let outcome = |keep_history| {
        let options = RunOptions {
            keep_history,
            ..RunOptions::default()
        };
        run::<OverOmniPaxos<Kv>>(&scenario, 7, options).expect("it suits")
    };
    let (forgets, keeps) = (outcome(false), outcome(true));
    let said = |outcome: &Outcome| {
        let Outcome {
            digest, verdict, ..
        } = outcome;
        let (checks, remarks) = (outcome.checks.clone(), outcome.remarks.clone());
        (*digest, *verdict, checks, remarks, outcome.operations)
    };
    assert_eq!(said(&forgets), said(&keeps));
    assert_eq!(keeps.history.map(|lines| lines.len()), Some(all));

    // Whoever judges the history needs it all.
    let mut judged = scenario.clone();
    judged.check.consistency = Default::default();
    let mut world = World::<OverOmniPaxos<Kv>>::new(&judged, 7, RunOptions::default());
    let world = world.as_mut().expect("it suits");
    world.run(u64::MAX);
    assert_eq!(world.load.history().forgotten(), 0);
}
