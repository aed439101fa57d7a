//! Repro files: everything that is needed to see a run again.

use std::fmt;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::check::{self, Cause, Class, Violation};
use crate::decision::{DecisionTable, Plan};
use crate::scenario::{ErrorSource, Place, Scenario, ScenarioError, read_text};
use crate::world::Outcome;

/// A self-contained description of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repro {
    /// The seed.
    #[serde(with = "crate::units::seed_text")]
    pub seed: u64,
    /// The digest of the run, in hexadecimal.
    ///
    /// Absent where somebody changed the file, so that there is nothing to compare with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// What was violated, in words; absent for a run that passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub violation: Option<ReproViolation>,
    /// What it was built from.
    pub build: Build,
    /// Which sites keep their seeded answer, and which are set by hand.
    pub decisions: DecisionTable,
    /// The scenario.
    pub scenario: Scenario,
}

/// The violation that a repro shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReproViolation {
    /// The check.
    pub check: String,
    /// Its class.
    pub class: Class,
    /// How the check failed; absent in files of builds that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// When, in nanoseconds.
    pub at_ns: u64,
    /// What it said.
    pub message: String,
    /// Where a panic happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// What a run was built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// The version of omnisim.
    pub omnisim: String,
    /// The version and source of OmniPaxos.
    pub omnipaxos: String,
    /// Whether assertions were on.
    pub assertions: bool,
}

impl ReproViolation {
    /// What a repro keeps of a violation.
    pub fn of(violation: &Violation) -> Self {
        Self {
            check: violation.check.to_owned(),
            class: violation.class,
            cause: Some(violation.cause),
            at_ns: violation.at.as_nanos(),
            message: violation.message.clone(),
            place: violation.place.clone(),
        }
    }

    /// Whether a violation is the one that it tells of: by check and class.
    pub fn is_shown_by(&self, violation: &Violation) -> bool {
        violation.check == self.check && violation.class == self.class
    }

    pub(super) fn validate(&self, source: &ErrorSource<'_>) -> Result<(), ReproError> {
        match check::complaint_about(&self.check) {
            None => Ok(()),
            Some(message) => {
                Err(source.wrong(&[Place::Key("violation"), Place::Key("check")], message))
            }
        }
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let assertions = if self.assertions { "with" } else { "without" };
        write!(
            f,
            "omnisim {}, omnipaxos {}, {assertions} assertions",
            self.omnisim, self.omnipaxos
        )
    }
}

/// A repro file that cannot be used.
pub type ReproError = ScenarioError;

impl Build {
    /// What is tested by what, in words: a build that differs in it takes other steps.
    pub fn tested(&self) -> String {
        format!("omnisim {}, omnipaxos {}", self.omnisim, self.omnipaxos)
    }

    /// Of the program that runs.
    pub fn current() -> Self {
        Self {
            omnisim: env!("CARGO_PKG_VERSION").to_owned(),
            omnipaxos: env!("OMNISIM_OMNIPAXOS").to_owned(),
            assertions: cfg!(debug_assertions),
        }
    }
}

