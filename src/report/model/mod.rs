//! What is said of a search through every schedule.

mod bounds;
mod checks;

use serde::{Deserialize, Serialize};

use super::ViolationReport;
use super::nothing_proved::{incomplete, unseen_bug};
use crate::check::OMNISIM;
use crate::explore::{Explored, Scheduled};
use crate::repro::digest_text;
use crate::scenario::Scenario;
use crate::world::Verdict;

/// The layout of reports of searches; raised when a field means something else than before.
const SCHEMA: u64 = 1;

/// A search through every schedule: the object that `model --format json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelReport {
    /// The layout of this object.
    pub schema: u64,
    /// The scenario's name.
    pub scenario: String,
    /// What may happen, and how often, in words.
    pub bounds: String,
    /// The run with which every schedule begins.
    pub from: Option<From>,
    /// `pass`, `violation` or `unknown`.
    pub verdict: Verdict,
    /// Whether every schedule within the bounds was taken, and nothing is broken.
    pub complete: bool,
    /// Steps taken.
    pub states: u64,
    /// Different states.
    pub unique_states: u64,
    /// The longest schedule, in steps.
    pub depth: u64,
    /// Random walks; nothing where every schedule is taken.
    pub walks: Option<u64>,
    /// About how much memory was kept.
    pub bytes: u64,
    /// How the search was reduced.
    pub reductions: Vec<String>,
    /// What was left out in vain.
    pub needless: Needless,
    /// The bug that is planted, and how often it acted.
    pub planted: Option<Planted>,
    /// What ended it before every schedule was taken.
    pub stopped_by: Option<String>,
    /// Whether it would have taken too long to say of some history whether it is linearizable.
    pub undecided: bool,
    /// What had to happen in some schedule, and did not.
    pub missing: Vec<String>,
    /// Why it proves nothing although nothing is broken, if that is so.
    pub nothing_proved: Option<String>,
    /// The checks of which the scenario says that one fails.
    pub expected: Vec<String>,
    /// What holds in every state, and what happens in some.
    pub properties: Vec<Property>,
    /// What was broken first.
    pub violation: Option<ViolationReport>,
    /// The way there, in words.
    pub schedule: Vec<String>,
    /// The same, as a repro file has it.
    pub actions: Vec<String>,
    /// The digest of all that could be seen on the way.
    pub digest: Option<String>,
    /// States of replicas were wrongly taken for the same: nothing found is certain.
    pub flaw: Option<String>,
    /// Different states of single replicas.
    pub replica_states: u64,
    /// Different steps between them.
    pub replica_steps: u64,
    /// Different histories of the clients.
    pub histories: u64,
    /// States at rest that were settled, if the scenario asks for it.
    pub settled: Option<u64>,
    /// How long it took, by the wall clock.
    pub wall_ns: u64,
    /// The repro file of the schedule.
    pub repro: Option<String>,
    /// The command that replays it.
    pub replay: Option<String>,
}

/// The moment of a run with which schedules begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct From {
    /// The seed of the run.
    pub seed: u64,
    /// When it is halted.
    pub until_ns: u64,
}

/// What was left out in vain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needless {
    /// Reductions that would have reduced nothing.
    pub reductions: Vec<String>,
    /// Checks that no state would have been put to.
    pub checks: Vec<String>,
}

/// The bug that is planted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// Which.
    pub bug: String,
    /// How often it acted, in steps of single replicas that differ.
    pub deviations: u64,
}

/// What holds in every state, or happens in some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// A check, or something that can happen.
    pub name: String,
    /// Which of both.
    pub kind: PropertyKind,
    /// Whether it holds, or happens.
    pub holds: bool,
}

/// What is said of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PropertyKind {
    /// It holds in every state.
    Always,
    /// It happens in some.
    Sometimes,
}

