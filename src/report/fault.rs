//! What is said of faults, operator actions and the planted bug: how often each began, and what
//! it struck.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::nemesis::{FaultSource, Impact, Impacts};
use crate::scenario::{Scenario, key_of, place_of};

/// A part of a scenario that does not leave it to chance what it does, and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultReport {
    /// The key that brings it.
    pub key: String,
    /// What it does, in words.
    pub fault: String,
    /// Whether it may strike nothing.
    pub may_miss: bool,
    /// What it did.
    #[serde(flatten)]
    pub impact: ImpactReport,
    /// The same, in words.
    #[serde(default)]
    pub told: String,
}

/// How often something began, and what it struck.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpactReport {
    /// How often it began.
    pub began: u64,
    /// How much it struck of what.
    pub struck: BTreeMap<String, u64>,
}

impl From<&Impact> for ImpactReport {
    fn from(impact: &Impact) -> Self {
        let struck = impact.struck.iter();
        Self {
            began: impact.began,
            struck: struck
                .map(|(what, count)| (what.name().to_owned(), *count))
                .collect(),
        }
    }
}

/// Scripted and targeted faults, operator actions and the planted bug, each with what it did.
pub(crate) fn scripted(scenario: &Scenario, impacts: &Impacts) -> Vec<FaultReport> {
    let named = impacts.iter().filter(|(source, _)| is_named(**source));
    let report = |(source, impact): (&FaultSource, &Impact)| FaultReport {
        key: key_of(&place_of(*source)),
        fault: scenario.source_told(*source),
        may_miss: !scenario.has_to_strike(*source),
        impact: impact.into(),
        told: impact.told(*source),
    };
    named.map(report).collect()
}

/// What random faults did, by the key that brings them.
pub(super) fn random(impacts: &Impacts) -> BTreeMap<String, ImpactReport> {
    let random = impacts.iter().filter(|(source, _)| !is_named(**source));
    random
        .map(|(source, impact)| (key_of(&place_of(*source)), impact.into()))
        .collect()
}

/// Whether the scenario names this fault itself, and does not leave it to chance.
const fn is_named(source: FaultSource) -> bool {
    match source {
        FaultSource::Fault(_)
        | FaultSource::Targeted(_)
        | FaultSource::Action(_)
        | FaultSource::Planted => true,
        FaultSource::Random(_) | FaultSource::RandomAction(_) => false,
    }
}
