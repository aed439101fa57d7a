//! Whether what came of a scenario's runs is what its author expects.

use std::collections::{BTreeMap, BTreeSet};

use crate::nemesis::{FaultSource, Impact, Impacts};
use crate::report::Judged;
use crate::scenario::{Expectation, Occurrence, Scenario, key_of, place_of};
use crate::world::{Outcome, Verdict};

/// What a scenario's seeds have shown so far.
#[derive(Clone, Debug, Default)]
pub struct ScenarioTally {
    /// How many seeds were run.
    pub seeds: u64,
    /// The seeds in which each check failed, known findings apart.
    pub failed: BTreeMap<String, Vec<u64>>,
    /// The seeds in which a known finding was seen.
    pub known: BTreeMap<String, Vec<u64>>,
    /// The seeds in which a check or the run reached its budget.
    pub unknown: Vec<u64>,
    /// What occurred in any seed.
    pub occurred: BTreeSet<Occurrence>,
    /// What each fault and each operator action struck in all seeds.
    pub impacts: Impacts,
    /// The checks that had anything to evaluate in any seed.
    pub evaluated: BTreeSet<&'static str>,
    /// The checks that are switched off and would have had anything to evaluate in any seed.
    pub switched_off: BTreeSet<&'static str>,
}

impl ScenarioTally {
    /// Takes one run into account. Whether it is as expected, as far as one run can say.
    pub fn add(&mut self, scenario: &Scenario, outcome: &Outcome) -> bool {
        self.seeds += 1;
        self.occurred.extend(outcome.occurrences.keys());
        for (source, impact) in &outcome.impacts {
            self.impacts.entry(*source).or_default().add(impact);
        }
        let evaluated = outcome.checks.iter();
        let evaluated = evaluated.filter(|check| check.evaluated.is_some());
        self.evaluated.extend(evaluated.map(|check| check.name));
        let off = outcome.checks.iter();
        let off = off.filter(|check| check.switched_off.is_some());
        self.switched_off.extend(off.map(|check| check.name));
        if outcome.verdict == Verdict::Unknown {
            self.unknown.push(outcome.seed);
        }
        let mut as_expected = true;
        for violation in &outcome.violations {
            let seeds = match scenario.known_finding(violation) {
                Some(name) => self.known.entry(name.to_owned()).or_default(),
                None => {
                    as_expected &= scenario.check.expects(violation.check);
                    self.failed.entry(violation.check.to_owned()).or_default()
                }
            };
            // A seed in which it shows twice is one seed.
            if seeds.last() != Some(&outcome.seed) {
                seeds.push(outcome.seed);
            }
        }
        as_expected
    }

    /// The verdict over all seeds.
    pub fn judge(&self, scenario: &Scenario) -> Judged {
        match self.judge_decided(scenario) {
            Judged::NotAsExpected(sentence) if !self.unknown.is_empty() => {
                Judged::NotAsExpected(format!("{sentence}; {}", self.undecided()))
            }
            judged => judged,
        }
    }

    /// The seeds that came to no verdict.
    fn undecided(&self) -> String {
        format!("a budget was reached in {}", few(&self.unknown))
    }

    fn judge_decided(&self, scenario: &Scenario) -> Judged {
        let check = &scenario.check;
        let surprises = self.failed.iter().filter(|(name, _)| !check.expects(name));
        let surprises: Vec<_> = surprises
            .map(|(name, seeds)| format!("{name} failed in {}", few(seeds)))
            .collect();
        if !surprises.is_empty() {
            return Judged::NotAsExpected(surprises.join("; "));
        }
        let missing = check
            .violates
            .iter()
            .find(|name| !self.failed.contains_key(*name));
        if let (Expectation::Violation, Some(name)) = (check.expect, missing) {
            let idle = match self.evaluated.contains(name.as_str()) {
                true => "",
                false => ", where it had nothing to evaluate",
            };
            let bug = match self.planted(scenario) {
                Some((bug, impact)) if impact.is_void() => {
                    format!("; the planted bug {bug} never acted")
                }
                _ => String::new(),
            };
            let sentence = format!(
                "{name} was expected to fail and did not in {}{idle}{bug}",
                so_many(self.seeds)
            );
            return if self.seeds < check.seeds {
                Judged::Incomplete(format!("{sentence}; it is promised within {}", check.seeds))
            } else {
                Judged::NotAsExpected(sentence)
            };
        }
        if !self.unknown.is_empty() {
            return Judged::Incomplete(self.undecided());
        }
        let absent: Vec<_> = check
            .require
            .iter()
            .filter(|needed| !self.occurred.contains(needed))
            .collect();
        if !absent.is_empty() {
            let names: Vec<_> = absent.iter().map(ToString::to_string).collect();
            return Judged::Incomplete(format!(
                "{} never occurred in {}",
                names.join(", "),
                so_many(self.seeds)
            ));
        }
        if let Some(sentence) = self.idle(scenario) {
            return Judged::Incomplete(sentence);
        }
        Judged::AsExpected
    }

