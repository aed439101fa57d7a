//! Tries candidates: does the same violation still come?
//!
//! The search for a linearization can be far dearer than the run that it judges. It is left out
//! where the violation is another check's. Where it is its own, a candidate's search has little
//! more than the best one's took: a smaller history that is still a violation rarely takes more,
//! and to find that a candidate is none need not be finished.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use knossos::StopFlag;

use super::asked::{ShrinkError, Shrinking};
use super::keeping::keeping;
use super::signature::Signature;
use crate::check::Level;
use crate::decision::{Kept, Plan, Site};
use crate::scenario::Scenario;
use crate::search::{Job, ReplayError, Runner, run_all};
use crate::system::Thoroughness;
use crate::units::KeyError;
use crate::world::{Outcome, RunOptions};

/// A run to try.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) scenario: Scenario,
    pub(super) plan: Plan,
}

/// Faults and operations, replicas, choices, time: smaller in this order is simpler.
pub(super) type Size = (u64, u64, usize, u64);

/// A run that fails as wanted.
#[derive(Clone, Debug)]
pub struct Found {
    /// What was run.
    pub scenario: Scenario,
    /// Its decisions.
    pub plan: Plan,
    /// The result.
    pub outcome: Outcome,
}

impl Found {
    /// How large it is.
    pub(super) fn size(&self) -> Size {
        (
            self.faults() + self.operations(),
            self.scenario.cluster.replicas,
            self.outcome.decisions.len(),
            self.outcome.ended.as_nanos(),
        )
    }

    /// How many faults began.
    pub fn faults(&self) -> u64 {
        self.outcome.faults.values().sum()
    }

    /// How many operations clients issued.
    pub fn operations(&self) -> u64 {
        let operations = self.outcome.operations;
        operations.ok + operations.fail + operations.info
    }
}

/// Another violation than the one that is shrunk.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Which.
    pub signature: Signature,
    /// The run that showed it first.
    pub found: Found,
}

/// What the search of a candidate may cost in any case, in steps.
const SEARCH_STEPS_LEAST: u64 = 20_000;

pub(super) struct Bench<'a> {
    shrinking: &'a Shrinking<'a>,
    signature: Signature,
    best: Found,
    slips: BTreeMap<Signature, Found>,
    runs: u64,
    /// Candidates that were considered, one after the other, however many run at once.
    considered: u64,
    rival: Option<Rival>,
    progress: &'a mut dyn FnMut(&Found, u64),
}

/// Where another way of shrinking the same run ended.
struct Rival {
    size: Size,
    /// What will have been considered when it is given up to catch up.
    patience: u64,
}

