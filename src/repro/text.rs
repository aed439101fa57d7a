//! How a repro looks in a file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::digest;
use super::{Body, Build, Repro, ReproError, ReproViolation, SeededRun};
use crate::decision::DecisionTable;
use crate::scenario::{ErrorSource, Place, Scenario, read_text};
use crate::units::as_toml;
use crate::units::seed_text::Seed;

/// The keys of a repro file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    /// Written apart, with what each line means beside it.
    #[serde(default, skip_serializing)]
    schedule: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<Seed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    violation: Option<ReproViolation>,
    build: Build,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decisions: Option<DecisionTable>,
    scenario: Scenario,
}

impl Repro {
    /// The file's content.
    ///
    /// # Panics
    /// Never: every table of a scenario can be written as TOML.
    pub fn to_text(&self) -> String {
        self.to_text_beside(&[])
    }

    /// The same, with what each line of its schedule means beside it.
    ///
    /// # Panics
    /// Never, as [`Self::to_text`].
    pub fn to_text_beside(&self, meanings: &[&str]) -> String {
        let about = one_line(&self.about());
        let rest = as_toml(&self.keys());
        let (more_uses, schedule) = match &self.body {
            Body::Run(_) => (".", String::new()),
            Body::Schedule(lines) => (SCHEDULE_USES, schedule_text(lines, meanings)),
        };
        format!(
            "# {about}\n# To see it again, give this file to the subcommand `replay`{more_uses}\n{schedule}{rest}"
        )
    }

    fn about(&self) -> String {
        match (&self.violation, &self.body) {
            (Some(violation), _) => format!("{}: {}", violation.check, violation.message),
            (None, Body::Run(_)) => "A run that passed.".to_owned(),
            (None, Body::Schedule(_)) if self.digest.is_some() => {
                "A schedule in which nothing breaks.".to_owned()
            }
            (None, Body::Schedule(_)) => {
                "A schedule that an earlier search did not come back from.".to_owned()
            }
        }
    }

    fn keys(&self) -> Keys {
        let run = self.run();
        Keys {
            schedule: None,
            seed: run.map(|run| Seed(run.seed)),
            digest: self.digest.clone(),
            violation: self.violation.clone(),
            build: self.build.clone(),
            decisions: run.map(|run| run.decisions.clone()),
            scenario: self.scenario.clone(),
        }
    }

    /// Whether a file looks like a repro rather than a scenario.
    pub fn is_repro(text: &str) -> bool {
        let mut lines = text.lines().map(str::trim_start);
        lines.any(|line| line.starts_with("[scenario"))
            || has_key(text, "digest")
            || has_key(text, "schedule")
    }

    /// Reads a repro file.
    ///
    /// # Errors
    /// When it cannot be read, is cut short, or contradicts itself.
    pub fn load(path: &Path) -> Result<Self, ReproError> {
        let file = path.display().to_string();
        Self::parse(&file, &read_text(path)?)
    }

    /// Reads a repro from text. What the lines of a schedule say is read when they are taken.
    ///
    /// # Errors
    /// When it is cut short, or contradicts itself.
    pub fn parse(file: &str, text: &str) -> Result<Self, ReproError> {
        let source = ErrorSource {
            file,
            text,
            prefix: &[Place::Key("scenario")],
        };
        let keys: Keys = source.read()?;
        validate_scenario(&keys.scenario, &source)?;
        let source = ErrorSource {
            prefix: &[],
            ..source
        };
        let repro = Self {
            body: keys.body(&source)?,
            digest: keys.digest,
            violation: keys.violation,
            build: keys.build,
            scenario: keys.scenario,
        };
        repro.validate(&source)?;
        Ok(repro)
    }

    /// What is beside the scenario.
    fn validate(&self, source: &ErrorSource<'_>) -> Result<(), ReproError> {
        if let Some(message) = self.digest.as_deref().and_then(digest::complaint_about) {
            return Err(source.wrong(&[Place::Key("digest")], message));
        }
        let plan = self.run().map_or(Ok(()), |run| run.plan().map(drop));
        plan.map_err(|(place, message)| {
            let place: Vec<_> = ["decisions"].into_iter().chain(place).collect();
            let place: Vec<_> = place.into_iter().map(Place::Key).collect();
            source.wrong(&place, message)
        })
    }
}

impl Keys {
    fn body(&self, source: &ErrorSource<'_>) -> Result<Body, ReproError> {
        let wrong = |key, message: &str| Err(source.wrong(&[Place::Key(key)], message));
        match (&self.schedule, self.seed, &self.decisions) {
            (Some(lines), None, None) => Ok(Body::Schedule(lines.clone())),
            (None, Some(Seed(seed)), Some(decisions)) => Ok(Body::Run(SeededRun {
                seed,
                decisions: decisions.clone(),
            })),
            (None, Some(_), None) => wrong(
                "decisions",
                "the repro file of a run says how its decisions are answered: write \
                 [decisions] and keep = \"all\"",
            ),
            (None, None, _) => wrong(
                "seed",
                "the repro file of a run needs its seed, that of a schedule its schedule",
            ),
            (Some(_), Some(_), _) => wrong("seed", "a schedule has no seed: take it away"),
            (Some(_), None, Some(_)) => {
                wrong("decisions", "a schedule has no decisions: take them away")
            }
        }
    }
}

/// What else can be done with the file of a schedule.
const SCHEDULE_USES: &str = "; to make it\n\
    # shorter, to `shrink`. Lines can be changed, added and taken away.";

fn schedule_text(lines: &[String], meanings: &[&str]) -> String {
    let widest = lines.iter().map(String::len).max();
    let width = widest.unwrap_or(0) + 3;
    let mut text = "schedule = [\n".to_owned();
    for (place, line) in lines.iter().enumerate() {
        let line = format!("{line:?},");
        match meanings.get(place) {
            Some(meaning) => {
                text.push_str(&format!("  {line:<width$} # {}\n", one_line(meaning)));
            }
            None => text.push_str(&format!("  {line}\n")),
        }
    }
    text.push_str("]\n");
    text
}

/// What a repro holds of its scenario: all of it, and its name, which no file has for it.
fn validate_scenario(scenario: &Scenario, source: &ErrorSource<'_>) -> Result<(), ReproError> {
    if scenario.name.is_empty() {
        let message = "a repro file needs the name of its scenario, by which reports call it: \
                       write name = \"...\"";
        return Err(source.wrong(&[Place::Key("name")], message));
    }
    scenario.validate(source)
}

/// Whether some line of a file gives this key a value.
fn has_key(text: &str, key: &str) -> bool {
    let mut keys = text.lines().filter_map(|line| line.split_once('='));
    keys.any(|(before, _)| before.trim() == key)
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}
