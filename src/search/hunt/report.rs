//! The report of a hunt: what it did, what it covered, what it caught. It is also where the hunt
//! stands: written to a file, it lets the hunt go on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::catch::Catch;
use super::deepen::Deepened;
#[cfg(feature = "explore")]
use super::deepen::Promising;
use super::form::Form;
use super::joining::join;
use super::kept::Kept;
use super::kind::Kind;
use super::spare::Spare;
#[cfg(feature = "explore")]
use crate::explore::Explored;
use crate::scenario::Scenario;
use crate::search::ScenarioTally;
use crate::world::{Outcome, Verdict};

/// A hunt may be killed from outside once; whoever is under way the next time, too, did it.
const DEATHS_MAX: u64 = 2;

/// How a hunt ends, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HuntEnd {
    /// Omnisim itself panicked.
    OwnPanic,
    /// A run took other steps the second time.
    NotDeterministic,
    /// Something was caught, or what was kept still fails.
    Violation,
    /// Of some runs nothing is known.
    Incomplete,
    /// Nothing fails.
    Nothing,
}

/// Where a hunt stands after a whole number of runs, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HuntReport {
    /// What is hunted, in words: only the same hunt goes on from it.
    pub hunt: String,
    /// The build that hunts; another one begins anew.
    pub build: String,
    /// The first seed.
    pub first_seed: u64,
    /// Runs done: every prey for a seed, then the next seed.
    pub runs: u64,
    /// Events in all runs.
    pub events: u64,
    /// Operations completed in all runs.
    pub operations: u64,
    /// Simulated time of all runs, in whole microseconds.
    pub simulated_us: u64,
    /// Faults begun, by kind.
    pub faults: BTreeMap<String, u64>,
    /// Where faults struck: `kind/moment/message`, and how often.
    pub coverage: BTreeMap<String, u64>,
    /// Runs in which a check reached its budget.
    pub unknown: Vec<u64>,
    /// What searches have left for those that need more.
    #[serde(default)]
    pub spare: Spare,
    /// Runs that showed a known finding, by its name.
    pub known: BTreeMap<String, u64>,
    /// Runs that violated what their scenario expects, by its name.
    #[serde(default)]
    pub expected: BTreeMap<String, u64>,
    /// The seed before which it was to end, if that was said.
    #[serde(default)]
    pub last_seed: Option<u64>,
    /// What searches did that went on from runs.
    #[serde(default)]
    pub deepened: Deepened,
    /// How many runs were made twice.
    #[serde(default)]
    pub twice: u64,
    /// The seeds of those that differed the second time.
    #[serde(default)]
    pub not_deterministic: Vec<u64>,
    /// How long it took, in nanoseconds of the wall clock.
    #[serde(default)]
    pub wall_ns: u64,
    /// Seeds that were under way when a hunt was killed, or killed it, and how often.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub suspects: BTreeMap<u64, u64>,
    /// Seeds that were skipped, because hunts ended in them again and again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skipped: BTreeSet<u64>,
    /// The result of running each repro file of an earlier hunt again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// What was caught, in the order of being met.
    pub catches: Vec<Catch>,
}

impl HuntReport {
    /// Whether its counts can be those of a hunt, so that more can be added to them.
    pub fn is_plausible(&self) -> bool {
        const MOST: u64 = 1 << 53;
        let (runs, states) = (self.deepened.runs, self.deepened.states);
        let single = [
            self.runs,
            self.events,
            self.operations,
            self.simulated_us,
            self.twice,
            runs,
            states,
        ];
        let tables = [&self.faults, &self.coverage, &self.known, &self.expected];
        let runs = self.catches.iter().flat_map(|catch| {
            let joined = catch.joined.iter().map(|joined| &joined.runs);
            joined.chain([&catch.runs])
        });
        let tabled = tables.into_iter().flat_map(BTreeMap::values).chain(runs);
        tabled.chain(&single).all(|count| *count <= MOST)
    }

    /// Why nothing can be said of some of its runs, if that is so.
    pub fn problem(&self) -> Option<String> {
        if let Some(seed) = self.not_deterministic.first() {
            return Some(format!(
                "not deterministic: seed {seed} took other steps again"
            ));
        }
        if let Some(seed) = self.unknown.first() {
            return Some(format!(
                "a check or the run reached its budget, first in seed {seed}"
            ));
        }
        let seed = self.skipped.first()?;
        Some(format!(
            "seed {seed} was skipped: hunts ended in it again and again"
        ))
    }

