//! What the runs of one scenario come to.

use std::path::Path;

use crate::nemesis::FaultSource;
use crate::report::{Ended, Judged, RunReport, ScenarioReport, Surprise, Totals, scripted};
use crate::repro::Source;
use crate::scenario::{Scenario, key_of, line_of, place_of};
use crate::search::ScenarioTally;
use crate::world::{Outcome, Verdict};

/// How many seeds that fail alike are kept: more show nothing new, and each can be run again.
const KEPT_OF_A_KIND: usize = 5;

/// One scenario so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) tally: ScenarioTally,
    totals: Totals,
    surprises: Vec<Surprise>,
    twice: u64,
    diverged: Vec<u64>,
}

impl Ledger {
    /// Adds what a run did.
    pub(super) fn count(&mut self, outcome: &Outcome, wall_ns: u64) {
        let totals = &mut self.totals;
        totals.operations += outcome.operations.ok;
        totals.faults += outcome.faults.values().sum::<u64>();
        totals.leader_changes += outcome.leader_changes;
        totals.simulated_ns += outcome.ended.as_nanos();
        totals.wall_ns += wall_ns;
        let timeout = outcome.election_timeout.as_nanos().max(1);
        let tenths = outcome.unavailability.as_nanos().saturating_mul(10);
        let rounded = tenths.saturating_add(timeout / 2) / timeout;
        totals.unavailability_tenths = totals.unavailability_tenths.max(rounded);
    }

    /// A seed was run twice, and differed or did not.
    pub(super) fn ran_twice(&mut self, seed: u64, differs: bool) {
        self.twice += 1;
        if differs {
            self.diverged.push(seed);
        }
    }

    /// Notes a run that is not as expected; whether it is to be kept, in this file.
    pub(super) fn note(&mut self, run: &RunReport, path: &Path) -> bool {
        let Some((kind, message)) = run.surprise() else {
            return false;
        };
        let place = self.surprises.iter().position(|one| one.kind == kind);
        let place = place.unwrap_or_else(|| {
            self.surprises.push(Surprise {
                kind,
                message,
                ..Surprise::default()
            });
            self.surprises.len() - 1
        });
        let surprise = &mut self.surprises[place];
        surprise.seeds.push(run.seed);
        let is_kept = surprise.repros.len() < KEPT_OF_A_KIND;
        if is_kept {
            surprise.repros.push(path.display().to_string());
        }
        is_kept
    }

    /// How the only run of a scenario compares with what the scenario says.
    pub(super) fn alone(&self, scenario: &Scenario, run: &RunReport) -> Ended {
        if run.ended == Ended::Unexpected || run.verdict == Verdict::Unknown {
            return run.ended;
        }
        match self.tally.judge(scenario) {
            Judged::AsExpected => Ended::AsExpected,
            Judged::NotAsExpected(_) => Ended::Missed,
            Judged::Incomplete(_) => Ended::Incomplete,
        }
    }

    /// All of it.
    pub(super) fn report(&self, source: &Source, folder: &Path) -> ScenarioReport {
        let (tally, scenario) = (&self.tally, &source.scenario);
        let judged = tally.judge(scenario);
        let missed = match judged {
            Judged::Incomplete(_) => missed(tally, source),
            Judged::AsExpected | Judged::NotAsExpected(_) => Vec::new(),
        };
        let mut surprises = self.surprises.clone();
        surprises.sort_by_key(|one| std::cmp::Reverse(one.seeds.len()));
        let expected = tally.failed.iter();
        let expected = expected.filter(|(name, _)| scenario.check.expects(name));
        let seen = expected.chain(&tally.known);
        let mut scripted = scripted(scenario, &tally.impacts);
        let planted = key_of(&place_of(FaultSource::Planted));
        let planted = scripted.iter().position(|one| one.key == planted);
        let planted = planted.map(|place| scripted.remove(place));
        let keys = |sources: Vec<FaultSource>| {
            let keys = sources.into_iter().map(|source| key_of(&place_of(source)));
            keys.collect()
        };
        ScenarioReport {
            scenario: scenario.name.clone(),
            file: source.path.display().to_string(),
            seeds: tally.seeds,
            judged,
            surprises,
            seen: seen
                .map(|(name, seeds)| (name.clone(), seeds.clone()))
                .collect(),
            known: tally.known.clone(),
            scripted,
            planted,
            never_began: keys(tally.never_began()),
            needless: tally.needless(scenario).map(str::to_owned).collect(),
            missed,
            twice: self.twice,
            diverged: self.diverged.clone(),
            folder: folder.display().to_string(),
            totals: self.totals.clone(),
        }
    }
}

/// The lines of the file that bring what struck nothing.
fn missed(tally: &ScenarioTally, source: &Source) -> Vec<String> {
    let missed = tally.missed(&source.scenario).into_iter();
    let told = missed.filter_map(|missed| {
        let place = place_of(missed);
        let line = line_of(&source.text, &place)?;
        let (path, key) = (source.path.display(), key_of(&place));
        Some(format!(
            "{path}:{line}: {key} {}",
            tally.impacts[&missed].told(missed)
        ))
    });
    told.collect()
}
