//! What the tests share: the scenarios, the program, and folders of their own.

#![allow(dead_code, reason = "each test uses the part that it needs")]

pub(crate) mod drawn;
pub(crate) mod histories;
pub(crate) mod objects;
pub(crate) mod schema;
pub(crate) mod whole;

use std::ffi::OsStr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use omnisim::nemesis::FaultKind;
use omnisim::scenario::Scenario;
use omnisim::search::Runner;
use omnisim::systems::BUILT_IN;
use omnisim::units::parse_seed;
use omnisim::world::{Outcome, RunOptions};

/// The folder of the package.
pub(crate) fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A scenario of `scenarios/`, as `"smoke/hello"`.
pub(crate) fn scenario_path(name: &str) -> PathBuf {
    package()
        .join("scenarios")
        .join(name)
        .with_extension("toml")
}

/// Reads a scenario of `scenarios/`.
pub(crate) fn scenario(name: &str) -> Scenario {
    Scenario::load(&scenario_path(name)).unwrap_or_else(|error| panic!("{error}"))
}

/// All files below `folder` with this ending, in the order of their paths.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension() == Some(OsStr::new(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The key-value store, ready to run.
pub(crate) fn kv() -> &'static dyn Runner {
    BUILT_IN[0]
}

/// Seeds that no expectation was tuned on: other ones with every commit, so that they are
/// the same for who runs a red test again. `OMNISIM_TEST_SEEDS=N` begins with the seed N.
pub(crate) fn fresh_seeds(count: u64) -> Range<u64> {
    /// Where nothing tells the commit.
    const FALLBACK: u64 = 2_000_000;
    #[expect(
        clippy::disallowed_methods,
        reason = "which seeds a test runs is no part of a run"
    )]
    let given = std::env::var("OMNISIM_TEST_SEEDS").ok();
    let first = match given {
        Some(text) => parse_seed(&text).unwrap_or_else(|why| panic!("OMNISIM_TEST_SEEDS: {why}")),
        None => commit_number().unwrap_or(FALLBACK),
    };
    // Shown when the test fails.
    eprintln!("seeds from {first} on; again with OMNISIM_TEST_SEEDS={first}");
    first..first + count
}

/// A number of the commit that is checked out, if git is there and knows one.
fn commit_number() -> Option<u64> {
    let mut git = Command::new("git");
    git.args(["rev-parse", "HEAD"]).current_dir(package());
    let output = git.stderr(Stdio::null()).output().ok()?;
    let hash = String::from_utf8(output.stdout).ok()?;
    u64::from_str_radix(hash.get(..10)?, 16).ok()
}

/// A kind of fault that strikes: the keys of its `[[fault]]` beside when it begins and ends,
/// and what else the scenario needs.
pub(crate) fn fault_that_strikes(kind: FaultKind) -> (&'static str, &'static str) {
    let clocks = "[system]\ninitial_leader = 1\nstart_signal = \"upstream\"\n\
                  [clock]\nquality = \"low\"\n";
    match kind {
        FaultKind::Partition => ("groups = [[1], [2, 3]]", ""),
        FaultKind::Isolate | FaultKind::Crash | FaultKind::Pause => ("replica = \"leader\"", ""),
        FaultKind::OneWay => ("replica = \"leader\"\nopen = \"out\"", ""),
        FaultKind::Cut | FaultKind::Clog => ("links = [[1, 3], [2, 3]]", ""),
        FaultKind::Hold => ("links = [[1, 3]]\nmessage = \"Accepted\"", ""),
        FaultKind::Repeat => ("links = [[3, 1]]", "[network]\ncontract = \"datagram\"\n"),
        FaultKind::SessionBreak => ("links = [[2, 3]]", ""),
        FaultKind::CrashAtWrite => ("replica = 1\nwrite = 2\npoint = \"after\"", ""),
        FaultKind::Slow | FaultKind::SlowDisk => ("replica = 2\nby = \"1ms\"", ""),
        FaultKind::DiskError => ("replica = 3\nwrite = 1", ""),
        FaultKind::ClockStep | FaultKind::ClockLie => ("replica = 1\nby = \"1ms\"", clocks),
        kind => panic!("say here how a {kind:?} is written, which nothing tests yet"),
    }
}

/// The repro file of a failing run of a known flaw, which `out` keeps.
pub(crate) fn failing_run(out: &Folder, flaw: &str) -> PathBuf {
    let path = scenario_path(&format!("known_flaws/{flaw}"));
    let arguments = [
        "run", "--seeds", "0..10", "--save", "--format", "json", "--out",
    ];
    let arguments = arguments.map(AsRef::<OsStr>::as_ref);
    let files = [out.path().as_os_str(), path.as_os_str()];
    let said = omnisim(arguments.into_iter().chain(files));
    let mut objects = said.objects().into_iter();
    let failing = objects.find(|object| object["verdict"] == "violation");
    let failing = failing.unwrap_or_else(|| panic!("{flaw} fails in ten seeds: {said:?}"));
    out.path()
        .join(format!("{flaw}-{}.repro.toml", failing["seed"]))
}

/// One run of the key-value store.
pub(crate) fn run(scenario: &Scenario, seed: u64, options: RunOptions) -> Outcome {
    let result = kv().run(scenario, seed, options);
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A folder for one test, removed when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new, empty folder.
    pub(crate) fn new() -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("omnisim-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("a temporary file can be written");
        path
    }

    /// The names of what is in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("the folder can be read");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry
                .expect("the folder can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        };
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is a nuisance, not a failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program, not yet started, its output kept.
pub(crate) fn program<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_omnisim"));
    command
        .args(arguments)
        .current_dir(package())
        .stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What the program said, and how it ended.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<std::process::Output> for Said {
    fn from(output: std::process::Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program speaks UTF-8");
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Said {
    /// Every one of these is said on standard error.
    #[track_caller]
    pub(crate) fn complains(&self, of: &[&str]) {
        for part in of {
            assert!(
                self.err.contains(part),
                "{part:?} is not said in: {}",
                self.err
            );
        }
    }

    /// The JSON objects on its standard output, one per line.
    pub(crate) fn objects(&self) -> Vec<serde_json::Value> {
        let object =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        self.out.lines().map(object).collect()
    }
}

/// Runs the program to its end.
pub(crate) fn omnisim<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Said {
    program(arguments)
        .output()
        .expect("the program can be started")
        .into()
}

/// Arguments of mixed types, as the program takes them.
#[macro_export]
macro_rules! arguments {
    ($($argument:expr),* $(,)?) => {
        [$(std::ffi::OsString::from(&$argument)),*]
    };
}
