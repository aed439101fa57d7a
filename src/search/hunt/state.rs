//! Where a hunt stands: what it did, what it covered, what it caught.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::deepen::{Deepened, Promising};
use super::spare::Spare;
use crate::check::Violation;
use crate::explore::Explored;
use crate::scenario::Scenario;
use crate::search::{ScenarioTally, Signature, is_known};
use crate::world::{Outcome, Verdict};

/// Where a hunt stands after a whole number of runs, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HuntState {
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
    /// How long it took, in nanoseconds of the wall clock.
    #[serde(default)]
    pub wall_ns: u64,
    /// What was caught, in the order of being met.
    pub catches: Vec<Catch>,
}

/// One kind of violation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catch {
    /// What makes it the same as others.
    pub signature: Signature,
    /// The first run's words.
    pub message: String,
    /// Whether the first run kept to what the system is written for.
    pub in_contract: bool,
    /// The seed that showed it first.
    pub seed: u64,
    /// The scenario that showed it first.
    pub scenario: String,
    /// What was drawn for that scenario, if it was drawn.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub drawn: String,
    /// How many runs showed it; none where only a search that went on from one did.
    pub runs: u64,
    /// Its repro file.
    pub repro: String,
}

impl HuntState {
    /// Whether its counts can be those of a hunt, so that more can be added to them.
    pub fn is_plausible(&self) -> bool {
        const MOST: u64 = 1 << 53;
        let Deepened { runs, states, .. } = self.deepened;
        let single = [
            self.runs,
            self.events,
            self.operations,
            self.simulated_us,
            runs,
            states,
        ];
        let tables = [&self.faults, &self.coverage, &self.known, &self.expected];
        let runs = self.catches.iter().map(|catch| &catch.runs);
        let tabled = tables.into_iter().flat_map(BTreeMap::values).chain(runs);
        tabled.chain(&single).all(|count| *count <= MOST)
    }

    /// Adds one run. Gives the signature of what it caught, if that was not met
    /// before: its catch has no repro file yet.
    pub fn add(&mut self, scenario: &Scenario, outcome: &Outcome) -> Option<Signature> {
        self.runs += 1;
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
    fn catch(&mut self, scenario: &Scenario, outcome: &Outcome) -> Option<Signature> {
        let violation = outcome.violations.iter().find(|violation| {
            !scenario.check.expects(violation.check) && is_known(scenario, violation).is_none()
        })?;
        let signature = Signature::of(violation);
        if let Some(catch) = self.catch_mut(&signature) {
            catch.runs += 1;
            return None;
        }
        self.catches.push(Catch {
            in_contract: outcome.in_contract,
            seed: outcome.seed,
            runs: 1,
            ..Catch::of(scenario, violation)
        });
        Some(signature)
    }

    /// Adds a search that went on from a run. Gives the signature of what it caught, if
    /// that was not met before: its catch has no repro file yet.
    pub fn add_deepened(&mut self, from: &Promising, explored: &Explored) -> Option<Signature> {
        self.deepened.add(explored);
        let (scenario, violation) = (&from.scenario, explored.violation.as_ref()?);
        if let Some(name) = is_known(scenario, violation) {
            *self.known.entry(name.to_owned()).or_default() += 1;
            return None;
        }
        let signature = Signature::of(violation);
        if scenario.check.expects(violation.check) || self.catch_mut(&signature).is_some() {
            return None;
        }
        self.catches.push(Catch {
            in_contract: from.in_contract,
            seed: from.seed,
            ..Catch::of(scenario, violation)
        });
        Some(signature)
    }

    /// The catch of a signature.
    pub fn catch_mut(&mut self, signature: &Signature) -> Option<&mut Catch> {
        self.catches
            .iter_mut()
            .find(|catch| catch.signature == *signature)
    }
}

impl Catch {
    /// What a scenario was seen to violate, by no run yet.
    fn of(scenario: &Scenario, violation: &Violation) -> Self {
        Self {
            signature: Signature::of(violation),
            message: violation.message.clone(),
            in_contract: false,
            seed: 0,
            scenario: scenario.name.clone(),
            drawn: if scenario.is_drawn() {
                scenario.told()
            } else {
                String::new()
            },
            runs: 0,
            repro: String::new(),
        }
    }
}
