//! What a run leaves in files, and the command that shows it again.

use std::path::{Path, PathBuf};

#[cfg(feature = "explore")]
use super::ScheduleRepro;
use super::{Repro, WriteError, write_atomically};
#[cfg(feature = "explore")]
use crate::explore::Explored;
use crate::scenario::Scenario;
use crate::world::Outcome;

/// Where the repro file of a run goes.
pub fn repro_path(out: &Path, scenario: &str, seed: u64) -> PathBuf {
    out.join(format!("{scenario}-{seed}.repro.toml"))
}

/// Writes the repro file of a run, and its history where it was kept; tells
/// where the repro file is.
///
/// # Errors
/// When a file cannot be written.
pub fn save_run(out: &Path, scenario: &Scenario, outcome: &Outcome) -> Result<PathBuf, WriteError> {
    let repro = repro_path(out, &scenario.name, outcome.seed);
    write_atomically(&repro, Repro::of(scenario, outcome).to_text().as_bytes())?;
    let files = [
        ("history", &outcome.history),
        ("observations", &outcome.observations),
    ];
    for (name, lines) in files {
        if let Some(lines) = lines {
            let text: String = lines
                .iter()
                .flat_map(|line| [line.as_str(), "\n"])
                .collect();
            let path = out.join(format!("{}-{}.{name}.jsonl", scenario.name, outcome.seed));
            write_atomically(&path, text.as_bytes())?;
        }
    }
    Ok(repro)
}

#[cfg(feature = "explore")]
/// Writes the repro file of the schedule that a search found, if it found one;
/// tells where it is.
///
/// # Errors
/// When the file cannot be written.
pub fn save_schedule(
    out: &Path,
    scenario: &Scenario,
    explored: &Explored,
) -> Result<Option<PathBuf>, WriteError> {
    let Some(violation) = &explored.violation else {
        return Ok(None);
    };
    let schedule = &explored.schedule;
    let repro = ScheduleRepro::of(scenario, schedule, explored.digest, Some(violation));
    let path = schedule_path(out, scenario);
    write_atomically(&path, repro.to_text(schedule).as_bytes())?;
    Ok(Some(path))
}

#[cfg(feature = "explore")]
/// Writes the repro file of the schedule that led to where an earlier search ended; tells
/// where it is.
///
/// # Errors
/// When the file cannot be written.
pub fn save_suspected(
    out: &Path,
    scenario: &Scenario,
    explored: &Explored,
) -> Result<PathBuf, WriteError> {
    let mut repro = ScheduleRepro::of(scenario, &explored.schedule, 0, None);
    // Nobody knows what comes of its last action.
    repro.digest.clear();
    let path = schedule_path(out, scenario);
    write_atomically(&path, repro.to_text(&explored.schedule).as_bytes())?;
    Ok(path)
}

#[cfg(feature = "explore")]
fn schedule_path(out: &Path, scenario: &Scenario) -> PathBuf {
    let model = scenario.model.as_ref();
    let from = model.and_then(|model| model.from.as_ref());
    let run = from.map_or_else(String::new, |from| format!("-{}", from.seed));
    out.join(format!("{}{run}-schedule.repro.toml", scenario.name))
}

/// The commands that do something with a run, to be pasted into a shell.
///
/// ```
/// use omnisim::report::Commands;
/// use std::path::Path;
///
/// let commands = Commands {
///     program: "omnisim",
///     file: Path::new("my scenarios/hello.toml"),
///     seed: Some(7),
///     system: None,
/// };
/// assert_eq!(commands.shrink(), "omnisim shrink 'my scenarios/hello.toml' --seed 7");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Commands<'a> {
    /// The program that is called.
    pub program: &'a str,
    /// The repro file, or the scenario.
    pub file: &'a Path,
    /// The seed, of a scenario.
    pub seed: Option<u64>,
    /// The system, if it was named beside the file.
    pub system: Option<&'a str>,
}

impl Commands<'_> {
    fn of(&self, subcommand: &str) -> String {
        let file = self.file.display().to_string();
        let mut words = vec![
            shell_word(self.program),
            subcommand.to_owned(),
            shell_word(&file),
        ];
        words.extend(self.seed.map(|seed| format!("--seed {seed}")));
        let system = self.system.map(shell_word);
        words.extend(system.map(|system| format!("--system {system}")));
        words.join(" ")
    }

    /// Shows the run again.
    pub fn replay(&self) -> String {
        self.of("replay")
    }

    /// Makes it smaller.
    pub fn shrink(&self) -> String {
        self.of("shrink")
    }

    /// Runs a scenario's seed twice.
    pub fn verify(&self) -> String {
        format!("{} --verify", self.of("run"))
    }
}

/// The command that shows a run again, to be pasted into a shell: of a repro
/// file, or of a scenario with its seed.
///
/// ```
/// use omnisim::report::replay_command;
/// use std::path::Path;
///
/// let repro = Path::new("reports/my lock-7.repro.toml");
/// assert_eq!(replay_command("omnisim", repro, None), "omnisim replay 'reports/my lock-7.repro.toml'");
/// ```
pub fn replay_command(program: &str, file: &Path, seed: Option<u64>) -> String {
    let commands = Commands {
        program,
        file,
        seed,
        system: None,
    };
    commands.replay()
}

/// A word that a shell takes as it is.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
