//! The scenario file: what a run is made of.
//!
//! A scenario is a TOML file of tables, each owned by the room that it
//! configures; here they are put together, read, checked against each other,
//! and their mistakes told with file, line, key and what would be right.

mod beginning;
mod budget;
mod check_options;
mod cluster;
mod demanded;
mod does;
mod error;
mod known;
mod milestone;
mod model;
mod model_problem;
mod moved;
mod occurrence;
mod sources;
mod told;
mod validate;

pub use crate::units::{KeyError, Place, key_of, line_of, places_of};
pub use beginning::Beginning;
pub use budget::BudgetOptions;
pub use check_options::{CheckOptions, Expectation};
pub use cluster::{Cluster, SelfTest};
pub use demanded::Demanded;
pub use does::Does;
pub use error::{ErrorSource, ScenarioError};
pub use milestone::Milestone;
pub use model::{Identity, ModelClient, ModelOptions};
pub use occurrence::Occurrence;
pub use sources::place_of;

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::{ClockOptions, Duration, Quality};

use crate::client::WorkloadOptions;
use crate::nemesis::{NemesisOptions, ScriptedAction, ScriptedFault};
use crate::network::NetworkOptions;
use crate::storage::DiskOptions;
use crate::units::{OpenTable, Time, as_toml};

/// One scenario.
///
/// ```
/// let scenario = omnisim::scenario::Scenario::parse("example", r#"
///     about = "three replicas, one partition"
///     [[fault]]
///     at = "1s"
///     for = "500ms"
///     kind = "partition"
///     groups = [[1, 2], [3]]
/// "#).unwrap();
/// assert_eq!(scenario.cluster.replicas, 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// The name: that of the file, without folder and ending. Repro files hold it as a key,
    /// because they are called otherwise; scenario files have no such key.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(skip)]
    pub name: String,
    /// What it is for, in one line.
    pub about: String,
    /// What is under test.
    pub cluster: Cluster,
    /// How it is tuned, in the words of the system.
    #[serde(skip_serializing_if = "OpenTable::is_empty")]
    pub system: OpenTable,
    /// What proves that the checks can fail.
    #[serde(skip_serializing_if = "SelfTest::is_empty")]
    pub selftest: SelfTest,
    /// What links promise and how fast they are.
    pub network: NetworkOptions,
    /// What disks promise and how fast they are.
    pub disk: DiskOptions,
    /// How good clocks are.
    pub clock: ClockTable,
    /// What clients do.
    pub workload: WorkloadOptions,
    /// What goes wrong at random.
    pub nemesis: NemesisOptions,
    /// What goes wrong by script.
    #[serde(rename = "fault", skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ScriptedFault>,
    /// What operators do by script.
    #[serde(rename = "action", skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ScriptedAction>,
    /// What is demanded and what is expected.
    pub check: CheckOptions,
    /// What one run may spend.
    #[serde(skip_serializing_if = "BudgetOptions::is_default")]
    pub budget: BudgetOptions,
    /// What a search through every schedule may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelOptions>,
}

/// The `[clock]` table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockTable {
    /// How good the synchronisation is.
    pub quality: ClockQuality,
    /// The fastest drift, in parts per billion of true time, if not the quality's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift_ppb: Option<u32>,
    /// How far a clock is off before it is first synchronised.
    pub base_offset: Time,
    /// Whether readings never go back.
    pub monotone: bool,
}

impl Default for ClockTable {
    fn default() -> Self {
        Self {
            quality: ClockQuality::High,
            drift_ppb: None,
            base_offset: Time::default(),
            monotone: true,
        }
    }
}

/// A clock that drifts back by as much does not move.
const MOST_DRIFT_PPB: u32 = 1_000_000_000;

/// How well clocks are synchronised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockQuality {
    /// Within 10 us, every millisecond; drift up to 10 ppm.
    High,
    /// Within 100 us, every 10 ms; drift up to 50 ppm.
    Medium,
    /// Within 1 ms, every 100 ms; drift up to 200 ppm.
    Low,
}

impl ClockTable {
    /// The key that is wrong, if one is, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        let stands_still = |ppb: &u32| *ppb >= MOST_DRIFT_PPB;
        self.drift_ppb.filter(stands_still).map(|ppb| {
            let message = format!(
                "{ppb} parts per billion make a clock stand still: write less than {MOST_DRIFT_PPB}, \
                 as 200_000 for 200 ppm"
            );
            KeyError::new("drift_ppb", message)
        })
    }

    /// How long `local` takes by the slowest oscillator.
    pub fn slowest(&self, local: Duration) -> Duration {
        let billion = u128::from(MOST_DRIFT_PPB);
        let slowest = billion - u128::from(self.options().drift_ppb_max);
        let nanos = (u128::from(local.as_nanos()) * billion).div_ceil(slowest.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// What the table says, as the clocks read it.
    pub fn options(&self) -> ClockOptions {
        let quality = match self.quality {
            ClockQuality::High => Quality::High,
            ClockQuality::Medium => Quality::Medium,
            ClockQuality::Low => Quality::Low,
        };
        let usual = quality.options();
        ClockOptions {
            drift_ppb_max: self.drift_ppb.unwrap_or(usual.drift_ppb_max),
            base_offset_ns: i64::try_from(self.base_offset.as_nanos()).unwrap_or(i64::MAX),
            monotone: self.monotone,
            ..usual
        }
    }
}

/// The text of a file of ours. A pipe is refused: nobody may ever write into it.
///
/// # Errors
/// When it is no file, or cannot be read, or is no text.
pub fn read_text(path: &Path) -> Result<String, ScenarioError> {
    let unreadable = |error| ScenarioError::unreadable(&path.display().to_string(), &error);
    let kind = std::fs::metadata(path).map_err(unreadable)?;
    if !kind.is_file() {
        return Err(unreadable(std::io::Error::other(if kind.is_dir() {
            "is a folder, and a file is needed"
        } else {
            "is no regular file"
        })));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// When the file cannot be read, is no scenario, or contradicts itself.
    pub fn load(path: &Path) -> Result<Self, ScenarioError> {
        Self::of_file(path, &read_text(path)?)
    }

    /// Reads a scenario from what is in its file.
    ///
    /// # Errors
    /// When it is no scenario, or contradicts itself.
    pub fn of_file(path: &Path, text: &str) -> Result<Self, ScenarioError> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self::read(&path.display().to_string(), &name, text)
    }

    /// Reads a scenario from text.
    ///
    /// # Errors
    /// When it is no scenario, or contradicts itself.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        Self::read(name, name, text)
    }

    fn read(file: &str, name: &str, text: &str) -> Result<Self, ScenarioError> {
        let source = ErrorSource {
            file,
            text,
            prefix: &[],
        };
        source.refuse_name()?;
        let mut scenario: Self = source.read()?;
        name.clone_into(&mut scenario.name);
        scenario.validate(&source)?;
        Ok(scenario)
    }

    /// What is in a file of this scenario, wherever the file is and whatever it is called.
    ///
    /// # Panics
    /// Never: every table of a scenario can be written as TOML.
    pub fn to_text(&self) -> String {
        let nameless = Self {
            name: String::new(),
            ..self.clone()
        };
        as_toml(&nameless)
    }

    /// The JSON schema of scenario files.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
mod tests;