impl Repro {
    /// The repro of a run in which every decision kept its seeded answer.
    pub fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        Self::planned(scenario, outcome, &Plan::default())
    }

    /// The repro of a run whose decisions went by a plan.
    pub fn planned(scenario: &Scenario, outcome: &Outcome, plan: &Plan) -> Self {
        Self {
            seed: outcome.seed,
            digest: digest_text(outcome.digest),
            violation: outcome.violations.first().map(ReproViolation::of),
            build: Build::current(),
            decisions: DecisionTable::of(plan),
            scenario: scenario.clone(),
        }
    }

    /// Whether a run took the steps that it describes; nothing if it has no digest.
    pub fn has_digest(&self, digest: u64) -> Option<bool> {
        is_digest(&self.digest, digest)
    }

    /// The file's content.
    ///
    /// # Panics
    /// Never: every table of a scenario can be written as TOML.
    pub fn to_text(&self) -> String {
        let body = crate::units::as_toml(self);
        let about = self.violation.as_ref().map_or_else(
            || "# A run that passed.\n".to_owned(),
            |violation| {
                format!(
                    "# {}: {}\n",
                    violation.check,
                    violation.message.replace('\n', " ")
                )
            },
        );
        format!("{about}# To see it again, give this file to the subcommand `replay`.\n{body}")
    }

    /// Whether a file looks like a repro rather than a scenario.
    pub fn is_repro(text: &str) -> bool {
        let mut lines = text.lines().map(str::trim_start);
        lines.any(|line| line.starts_with("[scenario")) || has_key(text, "digest")
    }

    /// Reads a repro file.
    ///
    /// # Errors
    /// When it cannot be read, is cut short, or contradicts itself.
    pub fn load(path: &Path) -> Result<Self, ReproError> {
        let file = path.display().to_string();
        Self::parse(&file, &read_text(path)?)
    }

    /// Reads a repro from text.
    ///
    /// # Errors
    /// When it is cut short, or contradicts itself.
    pub fn parse(file: &str, text: &str) -> Result<Self, ReproError> {
        read_repro(file, text, |repro| &repro.scenario, Self::validate)
    }

    /// What is beside the scenario.
    fn validate(&self, source: &ErrorSource<'_>) -> Result<(), ReproError> {
        validate_end(&self.digest, self.violation.as_ref(), source)?;
        self.plan().map(drop).map_err(|(place, message)| {
            let place: Vec<_> = ["decisions"].into_iter().chain(place).collect();
            let place: Vec<_> = place.into_iter().map(Place::Key).collect();
            source.wrong(&place, message)
        })
    }

    /// How the decisions of the run are answered.
    ///
    /// # Errors
    /// When a site is malformed: the keys that lead to it below `[decisions]`,
    /// and what would be right.
    pub fn plan(&self) -> Result<Plan, (Vec<&str>, String)> {
        self.decisions.plan()
    }
}

/// Reads a repro of a run or of a schedule, and validates its scenario and what is beside it.
pub(super) fn read_repro<R: DeserializeOwned>(
    file: &str,
    text: &str,
    scenario: impl Fn(&R) -> &Scenario,
    beside: impl Fn(&R, &ErrorSource<'_>) -> Result<(), ReproError>,
) -> Result<R, ReproError> {
    let source = ErrorSource {
        file,
        text,
        prefix: &[Place::Key("scenario")],
    };
    let repro: R = source.read()?;
    validate_scenario(scenario(&repro), &source)?;
    let whole = ErrorSource {
        prefix: &[],
        ..source
    };
    beside(&repro, &whole)?;
    Ok(repro)
}

/// A digest as it is written everywhere.
pub(crate) fn digest_text(digest: u64) -> String {
    format!("{digest:#018x}")
}

/// Whether steps are those of a repro; nothing if it does not say.
pub(crate) fn is_digest(known: &str, digest: u64) -> Option<bool> {
    (!known.is_empty()).then(|| known == digest_text(digest))
}

/// Whether some line of a file gives this key a value.
pub(super) fn has_key(text: &str, key: &str) -> bool {
    let mut keys = text.lines().filter_map(|line| line.split_once('='));
    keys.any(|(before, _)| before.trim() == key)
}

/// What every kind of repro holds of its scenario: all of it, and its name, which no file has for
/// it.
pub(super) fn validate_scenario(
    scenario: &Scenario,
    source: &ErrorSource<'_>,
) -> Result<(), ReproError> {
    if scenario.name.is_empty() {
        let message = "a repro file needs the name of its scenario, by which reports call it: \
                       write name = \"...\"";
        return Err(source.wrong(&[Place::Key("name")], message));
    }
    scenario.validate(source)
}

/// What every kind of repro says of how it ends.
pub(super) fn validate_end(
    digest: &str,
    violation: Option<&ReproViolation>,
    source: &ErrorSource<'_>,
) -> Result<(), ReproError> {
    let digits = digest.strip_prefix("0x").unwrap_or_default();
    let is_digest = digits.len() == 16 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    if !digest.is_empty() && !is_digest {
        let message = format!("{digest:?} is no digest: they are 0x and 16 hexadecimal digits");
        return Err(source.wrong(&[Place::Key("digest")], message));
    }
    violation.map_or(Ok(()), |violation| violation.validate(source))
}