    /// The faults, operator actions and planted bug that a scenario relies on and that struck
    /// nothing in any seed.
    pub fn missed(&self, scenario: &Scenario) -> Vec<FaultSource> {
        let impacts = self.impacts.iter();
        impacts
            .filter(|(source, impact)| impact.is_void() && scenario.has_to_strike(**source))
            .map(|(source, _)| *source)
            .collect()
    }

    /// The kinds of random fault, and the random actions, that never began in any seed.
    pub fn never_began(&self) -> Vec<FaultSource> {
        let impacts = self.impacts.iter().filter(|(_, impact)| impact.began == 0);
        let sources = impacts.map(|(source, _)| *source);
        sources
            .filter(|source| {
                matches!(
                    source,
                    FaultSource::Random(_) | FaultSource::RandomAction(_)
                )
            })
            .collect()
    }

    /// The checks that a scenario switches off, and that would have had nothing to evaluate in
    /// any seed.
    pub fn needless<'a>(&'a self, scenario: &'a Scenario) -> impl Iterator<Item = &'a str> {
        let without = scenario.check.without.iter().map(String::as_str);
        without.filter(|name| !self.switched_off.contains(name))
    }

    /// The bug that a scenario plants, and what it did in all seeds.
    fn planted<'a>(&self, scenario: &'a Scenario) -> Option<(&'a str, Impact)> {
        let impact = self.impacts.get(&FaultSource::Planted);
        let bug = scenario.selftest.planted.as_deref()?;
        Some((bug, impact.cloned().unwrap_or_default()))
    }

    /// Why the bug that is planted proves nothing: it never acted, or nobody saw it.
    fn idle_bug(&self, scenario: &Scenario) -> Option<String> {
        let (bug, impact) = self.planted(scenario)?;
        let (told, seeds) = (impact.told(FaultSource::Planted), so_many(self.seeds));
        if impact.is_void() {
            return Some(format!("the planted bug {bug} {told} in {seeds}"));
        }
        let is_unseen = self.failed.is_empty();
        is_unseen.then(|| format!("the planted bug {bug} {told} and showed in no check in {seeds}"))
    }

    /// What a scenario names that did nothing in all seeds.
    fn idle(&self, scenario: &Scenario) -> Option<String> {
        let missed: Vec<_> = self
            .missed(scenario)
            .into_iter()
            .filter(|source| *source != FaultSource::Planted)
            .map(|source| {
                let (key, what) = (key_of(&place_of(source)), scenario.source_told(source));
                format!("{key} ({what}) {}", self.impacts[&source])
            })
            .collect();
        if !missed.is_empty() {
            return Some(format!(
                "{} in {}; change it, or allow it with may_miss = true",
                missed.join(", "),
                so_many(self.seeds)
            ));
        }
        if let Some(sentence) = self.idle_bug(scenario) {
            return Some(sentence);
        }
        // Fewer seeds may end before what is judged last.
        let check = &scenario.check;
        let idle = check.may_violate.iter();
        let idle = idle
            .filter(|_| self.seeds >= check.seeds)
            .find(|name| !self.evaluated.contains(name.as_str()))?;
        Some(format!(
            "{idle}, which may fail, had nothing to evaluate in {}",
            so_many(self.seeds)
        ))
    }
}

fn so_many(seeds: u64) -> String {
    format!("{seeds} seed{}", if seeds == 1 { "" } else { "s" })
}

fn few(seeds: &[u64]) -> String {
    let first: Vec<_> = seeds.iter().take(3).map(ToString::to_string).collect();
    match (seeds.len(), seeds.len() > 3) {
        (1, _) => format!("seed {}", first[0]),
        (count, true) => format!("{count} seeds ({}, ...)", first.join(", ")),
        (_, false) => format!("seeds {}", first.join(", ")),
    }
}
