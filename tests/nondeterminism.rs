//! A service that remembers earlier runs is found out, with the first entry that differs,
//! although every check of a single run passes: by the library, and by the program that its
//! author builds. This test is that program, too: given a subcommand, it does what that says.

mod common;

use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};

use common::{Folder, Said, scenario, scenario_path};
use knossos::Model;
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::observation::ClientId;
use omnisim::scenario::Scenario;
use omnisim::search::{Cause, Testable, verify};
use omnisim::systems::Service;
use omnisim::systems::omnipaxos::StateMachine;
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

/// No scenario here has snapshots: one kind of entry is compiled, where a service has two.
type Tested = Forgetless;

fn hello() -> Scenario {
    let mut scenario = scenario("smoke/hello");
    scenario.cluster.system = Forgetless::NAME.to_owned();
    scenario
}

/// Without libtest, which would not leave the arguments to the program.
fn main() -> ExitCode {
    let first = std::env::args().nth(1).unwrap_or_default();
    if matches!(first.as_str(), "run" | "hunt") {
        return omnisim::cli::main(omnisim::systems![Tested]);
    }
    let tests: [(&str, fn()); 5] = [
        (
            "the_library_names_the_first_step_and_entry_that_differ",
            the_library,
        ),
        ("a_single_run_does_not_pass", a_single_run),
        ("no_scenario_is_ok", many_runs),
        ("a_hunt_stops_and_proves_nothing", a_hunt),
        ("who_asks_for_no_repeats_gets_none", no_repeats),
    ];
    // One after the other: runs of another test would be counted, too.
    for (name, test) in tests {
        if first.is_empty() || first.starts_with('-') || name.contains(&first) {
            println!("test {name}");
            test();
        }
    }
    ExitCode::SUCCESS
}

fn program(arguments: &[&str], out: &Folder) -> Said {
    let this = std::env::current_exe().expect("it runs");
    let mut command = Command::new(this);
    // Runs beside each other would change what others remember while they run.
    command
        .args(arguments)
        .args(["--jobs", "1", "--quiet", "--out"]);
    let output = command.arg(out.path()).output();
    output.expect("it can be started").into()
}

/// `hello`, which names no system: it is about the only one of a program.
fn hello_file() -> String {
    scenario_path("smoke/hello").display().to_string()
}

fn the_library() {
    let keep = || RunOptions {
        watch: StepWatch::Keep,
        ..RunOptions::default()
    };
    let steps = |()| {
        let outcome = Tested::RUNNER
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

    let verified = verify(Tested::RUNNER, &hello(), 7).expect("the options suit it");
    assert_eq!(verified.outcome.verdict, Verdict::Pass);
    let difference = verified.difference.expect("the second run differs");
    let divergence = difference.divergence.as_ref().expect("a step differs");
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

    assert_eq!(difference.cause, Cause::Value);
    let [first, then] = difference.entries.expect("a line of the trace differs");
    assert_ne!(first, then);
    assert!(
        first.contains(" answers #") && then.contains(" answers #"),
        "an answer tells: {first}, {then}"
    );
}

fn a_single_run() {
    let said = program(&["run", &hello_file(), "--seed", "7"], &Folder::new());
    assert_eq!(said.code, Some(5), "{said:?}");
    assert!(
        said.out.starts_with("hello  seed 7  NOT deterministic\n") && !said.out.contains("PASS"),
        "{}",
        said.out
    );
    said.complains(&[
        "hello, seed 7: NOT deterministic: step ",
        "\n  first     ",
        "\n  then      ",
        "\n  likely    a value that does not come from the run",
        "--seed 7 --verify\n",
    ]);
}

fn many_runs() {
    let said = program(&["run", &hello_file(), "--seeds", "0..66"], &Folder::new());
    assert_eq!(said.code, Some(5), "{said:?}");
    assert!(
        said.out
            .starts_with("NOT deterministic hello: 2 of 2 seeds that ran twice differ"),
        "{}",
        said.out
    );
    assert!(
        !said.out.lines().any(|line| line.starts_with("ok")),
        "{}",
        said.out
    );
}

fn a_hunt() {
    let hunt = |more: &[&str]| {
        let folder = Folder::new();
        let short = folder.write(
            "short.toml",
            "workload.phases = [{ duration = \"300ms\" }]\n",
        );
        let short = short.display().to_string();
        let arguments = [&["hunt", &short, "--seeds", "5..140"], more].concat();
        program(&arguments, &folder)
    };
    let first = hunt(&[]);
    assert_eq!(first.code, Some(5), "{first:?}");
    assert!(
        first
            .out
            .starts_with("NOT deterministic: 1 of 1 run made twice differ"),
        "{}",
        first.out
    );
    assert!(!first.out.contains("nothing caught"), "{}", first.out);
    first.complains(&["short, seed 5: NOT deterministic"]);
    let all = hunt(&["--keep-going"]);
    assert!(
        all.out
            .starts_with("NOT deterministic: 3 of 3 runs made twice differ"),
        "every 64th seed from the first on: {}",
        all.out
    );
}

fn no_repeats() {
    let run = ["run", &hello_file(), "--seeds", "0..3", "--verify=none"];
    let said = program(&run, &Folder::new());
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("ok hello"), "{}", said.out);
}
