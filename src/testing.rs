//! Runs from a user's own tests: many seeds of a scenario in one line.
//!
//! A [`TestBed`] knows what a failure needs beside the run itself: the program
//! that can replay it, and the folder for its files. [`TestBed::check_seeds`]
//! then judges seeds exactly as the subcommand `run` does, on all cores, and
//! fails the test with the reason, the operations to look at, the repro file
//! and the command that replays it. The first seed is run twice, step by step,
//! so that a state machine that is not deterministic is found here and not when
//! a failure refuses to come again.
//!
//! ```
//! use omnisim::scenario::Scenario;
//! use omnisim::systems::kv::Kv;
//! use omnisim::testing::TestBed;
//!
//! # let folder = std::env::temp_dir().join("omnisim-doc");
//! # let folder = folder.to_str().unwrap();
//! // In tests/, the program is env!("CARGO_BIN_EXE_my_service"), the folder
//! // concat!(env!("CARGO_MANIFEST_DIR"), "/reports").
//! let bed = TestBed::new("my_service", folder);
//! let scenario = Scenario::parse("short", r#"
//!     cluster.system = "kv"
//!     workload.phases = [{ duration = "1s" }]
//! "#).unwrap();
//! bed.check_seeds::<Kv>(&scenario, 0..3);
//! ```
//!
//! For a property over random scenarios, build [`Case`]s from a strategy of
//! `proptest` and hand each to [`TestBed::try_case`]: its [`Failure`] is the
//! reason of a failed case, which prints itself in a sentence. With one scenario name, and seeds that are not
//! shrunk, each smaller failure replaces the files of the one before it. The
//! example `lock_service` does that in `tests/lock_service/survives.rs`.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::report::{Commands, Judged, RunReport};
use crate::reporters::{Styled, failure};
use crate::repro::save_run;
use crate::scenario::{ErrorSource, Scenario};
use crate::search::{Difference, Job, Runner, ScenarioTally, Testable, run_all, verify};
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// Where tests leave what failed, and who replays it.
#[derive(Clone, Debug)]
pub struct TestBed {
    program: String,
    reports: PathBuf,
}

/// Runs that are not what their scenario expects, told for people.
#[derive(Clone)]
pub struct Failure {
    /// The reason, the operations to look at, the repro file, the command.
    pub message: String,
    /// The run that shows it, where a single one does.
    pub shown: Option<Shown>,
}

/// A failing run and how to see it again.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The result.
    pub outcome: Box<Outcome>,
    /// Its repro file.
    pub repro: PathBuf,
    /// The command that replays it.
    pub replay: String,
    /// The command that makes it small.
    pub shrink: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// As `unwrap` and `expect` show it: readable, the outcome left out.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Failure {}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self {
            message,
            shown: None,
        }
    }
}

/// A run for a property test to try: what a strategy draws.
///
/// As a failed property prints it, a case is a sentence: the seed, and every option of the
/// scenario that differs from its default.
///
/// ```
/// use omnisim::scenario::Scenario;
/// use omnisim::testing::Case;
///
/// let scenario = Scenario::parse("random", "cluster.replicas = 5").unwrap();
/// let case = Case { scenario, seed: 7 };
/// assert_eq!(format!("{case:?}"), r#"random, seed 7: cluster.replicas = 5, name = "random""#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The scenario.
    pub scenario: Scenario,
    /// The seed.
    pub seed: u64,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenario, seed } = self;
        write!(f, "{}, seed {seed}: {}", scenario.name, scenario.told())
    }
}

/// One seed to run.
struct Seed<'a> {
    runner: &'static dyn Runner,
    scenario: &'a Scenario,
    seed: u64,
}

impl Job for Seed<'_> {
    type Output = Result<Outcome, KeyError>;

    fn run(&self) -> Self::Output {
        self.runner
            .run(self.scenario, self.seed, RunOptions::default())
    }
}

