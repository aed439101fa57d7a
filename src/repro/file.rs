//! Repro files: everything that is needed to see a run, or a schedule, again.

use crate::check::Violation;
use crate::decision::{DecisionTable, Plan};
#[cfg(feature = "explore")]
use crate::explore::Scheduled;
use crate::scenario::Scenario;
use crate::world::Outcome;

use super::digest::digest_text;
use super::{Build, ReproViolation};

/// A self-contained description of one run, or of one schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Repro {
    /// What happens.
    pub body: Body,
    /// The digest of all that could be seen, in hexadecimal.
    ///
    /// Absent where somebody changed the file, so that there is nothing to compare with.
    pub digest: Option<String>,
    /// What was violated; absent where nothing was.
    pub violation: Option<ReproViolation>,
    /// What it was built from.
    pub build: Build,
    /// The scenario; that of a schedule has the bounds that the schedule keeps to.
    pub scenario: Scenario,
}

/// What happens in a repro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A run, in which chance decides.
    Run(SeededRun),
    /// A schedule: what happens, one action per line.
    Schedule(Vec<String>),
}

/// A run, by what decides in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededRun {
    /// The seed.
    pub seed: u64,
    /// Which sites keep their seeded answer, and which are set by hand.
    pub decisions: DecisionTable,
}

impl SeededRun {
    /// A run in which the seed decides everything.
    pub fn of_seed(seed: u64) -> Self {
        Self {
            seed,
            decisions: DecisionTable::default(),
        }
    }

    /// How its decisions are answered.
    ///
    /// # Errors
    /// When a site is malformed: the keys that lead to it below `[decisions]`, and what would be
    /// right.
    pub fn plan(&self) -> Result<Plan, (Vec<&str>, String)> {
        self.decisions.plan()
    }
}

impl Repro {
    /// The repro of a run in which every decision kept its seeded answer.
    pub fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        Self::planned(scenario, outcome, &Plan::default())
    }

    /// The repro of a run whose decisions went by a plan.
    pub fn planned(scenario: &Scenario, outcome: &Outcome, plan: &Plan) -> Self {
        let run = SeededRun {
            seed: outcome.seed,
            decisions: DecisionTable::of(plan),
        };
        let violation = outcome.violations.first();
        Self::new(scenario, Body::Run(run), Some(outcome.digest), violation)
    }

    /// The repro of a schedule that was found; without a digest, nobody knows how it ends.
    #[cfg(feature = "explore")]
    pub fn of_schedule(
        scenario: &Scenario,
        schedule: &[Scheduled],
        digest: Option<u64>,
        violation: Option<&Violation>,
    ) -> Self {
        let lines = schedule.iter().map(|step| step.line.clone());
        Self::new(scenario, Body::Schedule(lines.collect()), digest, violation)
    }

    fn new(
        scenario: &Scenario,
        body: Body,
        digest: Option<u64>,
        violation: Option<&Violation>,
    ) -> Self {
        Self {
            body,
            digest: digest.map(digest_text),
            violation: violation.map(ReproViolation::of),
            build: Build::current(),
            scenario: scenario.clone(),
        }
    }

    /// The run, if it is one.
    pub fn run(&self) -> Option<&SeededRun> {
        match &self.body {
            Body::Run(run) => Some(run),
            Body::Schedule(_) => None,
        }
    }

    /// The lines of the schedule, if it is one.
    pub fn schedule(&self) -> Option<&[String]> {
        match &self.body {
            Body::Run(_) => None,
            Body::Schedule(lines) => Some(lines),
        }
    }

    /// Whether the steps are those that it describes; nothing if it has no digest.
    pub fn has_digest(&self, digest: u64) -> Option<bool> {
        let known = self.digest.as_ref()?;
        Some(*known == digest_text(digest))
    }
}
