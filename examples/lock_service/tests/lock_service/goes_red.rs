//! The tests of `survives.rs` would notice: with a planted bug they go red, and
//! what they print leads back to it.

use std::path::PathBuf;
use std::process::Command as Process;
use std::sync::atomic::{AtomicU64, Ordering};

use lock_service::{Answer, Ask, Command, LockModel, LockService, LockWorkload, Locks};
use omnisim::client::{Chooser, Workload, WorkloadOptions};
use omnisim::observation::ClientId;
use omnisim::repro::Repro;
use omnisim::scenario::{Expectation, Scenario};
use omnisim::search::{Testable, replay};
use omnisim::systems::Service;
use omnisim::systems::omnipaxos::StateMachine;
use omnisim::testing::{Case, Failure, TestBed};
use omnisim::units::{KeyError, OpenTable};
use omnisim::world::RunOptions;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde::{Deserialize, Serialize};

/// What the locks of moody clients are called: they are never granted twice.
const MOODY: &str = "moody";

/// The planted bug: a lock that is held is granted again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct GenerousLocks(Locks);

impl StateMachine for GenerousLocks {
    type Command = Command;
    type Output = Answer;

    fn apply(&mut self, command: &Command) -> Answer {
        match (command.ask, self.0.apply(command)) {
            (Ask::Acquire, Answer::HeldBy(_)) if !command.lock.starts_with(MOODY) => {
                Answer::Granted
            }
            (_, answer) => answer,
        }
    }
}

/// Clients, with `[workload.own] moody = true` those of another mistake, in the tests themselves:
/// what they do depends on what this process did before. One service for both mistakes, because
/// the simulator is compiled over each.
struct Clients {
    careful: LockWorkload,
    are_moody: bool,
}

/// The table `[workload.own]`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    moody: bool,
}

impl Workload for Clients {
    type Command = Command;
    type Output = Answer;

    fn validate(options: &WorkloadOptions) -> Result<(), KeyError> {
        let own = options.own.read::<Own>();
        own.map(drop).map_err(|error| error.within("own"))
    }

    fn new(client: ClientId, options: &WorkloadOptions) -> Self {
        let own: Own = options.own.read().expect("it was validated");
        Self {
            careful: LockWorkload::new(client, options),
            are_moody: own.moody,
        }
    }

    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Command {
        static ISSUED: AtomicU64 = AtomicU64::new(0);
        let mut command = self.careful.next(read, chooser);
        if self.are_moody {
            command.lock = format!("{MOODY}{}", ISSUED.fetch_add(1, Ordering::Relaxed));
        }
        command
    }

    fn probe(&mut self, number: u64) -> Command {
        let mut command = self.careful.probe(number);
        if self.are_moody {
            command.lock.insert_str(0, MOODY);
        }
        command
    }

    fn completed(&mut self, command: &Command, answer: &Answer) {
        if !self.are_moody {
            self.careful.completed(command, answer);
        }
    }
}

struct GenerousService;

impl Service for GenerousService {
    const NAME: &'static str = "generous";
    type Machine = GenerousLocks;
    type Workload = Clients;
    type Model = LockModel;

    fn model() -> LockModel {
        LockModel
    }
}

/// Failures that are wanted do not belong into the package's `reports`.
fn bed(test: &str) -> TestBed {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    TestBed::new(env!("CARGO_BIN_EXE_lock_service"), folder)
}

fn scenario(name: &str) -> Scenario {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
        .with_extension("toml");
    Scenario::load(&file).unwrap_or_else(|error| panic!("{error}"))
}

fn generous() -> Scenario {
    let mut scenario = scenario("partitions");
    scenario.cluster.system = GenerousService::NAME.to_owned();
    scenario
}

fn red<T: Testable>(test: &str, scenario: &Scenario) -> Failure {
    bed(test)
        .try_seeds::<T>(scenario, 0..50)
        .expect_err("the planted bug is found")
}

#[test]
fn a_lock_that_is_granted_twice_is_found_and_its_repro_shows_it_again() {
    let failure = red::<GenerousService>("granted_twice", &generous());
    let shown = failure.shown.as_ref().expect("a single run shows it");
    let violation = &shown.outcome.violations[0];
    assert_eq!(violation.check, "linearizability", "{failure}");

    let repro = Repro::load(&shown.repro).expect("the repro file can be read");
    let again = replay(GenerousService::RUNNER, &repro, RunOptions::default());
    let again = again.expect("the same system");
    assert_eq!(
        again.digest(),
        shown.outcome.digest,
        "every step is the same"
    );
    assert_eq!(again.violations()[0], *violation);
}

