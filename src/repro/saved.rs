//! What a run leaves in files.

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