    /// How it ends.
    pub fn end(&self) -> HuntEnd {
        let is_own = |catch: &Catch| catch.kind.signature.is_own();
        if self.catches.iter().any(is_own) {
            HuntEnd::OwnPanic
        } else if !self.not_deterministic.is_empty() {
            HuntEnd::NotDeterministic
        } else if !self.catches.is_empty() || self.kept.iter().any(Kept::fails) {
            HuntEnd::Violation
        } else if !self.unknown.is_empty() || !self.skipped.is_empty() {
            HuntEnd::Incomplete
        } else {
            HuntEnd::Nothing
        }
    }

    /// A hunt ended while this seed was under way; it hung, if that is sure.
    pub fn suspect(&mut self, seed: u64, hangs: bool) {
        *self.suspects.entry(seed).or_default() += if hangs { DEATHS_MAX } else { 1 };
    }

    /// The seeds in which hunts ended so often that they are not tried again.
    pub fn avoided(&self) -> BTreeSet<u64> {
        let suspects = self.suspects.iter();
        let often = suspects.filter(|(_, times)| **times >= DEATHS_MAX);
        often.map(|(seed, _)| *seed).collect()
    }

    /// A run is left out.
    pub fn skip(&mut self, seed: u64) {
        self.runs += 1;
        self.skipped.insert(seed);
    }

    /// Adds one run. Gives the place of what it caught among the catches, if that was not
    /// met before: it has no repro file yet.
    pub fn add(&mut self, scenario: &Scenario, outcome: &Outcome) -> Option<usize> {
        self.runs += 1;
        // It ended: whatever killed a hunt, it was not this.
        self.suspects.remove(&outcome.seed);
        self.events += outcome.events;
        self.operations += outcome.operations.ok;
        self.simulated_us += outcome.ended.as_nanos() / 1_000;
        for (kind, count) in &outcome.faults {
            *self.faults.entry(kind.name().to_owned()).or_default() += count;
        }
        for (fault, moment, message, count) in outcome.coverage.iter() {
            let place = format!("{fault}/{moment}/{message}");
            *self.coverage.entry(place).or_default() += count;
        }
        if outcome.verdict == Verdict::Unknown {
            self.unknown.push(outcome.seed);
        }
        let mut tally = ScenarioTally::default();
        tally.add(scenario, outcome);
        for name in tally.known.keys() {
            *self.known.entry(name.clone()).or_default() += 1;
        }
        let mut violations = outcome.violations.iter();
        if violations.any(|one| scenario.check.expects(one.check)) {
            *self.expected.entry(scenario.name.clone()).or_default() += 1;
        }
        self.catch(scenario, outcome)
    }

    /// One run is one catch: what else it violates follows from the first.
    fn catch(&mut self, scenario: &Scenario, outcome: &Outcome) -> Option<usize> {
        let violation = outcome.violations.iter().find(|violation| {
            !scenario.check.expects(violation.check) && scenario.known_finding(violation).is_none()
        })?;
        let kind = Kind::of(scenario, violation, outcome.in_contract);
        let known = self.place_of(&kind);
        let place = known.unwrap_or_else(|| {
            let catch = Catch::new(scenario, violation, kind.clone(), outcome.seed);
            self.catches.push(catch);
            self.catches.len() - 1
        });
        self.catches[place].add(scenario, &kind, outcome.seed);
        known.is_none().then_some(place)
    }

    #[cfg(feature = "explore")]
    /// Adds a search that went on from a run. Gives the place of what it caught among the
    /// catches, if that was not met before: it has no repro file yet.
    pub fn add_deepened(&mut self, from: &Promising, explored: &Explored) -> Option<usize> {
        self.deepened.add(explored);
        let (scenario, violation) = (&from.scenario, explored.violation.as_ref()?);
        if let Some(name) = scenario.known_finding(violation) {
            *self.known.entry(name.to_owned()).or_default() += 1;
            return None;
        }
        let kind = Kind::of(scenario, violation, from.in_contract);
        if scenario.check.expects(violation.check) || self.place_of(&kind).is_some() {
            return None;
        }
        let catch = Catch::new(scenario, violation, kind, from.seed);
        self.catches.push(catch);
        Some(self.catches.len() - 1)
    }

    fn place_of(&self, kind: &Kind) -> Option<usize> {
        let mut catches = self.catches.iter();
        catches.position(|catch| catch.is_shown_by(kind))
    }

    /// Notes what shrinking left of the catch at `place`. If it left the same of an earlier one,
    /// the catch joins that, and those after it move up: gives the place of the earlier one.
    pub fn shrunk(&mut self, place: usize, form: Form) -> Option<usize> {
        join(&mut self.catches, place, form)
    }
}
