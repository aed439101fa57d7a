//! What is said of one run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FaultReport, ImpactReport, ViolationReport, fault};
use crate::network::Counts;
use crate::repro::{Build, digest_text};
use crate::scenario::{Expectation, Scenario};
use crate::system::Budget;
use crate::system::Searched;
use crate::world::{Operations, Outcome, Settled, Verdict};

/// The layout of reports; raised when a field means something else than before.
const SCHEMA: u64 = 1;

/// One run: its verdict, what it did, and how to reproduce it. It is the object that
/// `--format json` prints, and reads again as what it was.
///
/// Names of checks, faults and the like are words here, because a report may come from another
/// build that has others. What a build before this one did not say is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// The layout of this object.
    pub schema: u64,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario is about.
    #[serde(default)]
    pub about: String,
    /// The seed.
    pub seed: u64,
    /// The verdict. A run that was stopped passes if nothing was violated so far.
    pub verdict: Verdict,
    /// Whether that is what its scenario says.
    #[serde(default)]
    pub ended: Ended,
    /// Whether the scenario expects a violation.
    pub expected: Expectation,
    /// The bug that is planted.
    pub planted: Option<String>,
    /// What the environment promised.
    pub contract: String,
    /// Whether that is what the system is written for.
    #[serde(default)]
    pub in_contract: bool,
    /// What was violated, the first one first.
    pub violations: Vec<ViolationReport>,
    /// The lines of the history that show a violation of its consistency.
    #[serde(default)]
    pub excerpt: Vec<String>,
    /// What each check evaluated.
    pub checks: Vec<CheckReport>,
    /// The checks that the scenario leaves out.
    #[serde(default)]
    pub without: Vec<String>,
    /// What the search for a linearization took.
    pub search: Searched,
    /// All that the checker says of the clients' history at each level that is demanded, by the
    /// name of the check. Its numbers are lines of the history that is kept, from 0 on.
    #[serde(default)]
    pub levels: BTreeMap<String, knossos::Report>,
    /// Why a check is not applicable, or what it could not decide.
    pub remarks: Vec<String>,
    /// How often each kind of fault began.
    pub faults: BTreeMap<String, u64>,
    /// Who was mended when the run settled; nothing where it ended before.
    pub settled: Option<Settled>,
    /// What the faults that the scenario names, its actions and the planted bug did.
    pub scripted: Vec<FaultReport>,
    /// What random faults did, by the key that brings them.
    pub random: BTreeMap<String, ImpactReport>,
    /// What else occurred.
    pub occurrences: BTreeMap<String, u64>,
    /// The digest of every step.
    pub digest: String,
    /// How many events were handled.
    pub events: u64,
    /// What it could have spent.
    pub budget: Budget,
    /// How many messages there were.
    pub messages: Counts,
    /// How the clients' operations ended.
    pub operations: Operations,
    /// How many log entries were decided.
    pub decided: u64,
    /// How often another replica came to lead.
    pub leader_changes: u64,
    /// How long completed operations took.
    pub latency_ns: Latency,
    /// The longest time in which nothing completed although it could.
    pub unavailability_ns: u64,
    /// One election timeout, to measure it in.
    pub election_timeout_ns: u64,
    /// How much time passed in the run.
    pub simulated_ns: u64,
    /// Whether it was stopped before its end.
    pub cut_short: bool,
    /// How long it took, by the wall clock.
    pub wall_ns: u64,
    /// What it was built from.
    pub build: Build,
    /// The command that replays it.
    pub replay: String,
    /// The command that makes it smaller, if there is any use in that.
    #[serde(default)]
    pub shrink: Option<String>,
    /// Its repro file, if it has one.
    #[serde(default)]
    pub repro: Option<String>,
    /// Whether both runs took the same steps, if it was run twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
}

/// What a check evaluated in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The check.
    pub name: String,
    /// How often; nothing where it is not applicable.
    pub evaluated: Option<u64>,
    /// How often it would have been, where it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switched_off: Option<u64>,
}

/// How long completed operations took, in nanoseconds of simulated time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// Half were faster.
    pub median: u64,
    /// 99 of 100 were faster.
    pub p99: u64,
    /// The slowest.
    pub max: u64,
}

