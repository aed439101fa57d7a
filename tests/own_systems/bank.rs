//! A system whose model has no parts: a bank, of which every read sees all accounts.
//!
//! Nothing can be decided account by account, so where replies are wrong the search for a
//! linearization is as dear as it gets. These tests count what it costs, in steps and candidates,
//! which are the same on every machine.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use knossos::models::bank::{Bank, Input, Output};
use knossos::{Model, Text};
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::observation::ClientId;
use omnisim::scenario::Scenario;
use omnisim::search::{Shrinking, Shrunk, Signature, Testable, Wanted, shrink};
use omnisim::systems::Service;
use omnisim::systems::omnipaxos::StateMachine;
use omnisim::world::{Outcome, RunOptions, Verdict};
use serde::{Deserialize, Serialize};

/// The accounts.
const ACCOUNTS: [&str; 4] = ["ada", "ben", "cyd", "dan"];

fn model() -> Bank {
    Bank::new(ACCOUNTS.map(|account| (account, 100)))
}

/// What the accounts hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Books(<Bank as Model>::State);

impl Default for Books {
    fn default() -> Self {
        Self(model().initial())
    }
}

impl StateMachine for Books {
    type Command = Input;
    type Output = Output;

    fn apply(&mut self, command: &Input) -> Output {
        if let Some(answer) = self.query(command) {
            return answer;
        }
        let Input::Transfer { from, to, amount } = command else {
            unreachable!("all else is a query");
        };
        let left = self.0.get(from).and_then(|held| held.checked_sub(*amount));
        match (left, self.0.contains_key(to)) {
            (Some(left), true) => {
                self.0.insert(from.clone(), left);
                *self.0.get_mut(to).expect("there is such an account") += amount;
                Output::Moved(true)
            }
            _ => Output::Moved(false),
        }
    }

    fn query(&self, command: &Input) -> Option<Output> {
        match command {
            Input::Read => Some(Output::Balances(self.0.clone())),
            Input::Balance(account) => Some(Output::Holds(self.0.get(account).copied())),
            Input::Transfer { .. } => None,
        }
    }
}

/// Clients that move money, and count it.
struct Teller;

impl Workload for Teller {
    type Command = Input;
    type Output = Output;

    fn new(_: ClientId, _: &WorkloadOptions) -> Self {
        Self
    }

    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Input {
        if read {
            return Input::Read;
        }
        let mut account = || Text::from(ACCOUNTS[chooser.below(4) as usize]);
        let (from, to) = (account(), account());
        Input::Transfer {
            from,
            to,
            amount: 1 + chooser.below(3),
        }
    }

    fn probe(&mut self, number: u64) -> Input {
        Input::Transfer {
            from: ACCOUNTS[(number % 4) as usize].into(),
            to: ACCOUNTS[((number + 1) % 4) as usize].into(),
            amount: 1,
        }
    }
}

struct BankService;

impl Service for BankService {
    const NAME: &'static str = "bank";
    type Machine = Books;
    type Workload = Teller;
    type Model = Bank;

    fn model() -> Bank {
        model()
    }
}

/// No scenario here has snapshots: one kind of entry is compiled, where a service has two.
type Tested = BankService;

fn scenario(reads: &str, check: &str) -> Scenario {
    let text = format!(
        r#"
        cluster.system = "bank"
        system.reads = "{reads}"
        workload.clients = 4
        workload.phases = [{{ duration = "4s", requests_per_sec = 20, read_ratio = 0.5 }}]
        nemesis.isolate = {{ every = "1s", for = "200ms..1s" }}
        [check]
        {check}
        "#
    );
    Scenario::parse("bank", &text).unwrap_or_else(|error| panic!("{error}"))
}

fn run(scenario: &Scenario, seed: u64) -> Outcome {
    Tested::RUNNER
        .run(scenario, seed, RunOptions::default())
        .expect("the options suit the system")
}

fn completed(outcome: &Outcome) -> u64 {
    outcome.operations.ok + outcome.operations.info
}

#[test]
fn a_bank_that_reads_from_its_log_is_decided_in_the_order_of_the_log() {
    let scenario = scenario("log", "");
    for seed in 0..10 {
        let outcome = run(&scenario, seed);
        assert_eq!(outcome.verdict, Verdict::Pass, "seed {seed}");
        let (steps, operations) = (outcome.search.steps, completed(&outcome));
        assert!(operations > 100, "seed {seed}: {operations}");
        assert!(
            steps <= 2 * operations,
            "seed {seed}: {steps} for {operations}"
        );
    }
}

