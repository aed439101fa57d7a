//! Catches are told apart by check, cause and contract, and no failing seed is lost.

use std::collections::BTreeSet;

use proptest::prelude::*;
use simulated_clock::Instant;

use super::*;
use crate::check::{Cause, Violation};
use crate::explore::{Explored, Explorer, Limits, Player, Progress};
use crate::network::LinkContract;
use crate::storage::Durability;
use crate::system::{Contract, Profile, SystemInfo};
use crate::systems::BUILT_IN;
use crate::units::KeyError;
use crate::world::Verdict;

fn scenario() -> Scenario {
    let text = "workload.phases = [{ duration = \"10ms\" }]";
    Scenario::parse("short", text).expect("it is sound")
}

/// A run that passed.
fn passed() -> Outcome {
    let run = BUILT_IN[0].run(&scenario(), 0, RunOptions::default());
    run.expect("the options suit it")
}

/// The same run, as if it had failed.
fn failed(passed: &Outcome, seed: u64, cause: Cause, in_contract: bool) -> Outcome {
    let message = format!("the words of run {seed}");
    let violation = Violation::safety("agreement", cause, Instant::ZERO, vec![1], message);
    Outcome {
        seed,
        verdict: Verdict::Violation,
        violations: vec![violation],
        in_contract,
        ..passed.clone()
    }
}

#[test]
fn runs_within_the_contract_are_another_catch_than_those_outside_of_it() {
    let (passed, mut state) = (passed(), HuntReport::default());
    for seed in 0..32 {
        let in_contract = seed % 8 >= 5;
        let new = state.add(
            &scenario(),
            &failed(&passed, seed, Cause::DecidedDifferently, in_contract),
        );
        assert_eq!(new.is_some(), seed == 0 || seed == 5);
    }
    let counts: Vec<_> = state
        .catches
        .iter()
        .map(|catch| (catch.kind.in_contract, catch.runs))
        .collect();
    assert_eq!(counts, [(false, 20), (true, 12)]);
    assert_eq!(state.catches[1].seeds["short"][..4], [5, 6, 7, 13]);
}

#[test]
fn a_second_cause_of_the_same_check_is_not_hidden_by_the_first() {
    let (passed, mut state) = (passed(), HuntReport::default());
    let add = |state: &mut HuntReport, seed, cause| {
        state.add(&scenario(), &failed(&passed, seed, cause, true))
    };
    assert_eq!(add(&mut state, 3, Cause::DecidedDifferently), Some(0));
    assert_eq!(add(&mut state, 4, Cause::DecidedDifferently), None);
    assert_eq!(add(&mut state, 5, Cause::Truncated), Some(1));
    let mut planted = scenario();
    planted.selftest.planted = Some("local-get".to_owned());
    let run = failed(&passed, 6, Cause::Truncated, true);
    assert_eq!(
        state.add(&planted, &run),
        Some(2),
        "another bug is another cause"
    );
    let seeds: Vec<_> = state
        .catches
        .iter()
        .map(|catch| &catch.seeds["short"][..])
        .collect();
    assert_eq!(seeds, [&[3, 4][..], &[5], &[6]]);
}

#[test]
fn a_state_survives_its_file() {
    let (passed, mut state) = (passed(), HuntReport::default());
    state.add(
        &scenario(),
        &failed(&passed, 3, Cause::DecidedDifferently, false),
    );
    state.twice = 1;
    let text = serde_json::to_string_pretty(&state).expect("it is plain data");
    assert_eq!(
        serde_json::from_str::<HuntReport>(&text).expect("it is whole"),
        state
    );
}

/// A system that relies on bounded clocks, and is never run.
struct Bounded;

impl Runner for Bounded {
    fn info(&self) -> &'static SystemInfo {
        const ASSUMES: Contract = Contract {
            links: LinkContract::Session,
            disks: Durability::Durable,
            clocks_bounded: true,
        };
        const { &SystemInfo::new("bounded", ASSUMES) }
    }

    fn profile(&self, scenario: &Scenario) -> Result<Profile, KeyError> {
        Ok(Profile::of_replicas(scenario.cluster.replicas))
    }

    fn validate(&self, _: &Scenario) -> Result<(), KeyError> {
        Ok(())
    }

    fn own_checks(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn run(&self, _: &Scenario, _: u64, _: RunOptions) -> Result<Outcome, KeyError> {
        unreachable!("it is only drawn for")
    }

    fn explore(
        &self,
        _: &Scenario,
        _: &Limits,
        _: &mut dyn FnMut(Progress),
    ) -> Result<Explored, KeyError> {
        unreachable!("it is only drawn for")
    }

    fn player(&self, _: &Scenario, _: &Limits) -> Result<Player, KeyError> {
        unreachable!("it is only drawn for")
    }

    fn explorer(&self, _: &Scenario, _: &Limits) -> Result<Explorer, KeyError> {
        unreachable!("it is only drawn for")
    }
}

#[test]
fn a_system_that_relies_on_its_clocks_meets_lying_ones_only_when_asked_for() {
    let lies = |runner: &'static dyn Runner, environment| {
        let prey = Prey::Swarm {
            runner,
            environment,
            budget: BudgetOptions::default(),
        };
        let lies = |seed: &u64| {
            let nemesis = prey.scenario(*seed).nemesis;
            nemesis.clock_lie.is_some() || nemesis.clock_step.is_some()
        };
        (0..200).filter(lies).count()
    };
    assert_eq!(lies(&Bounded, Environment::Promised), 0);
    assert!(lies(&Bounded, Environment::Unlimited) > 40);
    assert!(
        lies(BUILT_IN[0], Environment::Promised) > 40,
        "it reads no clock"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_failing_seed_is_listed_once_and_in_a_catch_of_its_contract(
        runs in prop::collection::vec((any::<bool>(), any::<bool>()), 1..40),
    ) {
        let (passed, mut state) = (passed(), HuntReport::default());
        for (seed, (cut, in_contract)) in (0..).zip(&runs) {
            let message = if *cut { Cause::Truncated } else { Cause::DecidedDifferently };
            state.add(&scenario(), &failed(&passed, seed, message, *in_contract));
        }
        let kinds: BTreeSet<_> = runs.iter().collect();
        prop_assert_eq!(state.catches.len(), kinds.len());
        let mut listed = Vec::new();
        for catch in &state.catches {
            let seeds = &catch.seeds["short"];
            prop_assert_eq!(seeds.len() as u64, catch.runs);
            for seed in seeds {
                prop_assert_eq!(runs[*seed as usize].1, catch.kind.in_contract);
            }
            listed.extend(seeds.iter().copied());
        }
        listed.sort_unstable();
        prop_assert_eq!(listed, (0..runs.len() as u64).collect::<Vec<_>>());
    }
}
