//! The other build: a program, or what it printed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::cli::Exit;
use crate::cli::interrupt::Interrupt;
use crate::report::digest_text;
use crate::scenario::Scenario;
use crate::units::read_json;
use crate::world::{Outcome, Verdict};

/// What a build made of one run: what of a line of JSON is compared.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Theirs {
    scenario: String,
    seed: u64,
    pub(super) verdict: Verdict,
    pub(super) digest: String,
    violations: BTreeSet<Violated>,
}

/// One violation, as far as two builds can agree on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Violated {
    check: String,
}

impl Theirs {
    /// The same of a run of ours.
    pub(super) fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        let violated = outcome.violations.iter().map(|violation| Violated {
            check: violation.check.to_owned(),
        });
        Self {
            scenario: scenario.name.clone(),
            seed: outcome.seed,
            verdict: outcome.verdict,
            digest: digest_text(outcome.digest),
            violations: violated.collect(),
        }
    }

    /// Which run it is.
    pub(super) fn key(&self) -> (String, u64) {
        (self.scenario.clone(), self.seed)
    }

    /// The checks that failed.
    pub(super) fn checks(&self) -> Vec<&str> {
        let checks = self.violations.iter();
        checks.map(|violated| violated.check.as_str()).collect()
    }
}

impl fmt::Display for Theirs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.verdict {
            Verdict::Pass => f.write_str("pass"),
            Verdict::Unknown => f.write_str("unknown"),
            Verdict::Violation => write!(f, "violation of {}", self.checks().join(", ")),
        }
    }
}

/// Where the other runs come from.
pub(super) enum Other {
    Program(PathBuf),
    Report(PathBuf),
}

impl Other {
    /// A report begins as JSON does; everything else is a program.
    pub(super) fn find(path: &Path) -> Result<Self, Exit> {
        let unreadable = |error| Exit::usage(format!("{}: {error}", path.display()));
        let mut first = [0];
        let mut file = std::fs::File::open(path).map_err(unreadable)?;
        let read = file.read(&mut first).map_err(unreadable)?;
        Ok(match &first[..read] {
            b"{" => Self::Report(path.to_owned()),
            [] => return Err(Exit::usage(format!("{}: is empty", path.display()))),
            _ => Self::Program(path.to_owned()),
        })
    }

    /// All its runs; a program makes them now, with these arguments.
    pub(super) fn runs(
        &self,
        arguments: &[String],
        interrupt: &Interrupt,
    ) -> Result<BTreeMap<(String, u64), Theirs>, Exit> {
        match self {
            Self::Report(path) => {
                let file = std::fs::File::open(path).map_err(|error| not_another(path, &error))?;
                read_runs(path, BufReader::new(file))
            }
            Self::Program(path) => {
                let mut child = spawn(path, arguments)?;
                let output = child.stdout.take().expect("it was piped");
                let runs = read_runs(path, BufReader::new(output));
                let status = child
                    .wait()
                    .map_err(|error| Exit::io(format!("{}: {error}", path.display())))?;
                if let Some(stopped) = interrupt.exit() {
                    return Err(stopped);
                }
                match status.code() {
                    Some(0 | 1 | 3) => runs,
                    _ => Err(Exit::usage(format!(
                        "{} {}: {status}",
                        path.display(),
                        arguments.join(" ")
                    ))),
                }
            }
        }
    }

    /// The lines of its trace of a repro; a report has none.
    pub(super) fn trace(&self, repro: &Path) -> Result<Option<Vec<String>>, Exit> {
        let Self::Program(path) = self else {
            return Ok(None);
        };
        let failed = |error| Exit::io(format!("{}: {error}", path.display()));
        let output = Command::new(path)
            .arg("replay")
            .arg(repro)
            .args(["--trace", "--all"])
            .stderr(Stdio::null())
            .output()
            .map_err(failed)?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Some(text.lines().map(str::to_owned).collect()))
    }
}

fn spawn(path: &Path, arguments: &[String]) -> Result<std::process::Child, Exit> {
    Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_another(path, &error))
}

fn not_another(path: &Path, error: &std::io::Error) -> Exit {
    let what = match error.kind() {
        std::io::ErrorKind::NotFound if path.exists() => "is no program".to_owned(),
        _ => error.to_string(),
    };
    Exit::usage(format!(
        "{}: {what}: --against takes another omnisim, or what it printed with --format json",
        path.display()
    ))
}

fn read_runs(path: &Path, lines: impl BufRead) -> Result<BTreeMap<(String, u64), Theirs>, Exit> {
    let mut runs = BTreeMap::new();
    for (place, line) in lines.lines().enumerate() {
        let line = line.map_err(|error| Exit::usage(format!("{}: {error}", path.display())))?;
        let run: Theirs = read_json(&line).map_err(|mistake| {
            Exit::usage(format!(
                "{}:{}: is no run as --format json prints it: {}",
                path.display(),
                place + 1,
                mistake.message
            ))
        })?;
        runs.insert(run.key(), run);
    }
    Ok(runs)
}