impl TestBed {
    /// Failures go to the folder `reports`, to be replayed by `program`: a
    /// binary that gives the tested system to [`crate::cli::main`].
    pub fn new(program: impl Into<String>, reports: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            reports: reports.into(),
        }
    }

    /// Runs the seeds and demands what the scenario expects.
    ///
    /// # Panics
    /// With the [`Failure`] of [`Self::try_seeds`].
    #[track_caller]
    pub fn check_seeds<T: Testable>(&self, scenario: &Scenario, seeds: Range<u64>) {
        if let Err(failure) = self.try_seeds::<T>(scenario, seeds) {
            panic!("{failure}");
        }
    }

    /// Runs the seeds, and tells what they showed if it is what the scenario expects.
    ///
    /// # Errors
    /// The lowest seed with a violation that is not expected; or an expected
    /// violation that did not come, a required event that never occurred, a
    /// check that reached its budget, a run that differs from the same run, or
    /// a scenario that does not suit the system.
    pub fn try_seeds<T: Testable>(
        &self,
        scenario: &Scenario,
        seeds: Range<u64>,
    ) -> Result<ScenarioTally, Failure> {
        let runner = T::RUNNER;
        is_sound(scenario, runner, &seeds)?;
        let mut tally = ScenarioTally::default();
        let mut surprise = None;
        let mut take = |outcome: Outcome| {
            if surprise.is_none() && !tally.add(scenario, &outcome) {
                surprise = Some(outcome);
            }
            surprise.is_some()
        };
        let unsuitable = |error| format!("{}: {error}", scenario.name);

        let twice = verify(runner, scenario, seeds.start).map_err(unsuitable)?;
        if let Some(difference) = twice.difference {
            return Err(self.not_deterministic(scenario, twice.outcome, &difference));
        }
        if !take(twice.outcome) {
            let rest = seeds.start + 1..seeds.end;
            let jobs: Vec<_> = rest
                .map(|seed| Seed {
                    runner,
                    scenario,
                    seed,
                })
                .collect();
            let stop = AtomicBool::new(false);
            run_all(&jobs, cores(), &stop, |_, result| {
                let outcome = result.expect("the options suited the system with the first seed");
                stop.fetch_or(take(outcome), Ordering::Relaxed);
            });
        }
        if let Some(outcome) = surprise {
            return Err(self.surprised(scenario, outcome));
        }
        match tally.judge(scenario) {
            Judged::AsExpected => Ok(tally),
            Judged::NotAsExpected(why) | Judged::Incomplete(why) => {
                Err(format!("{}, seeds {seeds:?}: {why}", scenario.name).into())
            }
        }
    }

    /// Runs a case once, as [`try_seeds`](Self::try_seeds) does.
    ///
    /// # Errors
    /// As [`try_seeds`](Self::try_seeds).
    pub fn try_case<T: Testable>(&self, case: &Case) -> Result<ScenarioTally, Failure> {
        let Case { scenario, seed } = case;
        self.try_seeds::<T>(scenario, *seed..seed.saturating_add(1))
    }

    /// Keeps the files of a run that failed.
    fn show(&self, scenario: &Scenario, outcome: Outcome) -> Result<Shown, Failure> {
        let repro =
            save_run(&self.reports, scenario, &outcome).map_err(|error| error.to_string())?;
        let commands = Commands {
            program: &self.program,
            file: &repro,
            seed: None,
            system: None,
        };
        Ok(Shown {
            replay: commands.replay(),
            shrink: commands.shrink(),
            outcome: Box::new(outcome),
            repro,
        })
    }

    fn surprised(&self, scenario: &Scenario, outcome: Outcome) -> Failure {
        let shown = match self.show(scenario, outcome) {
            Ok(shown) => shown,
            Err(failure) => return failure,
        };
        let mut report = RunReport::of(scenario, &shown.outcome);
        report.replay.clone_from(&shown.replay);
        report.shrink = Some(shown.shrink.clone());
        report.repro = Some(shown.repro.display().to_string());
        Failure {
            message: failure(&report, Styled::default()),
            shown: Some(shown),
        }
    }

    fn not_deterministic(
        &self,
        scenario: &Scenario,
        outcome: Outcome,
        difference: &Difference,
    ) -> Failure {
        let seed = outcome.seed;
        match self.show(scenario, outcome) {
            Err(failure) => failure,
            Ok(shown) => Failure {
                message: format!(
                    "{}, seed {seed}: NOT deterministic: {difference}\n  replay    {}\n",
                    scenario.name, shown.replay
                ),
                shown: Some(shown),
            },
        }
    }
}

/// What the command line would have refused.
fn is_sound(scenario: &Scenario, runner: &dyn Runner, seeds: &Range<u64>) -> Result<(), Failure> {
    if seeds.is_empty() {
        return Err(format!("the range {seeds:?} holds no seed").into());
    }
    if scenario.name.is_empty() {
        return Err("the scenario has no name, and its files are named after it"
            .to_owned()
            .into());
    }
    let (asked, tested) = (&scenario.cluster.system, runner.name());
    if asked != tested {
        // A repro file would be replayed with another system.
        return Err(format!(
            "{}: cluster.system is {asked:?}, but {tested:?} is tested",
            scenario.name
        )
        .into());
    }
    let source = ErrorSource {
        file: &scenario.name,
        text: "",
        prefix: &[],
    };
    let problem = scenario.validate(&source);
    problem.map_err(|error| error.to_string())?;
    let unsuited = runner.validate(scenario);
    unsuited.map_err(|error| format!("{}: {error}", scenario.name).into())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Panics as a fault of omnisim would, for tests of what comes of it.
#[doc(hidden)]
pub fn panic_in_omnisim() -> ! {
    panic!("as a test asked")
}