impl ModelReport {
    /// The report of a search: what ended it, how long it took and how to see what it found again
    /// is for the caller to add, who knows.
    pub fn of(scenario: &Scenario, explored: &Explored) -> Self {
        let model = scenario.model.as_ref();
        let settles = explored.settled.is_some();
        let progress = explored.progress;
        let violation = explored
            .violation
            .as_ref()
            .map(|violation| ViolationReport {
                in_contract: None,
                expected: model.is_some_and(|model| model.expects(violation.check)),
                ..ViolationReport::of(scenario, violation, false)
            });
        let mut report = Self {
            schema: SCHEMA,
            scenario: scenario.name.clone(),
            bounds: bounds::bounds(scenario),
            from: model
                .and_then(|model| model.from.as_ref())
                .map(|from| From {
                    seed: from.seed,
                    until_ns: from.until.as_nanos(),
                }),
            verdict: Verdict::Unknown,
            complete: explored.violation.is_none() && explored.complete,
            states: progress.states,
            unique_states: progress.unique_states,
            depth: progress.depth,
            walks: progress.walks,
            bytes: progress.bytes,
            reductions: names(explored.reductions.iter().map(|one| one.name())),
            needless: Needless {
                reductions: names(explored.needless.iter().map(|one| one.name())),
                checks: checks::needless(scenario, settles),
            },
            planted: scenario.selftest.planted.clone().map(|bug| Planted {
                bug,
                deviations: explored.deviations,
            }),
            stopped_by: None,
            undecided: explored.undecided,
            missing: names(explored.missing.iter().map(|one| one.name())),
            nothing_proved: nothing_proved(scenario, explored),
            expected: model.map_or_else(Vec::new, |model| model.violates.clone()),
            properties: properties(scenario, explored, settles),
            violation,
            schedule: lines(&explored.schedule, |step| &step.words),
            actions: lines(&explored.schedule, |step| &step.line),
            digest: explored
                .violation
                .as_ref()
                .map(|_| digest_text(explored.digest)),
            flaw: explored.flaw.clone(),
            replica_states: explored.replica_states.0 as u64,
            replica_steps: explored.replica_states.1 as u64,
            histories: explored.histories as u64,
            settled: explored.settled.map(|settled| settled as u64),
            wall_ns: 0,
            repro: None,
            replay: None,
        };
        report.verdict = report.judged();
        report
    }

    fn judged(&self) -> Verdict {
        match &self.violation {
            Some(violation) if violation.check == OMNISIM => Verdict::Unknown,
            Some(_) => Verdict::Violation,
            None if self.complete && self.nothing_proved.is_none() => Verdict::Pass,
            None => Verdict::Unknown,
        }
    }

    /// How it ends.
    pub fn end(&self) -> ModelEnd {
        match &self.violation {
            Some(violation) if violation.check == OMNISIM => ModelEnd::OwnPanic,
            Some(violation) if violation.expected => ModelEnd::AsExpected,
            Some(_) => ModelEnd::Violation,
            None if !self.complete => ModelEnd::Incomplete,
            None if !self.expected.is_empty() => ModelEnd::Missed,
            None if self.nothing_proved.is_some() => ModelEnd::Incomplete,
            None => ModelEnd::AsExpected,
        }
    }

    /// That what the scenario expects never came, and why, as far as that is known.
    pub fn missed(&self) -> Option<String> {
        let planted = self.planted.as_ref().and(self.nothing_proved.as_ref());
        let why = planted.map_or_else(String::new, |why| format!("; {why}"));
        let checks = self.expected.join(" or ");
        let is_missed = self.end() == ModelEnd::Missed;
        is_missed.then(|| format!("no schedule violates {checks}, as the scenario expects{why}"))
    }
}

/// How a search ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelEnd {
    /// As the scenario says.
    AsExpected,
    /// With a violation that nobody said comes.
    Violation,
    /// Without the one that has to come.
    Missed,
    /// Nobody knows, or too little happened.
    Incomplete,
    /// Omnisim itself panicked.
    OwnPanic,
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_owned).collect()
}

fn lines(schedule: &[Scheduled], line: fn(&Scheduled) -> &String) -> Vec<String> {
    schedule.iter().map(|step| line(step).clone()).collect()
}

/// What never happened, or that the planted bug was not seen.
fn nothing_proved(scenario: &Scenario, explored: &Explored) -> Option<String> {
    if explored.violation.is_some() {
        return None;
    }
    let model = scenario.model.as_ref()?;
    if !explored.missing.is_empty() {
        return Some(incomplete(model, explored));
    }
    unseen_bug(scenario, explored)
}

fn properties(scenario: &Scenario, explored: &Explored, settles: bool) -> Vec<Property> {
    let broken = explored.violation.as_ref().map(|violation| violation.check);
    let property = |name: &str, kind, holds| Property {
        name: name.to_owned(),
        kind,
        holds,
    };
    let always = checks::put(scenario, settles);
    let always = always.map(|name| property(name, PropertyKind::Always, broken != Some(name)));
    let sometimes = explored.reached.all();
    let sometimes = sometimes.map(|(name, holds)| property(name, PropertyKind::Sometimes, holds));
    always.chain(sometimes).collect()
}

#[cfg(test)]
mod tests;
