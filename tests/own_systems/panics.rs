//! A panic inside a replica is a finding: caught, attributed, and judged as a
//! violation of its own class. One that follows an injected disk error is a
//! fail-stop and none.

use crate::common::kv;
use knossos::models::kv::{Input, KeyValue, Output};
use omnisim::check::Class;
use omnisim::scenario::Scenario;
use omnisim::search::{Runner, Testable};
use omnisim::systems::Service;
use omnisim::systems::kv::{KvWorkload, Store};
use omnisim::systems::omnipaxos::StateMachine;
use omnisim::world::{Outcome, RunOptions, Verdict};
use serde::{Deserialize, Serialize};

/// A store that cannot count beyond 30 commands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Fragile {
    store: Store,
    commands: u8,
}

impl StateMachine for Fragile {
    type Command = Input;
    type Output = Output;

    fn apply(&mut self, command: &Input) -> Output {
        self.commands += 1;
        assert!(self.commands <= 30, "the counter ran over");
        self.store.apply(command)
    }
}

struct FragileKv;

impl Service for FragileKv {
    const NAME: &'static str = "fragile";
    type Machine = Fragile;
    type Workload = KvWorkload;
    type Model = KeyValue;

    fn model() -> KeyValue {
        KeyValue
    }
}

/// No scenario here has snapshots: one kind of entry is compiled, where a service has two.
type Tested = FragileKv;

fn run(runner: &dyn Runner, text: &str) -> Outcome {
    let scenario = Scenario::parse("panics", text).expect("the scenario is sound");
    let outcome = runner.run(&scenario, 3, RunOptions::default());
    outcome.expect("the scenario suits the system")
}

const SHORT: &str = "workload = { phases = [{ duration = \"3s\", requests_per_sec = 20 }] }\n";

#[test]
fn a_panic_of_a_replica_ends_the_run_with_its_message_and_place() {
    let text = format!("cluster = {{ system = \"fragile\" }}\n{SHORT}");
    let outcome = run(Tested::RUNNER, &text);
    assert_eq!(outcome.verdict, Verdict::Violation);
    let violation = &outcome.violations[0];
    assert_eq!((violation.check, violation.class), ("panic", Class::Panic));
    assert!(
        violation.message.contains("the counter ran over"),
        "{}",
        violation.message
    );
    let place = violation.place.as_deref().expect("a panic has a place");
    assert!(place.contains("tests/own_systems/panics.rs"), "{place}");
    assert_eq!(violation.replicas.len(), 1, "one replica panicked first");
}

#[test]
fn a_panic_behind_an_injected_disk_error_is_a_fail_stop_and_no_violation() {
    let text = format!(
        "{SHORT}[[fault]]\nat = \"1s\"\nfor = \"200ms\"\nkind = \"disk_error\"\nreplica = \"leader\"\nwrite = 2\n\
         [check]\nrequire = [\"fail_stop\", \"restart\"]\n"
    );
    let outcome = run(kv(), &text);
    assert_eq!(outcome.verdict, Verdict::Pass, "{:?}", outcome.violations);
    assert_eq!(
        outcome
            .occurrences
            .get(&omnisim::scenario::Occurrence::FailStop),
        Some(&1)
    );
}
