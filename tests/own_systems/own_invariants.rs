//! An invariant of the author's own over the state of a service: where it holds it is counted, and
//! where it is broken the run ends with the command that broke it, in runs and in searches.

use crate::anything::Anything;
use std::collections::BTreeMap;

use crate::common::Folder;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::explore::Limits;
use omnisim::observation::ClientId;
use omnisim::repro::Repro;
use omnisim::scenario::Scenario;
use omnisim::search::{Runner, Testable};
use omnisim::systems::Service;
use omnisim::systems::omnipaxos::{InvariantOf, StateMachine};
use omnisim::testing::TestBed;
use omnisim::units::KeyError;
use omnisim::world::{Outcome, RunOptions, Verdict};
use serde::{Deserialize, Serialize};

/// How much there is of everything, and how much anybody may take.
const STOCK: i64 = 10;

/// What is in stock.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stock(i64);

impl Default for Stock {
    fn default() -> Self {
        Self(STOCK)
    }
}

/// Takes some out, or puts some back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Change {
    /// If there is as much.
    Take(i64),
    /// Without a look at what there is.
    Snatch(i64),
    Return(i64),
}

impl StateMachine for Stock {
    type Command = Change;
    type Output = ();

    const INVARIANT: Option<InvariantOf<Self>> = Some(|stock| match stock.0 {
        0.. => Ok(()),
        missing => Err(format!("{missing} in stock")),
    });

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Take(some) if *some > self.0 => {}
            Change::Take(some) | Change::Snatch(some) => self.0 -= some,
            Change::Return(some) => self.0 += some,
        }
    }
}

/// Customers, who are careful unless `[workload.own] careless = true`.
struct Customers {
    id: ClientId,
    are_careless: bool,
}

impl Workload for Customers {
    type Command = Change;
    type Output = ();

    fn validate(options: &WorkloadOptions) -> Result<(), KeyError> {
        let own = options.own.read::<Own>();
        own.map(drop).map_err(|error| error.within("own"))
    }

    fn new(id: ClientId, options: &WorkloadOptions) -> Self {
        let own: Own = options.own.read().expect("it was validated");
        let are_careless = own.careless;
        Self { id, are_careless }
    }

    fn next(&mut self, _: bool, chooser: &mut Chooser<'_>) -> Change {
        match chooser.between(0, 2) {
            2 => Change::Return(3),
            _ if self.are_careless => Change::Snatch(5 + self.id.cast_signed()),
            _ => Change::Take(5 + self.id.cast_signed()),
        }
    }

    fn probe(&mut self, _: u64) -> Change {
        Change::Return(1)
    }
}

/// The table `[workload.own]`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    careless: bool,
}

struct Shop;

impl Service for Shop {
    const NAME: &'static str = "shop";
    type Machine = Stock;
    type Workload = Customers;
    type Model = Anything<Change, ()>;

    fn model() -> Anything<Change, ()> {
        Anything::MODEL
    }
}

fn scenario(more: &str) -> Scenario {
    let text = format!("cluster.system = \"shop\"\n{more}\n");
    Scenario::parse("shop", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Crashes and retries as well, so that what is applied twice would be judged twice.
const FAULTS: &str = "workload.retry = \"next\"\nworkload.timeout = \"300ms\"\n\
                      workload.phases = [{ duration = \"3s\" }]\n\
                      nemesis.crash = { every = \"1s\", for = \"50ms..300ms\" }";

const CARELESS: &str = "workload.own.careless = true\n";

/// No scenario here has snapshots: one kind of entry is compiled, where a service has two.
type Tested = Shop;

const SHOP: &dyn Runner = Tested::RUNNER;

fn run(scenario: &Scenario, seed: u64) -> Outcome {
    let outcome = SHOP.run(scenario, seed, RunOptions::default());
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_state_machine_that_keeps_its_invariant_passes_and_says_how_often_it_was_judged() {
    let folder = Folder::new();
    let bed = TestBed::new("shop", folder.path());
    bed.check_seeds::<Tested>(&scenario(FAULTS), 0..10);
    let outcome = run(&scenario(FAULTS), 3);
    let by_name: BTreeMap<_, _> = outcome
        .checks
        .iter()
        .map(|check| (check.name, check.evaluated))
        .collect();
    assert_eq!(outcome.verdict, Verdict::Pass);
    assert_eq!(by_name["state_invariant"], Some(outcome.decided));
}

#[test]
fn a_state_that_is_not_allowed_is_named_with_the_command_that_led_to_it() {
    let careless = scenario(&format!("{CARELESS}{FAULTS}"));
    let outcome = run(&careless, 3);
    assert_eq!(outcome.verdict, Verdict::Violation);
    let violation = &outcome.violations[0];
    assert_eq!(violation.check, "state_invariant");
    assert!(
        violation.message.contains(" in stock"),
        "{}",
        violation.message
    );
    assert_eq!(violation.requests.len(), 1, "the command that broke it");
    let repro = Repro::of(&careless, &outcome).to_text();
    let read = Repro::parse("shop.repro.toml", &repro).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        read.violation.map(|violation| violation.check).as_deref(),
        Some("state_invariant")
    );
}

#[test]
fn a_search_of_every_schedule_finds_it_too() {
    let model = "[model]\nattempts = 1\nattempts_at = [1]\n\
                 clients = [{ at = 1, does = [\"write\", \"write\"] }]\n";
    let explored = |text: &str| {
        let explored = SHOP.explore(&scenario(text), &Limits::default(), &mut |_| {});
        explored.unwrap_or_else(|error| panic!("{error}"))
    };
    let careless = explored(&format!("{CARELESS}{model}"));
    let violation = careless.violation.expect("twice six is more than ten");
    assert_eq!(violation.check, "state_invariant");
    let careful = explored(model);
    assert_eq!(careful.violation, None);
}

#[test]
fn an_option_of_the_workload_that_there_is_not_is_refused_with_those_that_there_are() {
    let error = SHOP.validate(&scenario("workload.own.hasty = true"));
    let error = error.expect_err("there is no such option").to_string();
    assert!(error.starts_with("workload.own.hasty: "), "{error}");
    assert!(error.contains("`careless`"), "{error}");
}