/// Whether what came of a run is what its scenario, or its repro file, says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ended {
    /// As its scenario says, a violation included.
    #[default]
    AsExpected,
    /// With the violation that the repro file shows.
    Reproduced,
    /// Otherwise than the run that the repro file is of.
    NotReproduced,
    /// If with a violation, with one that nobody said comes.
    Unexpected,
    /// Without a violation that has to come.
    Missed,
    /// Without a violation, and too little happened for that to mean anything.
    Incomplete,
}

impl RunReport {
    /// The report of a run: how it is to be seen again, and how long it took, is for the caller to
    /// add, who knows.
    pub fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        let violations = outcome.violations.iter();
        let violations: Vec<_> = violations
            .map(|one| ViolationReport::of(scenario, one, outcome.in_contract))
            .collect();
        let is_expected = !violations.iter().any(ViolationReport::is_surprise);
        let checks = outcome.checks.iter().map(|check| CheckReport {
            name: check.name.to_owned(),
            evaluated: check.evaluated,
            switched_off: check.switched_off,
        });
        let latencies = outcome.latencies;
        Self {
            schema: SCHEMA,
            scenario: scenario.name.clone(),
            about: scenario.about.clone(),
            seed: outcome.seed,
            verdict: outcome.verdict,
            ended: if is_expected {
                Ended::AsExpected
            } else {
                Ended::Unexpected
            },
            expected: scenario.check.expect,
            planted: scenario.selftest.planted.clone(),
            contract: outcome.contract.to_string(),
            in_contract: outcome.in_contract,
            violations,
            excerpt: outcome.excerpt.clone(),
            checks: checks.collect(),
            without: scenario.check.without.clone(),
            search: outcome.search,
            levels: named(&outcome.levels, |check| check),
            remarks: remarks(outcome),
            faults: named(&outcome.faults, |kind| kind.name()),
            settled: outcome.settled.clone(),
            scripted: fault::scripted(scenario, &outcome.impacts),
            random: fault::random(&outcome.impacts),
            occurrences: named(&outcome.occurrences, |occurrence| occurrence.name()),
            digest: digest_text(outcome.digest),
            events: outcome.events,
            budget: outcome.budget,
            messages: outcome.messages,
            operations: outcome.operations,
            decided: outcome.decided,
            leader_changes: outcome.leader_changes,
            latency_ns: Latency {
                median: latencies.median.as_nanos(),
                p99: latencies.p99.as_nanos(),
                max: latencies.max.as_nanos(),
            },
            unavailability_ns: outcome.unavailability.as_nanos(),
            election_timeout_ns: outcome.election_timeout.as_nanos(),
            simulated_ns: outcome.ended.as_nanos(),
            cut_short: outcome.cut_short,
            wall_ns: 0,
            build: Build::current(),
            replay: String::new(),
            shrink: None,
            repro: None,
            verified: None,
        }
    }

    /// The checks that failed, each once, in the order of their names.
    pub fn failed(&self) -> Vec<&str> {
        let mut failed: Vec<_> = self
            .violations
            .iter()
            .map(|one| one.check.as_str())
            .collect();
        failed.sort_unstable();
        failed.dedup();
        failed
    }

    /// Why somebody has to look at it: what showed in it that nobody said comes, and what was said
    /// of that. Runs that fail alike say the same first.
    pub fn surprise(&self) -> Option<(String, String)> {
        let mut violations = self.violations.iter();
        if let Some(violation) = violations.find(|one| one.is_surprise()) {
            return Some((violation.kind(), violation.message.clone()));
        }
        let is_undecided = self.verdict == Verdict::Unknown;
        is_undecided.then(|| ("a budget was reached".to_owned(), self.remarks.join("; ")))
    }

    /// Whether the run was judged over what only its end shows.
    pub fn came_to_its_end(&self) -> bool {
        self.cut_short || self.checks.iter().any(|check| check.name == "completion")
    }
}

fn remarks(outcome: &Outcome) -> Vec<String> {
    let mut remarks = outcome.remarks.clone();
    if outcome.cut_short {
        remarks.push("stopped before the end: what only the end shows is not judged".to_owned());
    }
    remarks
}

fn named<K, V: Clone>(all: &BTreeMap<K, V>, name: fn(&K) -> &'static str) -> BTreeMap<String, V> {
    let all = all.iter();
    all.map(|(key, value)| (name(key).to_owned(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests;
