//! The first run that showed each bug, shrunk and replayed from its repro.

use super::Measured;
use crate::decision::Plan;
use crate::report::Shrunken;
use crate::repro::Repro;
use crate::search::{
    Replayed, SearchError, ShrinkError, Shrinking, Signature, Wanted, replay, save_found,
    shrink_kept,
};
use crate::system::PlantedBug;
use crate::world::{RunOptions, Shown};

impl Measured<'_> {
    /// What is left of the first run that showed a bug; nothing where none did, or
    /// nobody asked.
    pub(super) fn shrunken(&mut self, bug: &PlantedBug) -> Result<Option<Shrunken>, SearchError> {
        let plan = self.plan;
        let shown = self.shown.get(bug).filter(|_| !(plan.around.is_ending)());
        let (Some((scenario, seed)), Some(budget)) = (shown, plan.shrink_for) else {
            return Ok(None);
        };
        let outcome = self.plan.runner.run(scenario, *seed, RunOptions::default());
        let outcome = outcome.map_err(|error| SearchError::Input(error.message))?;
        if outcome.stopped {
            return Ok(None);
        }
        let mut violations = outcome.violations.iter();
        let violation = violations.find(|violation| scenario.known_finding(violation).is_none());
        let signature = Signature::of(violation.expect("a run that showed the bug fails again"));
        let shrinking = Shrinking {
            runner: plan.runner,
            scenario,
            seed: *seed,
            plan: &Plan::default(),
            wanted: Wanted::Signature(&signature),
            threads: plan.threads,
            stop: &(plan.around.within)(budget),
        };
        let small = plan
            .out
            .map(|folder| folder.join(format!("{bug}.small.repro.toml")));
        self.listener.begins(None);
        let listener = &mut *self.listener;
        let clock = plan.around.clock;
        let shrunk = shrink_kept(&shrinking, small.as_deref(), clock, &mut |told| {
            listener.step(told);
        });
        self.listener.ends();
        let shrunk = match shrunk {
            Err(ShrinkError::Stopped) => return Ok(None),
            shrunk => shrunk.map_err(|error| SearchError::Input(format!("{bug}: {error}")))?,
        };
        if let Some(small) = small {
            save_found(&small, &shrunk.after)?;
        }
        let as_it_was = self.replayed(&Repro::of(scenario, &outcome), &signature)?;
        let small = self.replayed(&shrunk.after.repro(), &signature)?;
        Ok(Some(Shrunken {
            faults: shrunk.after.faults(),
            operations: shrunk.after.operations(),
            replicas: shrunk.after.scenario.cluster.replicas,
            events_before: shrunk.before.outcome.events,
            events: shrunk.after.outcome.events,
            trace_lines: small.trace_lines,
            runs: shrunk.runs,
            complete: shrunk.complete,
            replays: as_it_was.is_same && small.is_same,
        }))
    }

    /// Runs a repro again, from its file's text alone.
    fn replayed(&self, repro: &Repro, signature: &Signature) -> Result<Again, SearchError> {
        let repro = Repro::parse("repro", &repro.to_text())?;
        let options = RunOptions {
            trace: Some(Shown::Telling),
            ..RunOptions::default()
        };
        let replayed = replay(self.plan.runner, &repro, options)
            .map_err(|error| SearchError::Input(error.to_string()))?;
        let mut signatures = replayed.violations().iter().map(Signature::of);
        let is_same = repro.has_digest(replayed.digest()) == Some(true)
            && signatures.any(|shown| shown == *signature);
        let Replayed::Run(outcome) = replayed else {
            unreachable!("it is the repro of a run");
        };
        let trace_lines = outcome.trace.len() as u64;
        Ok(Again {
            trace_lines,
            is_same,
        })
    }
}

/// What came when a repro was taken again.
struct Again {
    trace_lines: u64,
    /// Whether every step was the same, and the violation.
    is_same: bool,
}
