//! A scenario with the file that it came from, so that what is wrong with it can be said there.

use std::path::PathBuf;

use super::Repro;
use crate::scenario::{ErrorSource, Place, Scenario, ScenarioError, places_of};
use crate::units::KeyError;

/// A scenario and the file it came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// What is in the file: the scenario, or a repro that holds it.
    pub text: String,
    /// The scenario.
    pub scenario: Scenario,
}

impl Source {
    /// A scenario of which only the name of its file is known.
    pub fn named(path: impl Into<PathBuf>, scenario: Scenario) -> Self {
        Self {
            path: path.into(),
            text: String::new(),
            scenario,
        }
    }

    /// Whether the file says which system is under test.
    pub fn names_a_system(&self) -> bool {
        // What cannot be read as a table was read already, as a scenario.
        let Ok(table) = self.text.parse::<toml::Table>() else {
            return true;
        };
        let scenario = table.get("scenario").and_then(toml::Value::as_table);
        let cluster = scenario.unwrap_or(&table).get("cluster");
        cluster.is_some_and(|cluster| cluster.get("system").is_some())
    }

    /// The scenario does not suit the system.
    pub fn unsuited(&self, error: KeyError) -> ScenarioError {
        self.wrong(&error.key, error.message)
    }

    /// A line of the schedule in it, from 0 on, is none.
    pub fn wrong_line(&self, line: usize, message: impl Into<String>) -> ScenarioError {
        self.wrong_beside_scenario(&[Place::Key("schedule"), Place::Index(line)], message)
    }

    /// Something is wrong in a repro, beside its scenario.
    pub fn wrong_beside_scenario(
        &self,
        place: &[Place<'_>],
        message: impl Into<String>,
    ) -> ScenarioError {
        let source = ErrorSource {
            file: &self.path.display().to_string(),
            text: &self.text,
            prefix: &[],
        };
        source.wrong(place, message)
    }

    /// A mistake that shows only beside other things than the file.
    pub fn wrong(&self, key: &str, message: impl Into<String>) -> ScenarioError {
        let in_repro = [Place::Key("scenario")];
        let source = ErrorSource {
            file: &self.path.display().to_string(),
            text: &self.text,
            prefix: if Repro::is_repro(&self.text) {
                &in_repro
            } else {
                &[]
            },
        };
        source.wrong(&places_of(key), message)
    }
}