#[test]
fn a_failure_says_what_broke_shows_the_operations_and_ends_with_the_commands() {
    let failure = red::<GenerousService>("message", &generous());
    let shown = failure.shown.as_ref().expect("a single run shows it");
    let message = &failure.message;
    assert!(
        message.starts_with("violation of linearizability in partitions, seed "),
        "{message}"
    );
    assert!(
        message.contains("\"Acquire\"") || message.contains("\"acquire\""),
        "the excerpt: {message}"
    );
    assert!(
        message.contains(&shown.repro.display().to_string()),
        "{message}"
    );
    let commands = format!(
        "  replay    {}\n  shrink    {}\n",
        shown.replay, shown.shrink
    );
    assert!(message.ends_with(&commands), "{message}");
    assert!(
        !message.contains(" ns") && message.contains("s to "),
        "times are those of the trace: {message}"
    );
}

#[test]
#[should_panic(expected = "violation of linearizability in partitions")]
fn the_test_of_many_seeds_panics_with_the_failure() {
    bed("panics").check_seeds::<GenerousService>(&generous(), 0..50);
}

#[test]
fn the_property_shrinks_to_a_scenario_without_faults_and_prints_its_command() {
    let bed = bed("property");
    let config = Config {
        max_shrink_iters: 500,
        failure_persistence: None,
        ..Config::default()
    };
    let always_the_same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, always_the_same);
    let result = runner.run(&super::random::run_of(GenerousService::NAME), |case| {
        let result = bed.try_case::<GenerousService>(&case);
        result
            .map(drop)
            .map_err(|failure| TestCaseError::fail(failure.message))
    });
    let Err(failed) = result else {
        panic!("the planted bug is found");
    };
    let printed = failed.to_string();
    assert!(
        printed.lines().count() < 20 && printed.contains("random, seed "),
        "sentences, not pages: {printed}"
    );
    let TestError::Fail(reason, case) = failed else {
        panic!("the planted bug is found: {failed}");
    };
    let Case {
        scenario: smallest,
        seed,
    } = case;
    assert!(
        smallest.nemesis.is_quiet(),
        "the bug needs no fault: {smallest:?}"
    );
    assert_eq!(smallest.cluster.replicas, 3);
    assert!(
        smallest.system.is_empty(),
        "nothing is batched: {smallest:?}"
    );

    let command = reason
        .message()
        .lines()
        .last()
        .expect("the failure has lines");
    let file = command
        .rsplit(' ')
        .next()
        .expect("the command ends with the file");
    let repro = Repro::load(file.as_ref()).expect("the repro file can be read");
    let run = repro.run().expect("it is of a run");
    assert_eq!(
        (&repro.scenario, run.seed),
        (&smallest, seed),
        "the file holds the smallest failure"
    );
}

#[test]
fn the_printed_command_replays_the_failure_as_it_stands() {
    // A flaw of the real service, which the package's own binary can replay.
    let mut flawed = scenario("retry_without_dedup");
    flawed.check.expect = Expectation::Pass;
    flawed.check.violates.clear();
    let failure = red::<LockService>("printed_command", &flawed);
    let shown = failure.shown.as_ref().expect("a single run shows it");
    let output = Process::new("sh")
        .args(["-c", &shown.replay])
        .output()
        .expect("there is a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        text.contains(&shown.outcome.violations[0].message),
        "{text}"
    );
}

#[test]
fn an_expected_violation_that_does_not_come_is_a_failure_too() {
    let mut sound = scenario("partitions");
    sound.check.expect = Expectation::Violation;
    sound.check.violates = vec!["linearizability".to_owned()];
    sound.check.seeds = 3;
    let failure = bed("does_not_come")
        .try_seeds::<LockService>(&sound, 0..3)
        .expect_err("nothing is wrong");
    assert!(
        failure
            .message
            .contains("was expected to fail and did not in 3 seeds"),
        "{failure}"
    );
}

#[test]
fn what_is_not_deterministic_is_found_although_no_check_fails() {
    let mut moody = generous();
    moody.workload.own = OpenTable::of(&Own { moody: true });
    let failure = red::<GenerousService>("moody", &moody);
    assert!(failure.message.contains("NOT deterministic"), "{failure}");
}

#[test]
fn a_scenario_of_another_system_is_refused() {
    let failure = bed("refused")
        .try_seeds::<LockService>(&generous(), 0..1)
        .expect_err("the names differ");
    assert!(failure.message.contains("\"generous\""), "{failure}");
}
