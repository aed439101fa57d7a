//! The other build: a program, or what it printed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::report::{Made, RunReport};
use crate::search::SearchError;
use crate::units::read_json;

/// Where the other runs come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// A program, which makes them.
    Program(PathBuf),
    /// A file with the reports of runs, one a line.
    Report(PathBuf),
}

impl Other {
    /// A report begins as JSON does; everything else is a program.
    ///
    /// # Errors
    /// When it cannot be read, or is empty.
    pub fn find(path: &Path) -> Result<Self, SearchError> {
        let unreadable = |error| SearchError::Input(format!("{}: {error}", path.display()));
        let mut first = [0];
        let mut file = std::fs::File::open(path).map_err(unreadable)?;
        let read = file.read(&mut first).map_err(unreadable)?;
        Ok(match &first[..read] {
            b"{" => Self::Report(path.to_owned()),
            [] => return Err(SearchError::Input(format!("{}: is empty", path.display()))),
            _ => Self::Program(path.to_owned()),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Program(path) | Self::Report(path) => path,
        }
    }

    /// All its runs, by scenario and seed; a program makes them now, with these arguments.
    pub(super) fn runs(
        &self,
        arguments: &[String],
    ) -> Result<BTreeMap<(String, u64), Made>, SearchError> {
        match self {
            Self::Report(path) => {
                let file = std::fs::File::open(path).map_err(|error| not_another(path, &error))?;
                read_runs(path, BufReader::new(file))
            }
            Self::Program(path) => {
                let mut child = spawn(path, arguments)?;
                let output = child.stdout.take().expect("it was piped");
                let runs = read_runs(path, BufReader::new(output));
                let status = child.wait().map_err(|error| failed(path, &error))?;
                let runs = runs?;
                match status.code() {
                    Some(0 | 1 | 3) if !runs.is_empty() => Ok(runs),
                    Some(0) => Err(SearchError::Input(format!(
                        "{}: printed no run: --against takes another omnisim",
                        path.display()
                    ))),
                    _ => Err(SearchError::Input(format!(
                        "{} {}: {status}",
                        path.display(),
                        arguments.join(" ")
                    ))),
                }
            }
        }
    }

    /// The lines of its trace of a repro; a report has none.
    ///
    /// # Errors
    /// When the program cannot be started, or refuses the repro: it may not have the system.
    pub(super) fn trace(&self, repro: &Path) -> Result<Option<Vec<String>>, SearchError> {
        let Self::Program(path) = self else {
            return Ok(None);
        };
        let output = Command::new(path)
            .arg("replay")
            .arg(repro)
            .args(["--trace", "--all"])
            .output()
            .map_err(|error| failed(path, &error))?;
        if output.status.code() == Some(2) {
            let why = String::from_utf8_lossy(&output.stderr);
            let why = why.lines().next().unwrap_or_default();
            return Err(SearchError::Input(format!(
                "{}: cannot take what is compared: {why}",
                path.display()
            )));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(Some(text.lines().map(str::to_owned).collect()))
    }
}

fn spawn(path: &Path, arguments: &[String]) -> Result<Child, SearchError> {
    Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_another(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> SearchError {
    SearchError::Output(format!("{}: {error}", path.display()))
}

fn not_another(path: &Path, error: &std::io::Error) -> SearchError {
    let what = match error.kind() {
        std::io::ErrorKind::NotFound if path.exists() => "is no program".to_owned(),
        _ => error.to_string(),
    };
    SearchError::Input(format!(
        "{}: {what}: --against takes another omnisim, or what it printed with --format json",
        path.display()
    ))
}

fn read_runs(
    path: &Path,
    lines: impl BufRead,
) -> Result<BTreeMap<(String, u64), Made>, SearchError> {
    let mut runs = BTreeMap::new();
    for (place, line) in lines.lines().enumerate() {
        let line =
            line.map_err(|error| SearchError::Input(format!("{}: {error}", path.display())))?;
        let run: RunReport = read_json(&line).map_err(|mistake| {
            SearchError::Input(format!(
                "{}:{}: is no run as --format json prints it: {}",
                path.display(),
                place + 1,
                mistake.message
            ))
        })?;
        let made = Made::from(&run);
        runs.insert((run.scenario, run.seed), made);
    }
    Ok(runs)
}