#[test]
fn judging_a_bank_with_stale_reads_costs_no_more_than_running_it() {
    let by_default = scenario("local", "");
    for seed in 0..10 {
        let outcome = run(&by_default, seed);
        assert_eq!(outcome.verdict, Verdict::Violation, "seed {seed}");
        let most = 100_000 + 2 * outcome.events;
        assert_eq!(outcome.search.budget, most, "seed {seed}");
        assert!(outcome.search.steps <= most + 1, "seed {seed}");
    }
}

#[test]
fn more_steps_decide_more_and_change_no_verdict_and_what_stays_undecided_is_told() {
    let checked = |steps: u64| {
        let check = format!("without = [\"applied_state\"]\nsearch_steps = {steps}");
        scenario("local", &check)
    };
    let (cheap, dear) = (checked(200), checked(200_000));
    let (mut undecided, mut decided) = (0, 0);
    for seed in 0..10 {
        let [cheap, dear] = [&cheap, &dear].map(|scenario| run(scenario, seed));
        assert_eq!(
            cheap.digest, dear.digest,
            "the search is no part of the run"
        );
        if cheap.verdict == Verdict::Unknown {
            undecided += 1;
            decided += u64::from(dear.verdict != Verdict::Unknown);
        } else {
            assert_eq!(cheap.verdict, dear.verdict, "seed {seed}");
        }
        let is_told = |remark: &String| remark.starts_with("linearizability is unknown");
        let is_told = cheap.remarks.iter().any(is_told);
        assert_eq!(is_told, cheap.search.ran_out, "seed {seed}");
        assert_eq!(is_told, cheap.verdict == Verdict::Unknown, "seed {seed}");
    }
    assert!(undecided > 0 && decided > 0, "{decided} of {undecided}");
}

fn shrunk(
    scenario: &Scenario,
    seed: u64,
    check: &str,
    progress: &mut dyn FnMut(&Outcome),
) -> Shrunk {
    let outcome = run(scenario, seed);
    let signatures = Signature::all(&outcome);
    let signature = signatures.iter().find(|signature| signature.check == check);
    let stop = Arc::new(AtomicBool::new(false));
    let shrinking = Shrinking {
        runner: Tested::RUNNER,
        scenario,
        seed,
        plan: &omnisim::decision::Plan::default(),
        wanted: Wanted::Signature(signature.expect("it fails so")),
        threads: 1,
        stop: &stop,
    };
    shrink(&shrinking, &mut |found, _| progress(&found.outcome)).expect("it fails")
}

#[test]
fn no_order_is_searched_for_while_another_check_is_what_has_to_stay() {
    let scenario = scenario("local", "");
    let mut steps = 0;
    let shrunk = shrunk(&scenario, 1, "applied_state", &mut |outcome| {
        steps += outcome.search.steps;
    });
    assert_eq!(steps, 0, "no candidate was searched");
    assert!(shrunk.complete && shrunk.runs > 20, "{}", shrunk.runs);
    assert!(
        shrunk.after.operations() <= 4,
        "{}",
        shrunk.after.operations()
    );
    assert!(
        shrunk.after.outcome.search.budget > 0,
        "what is left is judged in full"
    );
}

#[test]
fn the_search_is_cheap_while_its_own_violation_shrinks() {
    let scenario = scenario("local", "search_steps = 1000000");
    let is_decided = |seed: &u64| {
        let outcome = run(&scenario, *seed);
        Signature::all(&outcome)
            .iter()
            .any(|found| found.check == "linearizability")
    };
    let seed = (0..50).find(is_decided).expect("some seed is decided");
    let mut latest = run(&scenario, seed).search.steps;
    let shrunk = shrunk(&scenario, seed, "linearizability", &mut |outcome| {
        assert!(outcome.search.budget <= (2 * latest).max(20_000));
        latest = outcome.search.steps;
    });
    assert!(shrunk.complete);
    assert!(
        shrunk.after.operations() <= 4,
        "{}",
        shrunk.after.operations()
    );
}
