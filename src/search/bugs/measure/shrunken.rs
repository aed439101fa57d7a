//! The first run that showed each bug, shrunk and replayed from its repro.

use super::Measured;
use crate::decision::Plan;
use crate::report::Shrunken;
use crate::repro::Repro;
use crate::search::{SearchError, ShrinkError, Shrinking, Signature, save_found, shrink_kept};
use crate::system::PlantedBug;
use crate::world::{Outcome, RunOptions, Shown};

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
            signature: Some(&signature),
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
            trace_lines: small.outcome.trace.len() as u64,
            runs: shrunk.runs,
            complete: shrunk.complete,
            replays: as_it_was.is_same && small.is_same,
        }))
    }

    /// Runs a repro again, from its file's text alone.
    fn replayed(&self, repro: &Repro, signature: &Signature) -> Result<Replayed, SearchError> {
        let repro = Repro::parse("repro", &repro.to_text())?;
        let options = RunOptions {
            plan: repro
                .plan()
                .map_err(|(_, message)| SearchError::Input(message))?,
            trace: Some(Shown::Telling),
            ..RunOptions::default()
        };
        let outcome = self.plan.runner.run(&repro.scenario, repro.seed, options);
        let outcome = outcome.map_err(|error| SearchError::Input(error.message))?;
        let is_same = repro.has_digest(outcome.digest) == Some(true)
            && Signature::all(&outcome).contains(signature);
        Ok(Replayed { outcome, is_same })
    }
}

struct Replayed {
    outcome: Outcome,
    /// Every step, and the violation.
    is_same: bool,
}