impl<'a> Bench<'a> {
    /// What runs the candidates.
    pub(super) fn runner(&self) -> &'static dyn Runner {
        self.shrinking.runner
    }

    /// Runs the start, which has to fail.
    pub(super) fn new(
        shrinking: &'a Shrinking<'a>,
        start: Candidate,
        progress: &'a mut dyn FnMut(&Found, u64),
    ) -> Result<Self, ShrinkError> {
        let trial = Trial {
            runner: shrinking.runner,
            seed: shrinking.seed,
            candidate: start,
            linearizability: Thoroughness::Explained,
            stop: shrinking.stop,
        };
        let outcome = trial.run().map_err(ReplayError::Unsuited)?;
        if outcome.stopped {
            return Err(ShrinkError::Stopped);
        }
        let signature = shrinking.wanted.of(&outcome.violations, "run")?;
        let Candidate { scenario, plan } = trial.candidate;
        let mut bench = Self {
            shrinking,
            signature,
            best: Found {
                scenario,
                plan,
                outcome,
            },
            slips: BTreeMap::new(),
            runs: 1,
            considered: 0,
            rival: None,
            progress,
        };
        bench.bound_search();
        Ok(bench)
    }

    /// Whether the violation that has to stay is that of the search for a linearization.
    fn asks_the_search(&self) -> bool {
        Level::is_check(&self.signature.check)
    }

    /// From now on searches may cost little more than that of the best did.
    fn bound_search(&mut self) {
        if self.asks_the_search() {
            let search = self.best.outcome.search;
            let enough = search.steps.saturating_mul(2).max(SEARCH_STEPS_LEAST);
            self.best.scenario.check.search_steps = Some(enough.min(search.budget));
        }
    }

    /// The run that was left, judged in full, as a replay will.
    pub(super) fn in_full(&mut self) -> Found {
        let trial = self.trial(Candidate {
            scenario: self.best.scenario.clone(),
            plan: self.best.plan.clone(),
        });
        // Time may be over by now, and a run that is stopped in the middle shows nothing.
        let in_full = Trial {
            linearizability: Thoroughness::Explained,
            stop: &Arc::new(AtomicBool::new(false)),
            ..trial
        };
        if let Ok(outcome) = in_full.run() {
            self.best.outcome = outcome;
        }
        self.best.clone()
    }

    fn trial(&self, candidate: Candidate) -> Trial<'a> {
        Trial {
            runner: self.shrinking.runner,
            seed: self.shrinking.seed,
            candidate,
            stop: self.shrinking.stop,
            linearizability: match &self.signature.finding {
                _ if !self.asks_the_search() => Thoroughness::LeftOut,
                None => Thoroughness::Decided,
                // A finding is recognised by the cause of the violation.
                Some(_) => Thoroughness::Explained,
            },
        }
    }

    pub(super) fn signature(&self) -> &Signature {
        &self.signature
    }

    pub(super) fn best(&self) -> &Found {
        &self.best
    }

    /// Goes on from another run; gives the one before.
    pub(super) fn replace_best(&mut self, best: Found) -> Found {
        std::mem::replace(&mut self.best, best)
    }

    /// Goes on from the start for as long as it took to come to the best, or until that is
    /// caught up with. Gives the best.
    pub(super) fn race_from(&mut self, start: Found) -> Found {
        let best = self.replace_best(start);
        self.rival = Some(Rival {
            size: best.size(),
            patience: 2 * self.considered,
        });
        best
    }

    /// Whether the rival was smaller for too long.
    pub(super) fn is_beaten(&self) -> bool {
        let rival = self.rival.as_ref();
        rival.is_some_and(|rival| self.considered > rival.patience && self.best.size() > rival.size)
    }

    pub(super) fn runs(&self) -> u64 {
        self.runs
    }

    pub(super) fn threads(&self) -> usize {
        self.shrinking.threads.max(1)
    }

    pub(super) fn into_slips(self) -> Vec<Slip> {
        let slips = self.slips.into_iter();
        slips
            .map(|(signature, found)| Slip { signature, found })
            .collect()
    }

    /// Whether to end with what there is.
    pub(super) fn is_stopped(&self) -> bool {
        let stop = self.shrinking.stop;
        stop.load(std::sync::atomic::Ordering::Relaxed) || self.is_beaten()
    }

    /// From now on exactly what was answered other than boring is kept.
    pub(super) fn adopt_recorded(&mut self) {
        let recorded = self.best.outcome.decisions.iter();
        let sites: Vec<Site> = recorded.map(|answered| answered.site.clone()).collect();
        let plan = keeping(sites, &self.best.plan);
        debug_assert!(matches!(plan.kept, Kept::Only(_)));
        self.best.plan = plan;
    }

    /// The decisions that shrinking began with.
    pub(super) fn seeded_plan(&self) -> Plan {
        self.shrinking.plan.clone()
    }

    /// Tries the candidates in order, several at a time; the first of them that
    /// fails as wanted and is no larger becomes the best. Gives its place.
    pub(super) fn first(&mut self, candidates: Vec<Candidate>) -> Option<usize> {
        let most = self.best.size();
        self.first_up_to(Some(most), candidates)
    }

    /// The same, but the best may become larger.
    pub(super) fn first_of_any_size(&mut self, candidates: Vec<Candidate>) -> Option<usize> {
        self.first_up_to(None, candidates)
    }

    fn first_up_to(&mut self, most: Option<Size>, candidates: Vec<Candidate>) -> Option<usize> {
        let mut rest = candidates.into_iter();
        let mut tried = 0;
        while !self.is_stopped() {
            let next = rest.by_ref().take(self.threads());
            let trials: Vec<Trial<'a>> = next.map(|candidate| self.trial(candidate)).collect();
            if trials.is_empty() {
                return None;
            }
            let outcomes = self.run_batch(&trials);
            let won = trials.into_iter().zip(outcomes).enumerate();
            for (place, (trial, outcome)) in won {
                // As if one ran at a time: where it ends must not depend on how many do.
                if self.is_beaten() {
                    return None;
                }
                self.considered += 1;
                let Some(outcome) = outcome else { continue };
                let found = Found {
                    scenario: trial.candidate.scenario,
                    plan: trial.candidate.plan,
                    outcome,
                };
                if self.is_wanted(&found) && most.is_none_or(|most| found.size() <= most) {
                    self.best = found;
                    self.adopt_recorded();
                    self.bound_search();
                    (self.progress)(&self.best, self.runs);
                    return Some(tried + place);
                }
            }
            tried += self.threads();
        }
        None
    }

    fn run_batch(&mut self, trials: &[Trial<'_>]) -> Vec<Option<Outcome>> {
        let mut outcomes = vec![None; trials.len()];
        run_all(
            trials,
            self.threads(),
            self.shrinking.stop,
            |place, done| {
                // A scenario that does not suit the system is no candidate, and what was
                // stopped shows nothing.
                outcomes[place] = done.ok().filter(|outcome| !outcome.stopped);
            },
        );
        self.runs += outcomes.iter().flatten().count() as u64;
        outcomes
    }

    /// Whether the wanted violation came; another one is put aside.
    fn is_wanted(&mut self, found: &Found) -> bool {
        let signatures = Signature::all(&found.outcome);
        if signatures.contains(&self.signature) {
            return true;
        }
        for signature in signatures {
            if signature.finding.is_none() {
                self.slips.entry(signature).or_insert_with(|| found.clone());
            }
        }
        false
    }
}

/// One candidate on its way to a thread.
struct Trial<'a> {
    runner: &'static dyn Runner,
    seed: u64,
    candidate: Candidate,
    linearizability: Thoroughness,
    stop: &'a Arc<AtomicBool>,
}

impl Job for Trial<'_> {
    type Output = Result<Outcome, KeyError>;

    fn run(&self) -> Self::Output {
        let options = RunOptions {
            plan: self.candidate.plan.clone(),
            record_decisions: true,
            linearizability: self.linearizability,
            stop: Some(StopFlag::sharing(Arc::clone(self.stop))),
            ..RunOptions::default()
        };
        self.runner
            .run(&self.candidate.scenario, self.seed, options)
    }
}
