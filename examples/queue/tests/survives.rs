//! The queue keeps its promises, whatever happens.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Command;

use knossos::format::json_lines::read;
use knossos::models::queue::{Input, Output};
use knossos::{Limits, Text, Verdict as Checked, check};
use omnisim::prelude::*;
use queue::{Elements, Queue};

fn bed() -> TestBed {
    let program = env!("CARGO_BIN_EXE_queue");
    TestBed::new(program, concat!(env!("CARGO_TARGET_TMPDIR"), "/queue"))
}

fn scenario(name: &str) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    Scenario::load(&folder.join(name).with_extension("toml"))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_queue_survives_partitions() {
    bed().check_seeds::<Queue>(&scenario("partitions"), 0..20);
}

#[test]
fn the_queue_survives_crashes() {
    bed().check_seeds::<Queue>(&scenario("crashes"), 0..20);
}

/// The history of a run in which every operation comes to an end.
fn history() -> String {
    let text = "cluster.system = \"queue\"\nworkload.timeout = \"60s\"";
    let scenario = Scenario::parse("history", text).unwrap_or_else(|error| panic!("{error}"));
    let options = RunOptions {
        keep_history: true,
        ..RunOptions::default()
    };
    let outcome = Queue::RUNNER.run(&scenario, 7, options).expect("it suits");
    assert_eq!(
        (outcome.verdict, outcome.operations.info),
        (Verdict::Pass, 0)
    );
    outcome.history.expect("it was kept").join("\n") + "\n"
}

/// The model without what it tells of its operations: nothing is left but to search.
struct Untold(knossos::models::queue::Queue);

impl Model for Untold {
    type Input = Input;
    type Output = Output;
    type State = VecDeque<Text>;

    fn initial(&self) -> Self::State {
        self.0.initial()
    }

    fn step(
        &self,
        state: &Self::State,
        input: &Input,
        output: Option<&Output>,
    ) -> Option<Self::State> {
        self.0.step(state, input, output)
    }

    fn describe(&self, input: &Input, output: Option<&Output>) -> String {
        self.0.describe(input, output)
    }
}

#[test]
fn its_history_is_decided_without_a_search() {
    let text = history();
    let mut operations = read(&Queue::model(), text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    assert!(operations.len() > 400, "{}", operations.len());
    // All at the same time, last first: of so many orders a search finds none soon.
    operations.reverse();
    let ends = operations
        .iter()
        .filter_map(|operation| operation.ret)
        .max();
    for operation in &mut operations {
        (operation.call, operation.ret) = (0, ends);
    }
    let limits = Limits {
        steps: Some(40 * operations.len() as u64),
        ..Limits::none()
    };
    let report = check(&Queue::model(), &operations, None, &limits);
    assert_eq!(report.verdict, Checked::Consistent);
    let searched = check(&Untold(Queue::model()), &operations, None, &limits);
    assert!(matches!(searched.verdict, Checked::Unknown { .. }));
}

#[test]
fn the_subcommand_check_reads_its_history_and_sees_what_is_wrong_with_it() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("queue.jsonl");
    let checked = |text: &str| {
        std::fs::write(&file, text).expect("it can be written");
        let mut program = Command::new(env!("CARGO_BIN_EXE_queue"));
        let program = program.args(["check", "--model", "queue"]).arg(&file);
        let said = program.output().expect("it was built");
        (
            said.status.code(),
            String::from_utf8_lossy(&said.stdout).into_owned(),
        )
    };
    let text = history();
    let (code, said) = checked(&text);
    assert_eq!(code, Some(0), "{said}");
    // An element that is taken out a second time, long after the first.
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"));
    let took =
        |line: &serde_json::Value| line["op"] == "dequeue" && line["out"]["value"].is_string();
    let mut again = { lines }.find(took).expect("one took something");
    (again["call"], again["ret"]) = (900_000_000_000u64.into(), 900_000_000_001u64.into());
    let (code, said) = checked(&format!("{text}{again}\n"));
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn the_state_machine_is_first_in_first_out() {
    let mut elements = Elements::default();
    for element in ["a", "b", "c"] {
        assert_eq!(
            elements.apply(&Input::Enqueue(element.into())),
            Output::Done
        );
    }
    let first = elements.apply(&Input::Dequeue);
    assert_eq!(first, Output::Value(Some("a".into())));
    let rest = elements.apply(&Input::Drain);
    assert_eq!(rest, Output::Drained(vec!["b".into(), "c".into()]));
    assert_eq!(elements.apply(&Input::Dequeue), Output::Value(None));
}
