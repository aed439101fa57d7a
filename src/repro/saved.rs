//! What a run leaves in files.

use std::path::{Path, PathBuf};

use super::{Repro, WriteError, write_atomically};
#[cfg(feature = "explore")]
use crate::explore::{Explored, Scheduled};
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
    let repro = Repro::of_schedule(scenario, schedule, Some(explored.digest), Some(violation));
    let path = schedule_path(out, scenario);
    write_schedule(&path, &repro, schedule)?;
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
    // Nobody knows what its last action does.
    let repro = Repro::of_schedule(scenario, &explored.schedule, None, None);
    let path = schedule_path(out, scenario);
    write_schedule(&path, &repro, &explored.schedule)?;
    Ok(path)
}

/// Writes the repro of a schedule, with what each line means beside it.
///
/// # Errors
/// When the file cannot be written.
#[cfg(feature = "explore")]
pub(crate) fn write_schedule(
    path: &Path,
    repro: &Repro,
    schedule: &[Scheduled],
) -> Result<(), WriteError> {
    let meanings: Vec<_> = schedule.iter().map(|step| step.words.as_str()).collect();
    write_atomically(path, repro.to_text_beside(&meanings).as_bytes())
}

#[cfg(feature = "explore")]
fn schedule_path(out: &Path, scenario: &Scenario) -> PathBuf {
    let model = scenario.model.as_ref();
    let from = model.and_then(|model| model.from.as_ref());
    let run = from.map_or_else(String::new, |from| format!("-{}", from.seed));
    out.join(format!("{}{run}-schedule.repro.toml", scenario.name))
}
