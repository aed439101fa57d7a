//! The first run that showed each bug, shrunk and replayed from its repro.

use super::Measured;
use crate::cli::{Exit, shrink};
use crate::decision::Plan;
use crate::reporters::Shrunken;
use crate::repro::Repro;
use crate::search::{ShrinkError, Shrinking, Signature, save_found};
use crate::system::PlantedBug;
use crate::world::{Outcome, RunOptions, Shown};

impl Measured<'_> {
    /// What is left of the first run that showed a bug; nothing where none did, or
    /// nobody asked.
    pub(super) fn shrunken(&self, bug: &PlantedBug) -> Result<Option<Shrunken>, Exit> {
        let options = self.options;
        let shown = self.shown.get(bug).filter(|_| options.shrink);
        let Some((scenario, seed)) = shown.filter(|_| self.interrupt.exit().is_none()) else {
            return Ok(None);
        };
        let outcome = self.runner.run(scenario, *seed, RunOptions::default());
        let outcome = outcome.map_err(|error| Exit::usage(error.message))?;
        if outcome.stopped {
            return Ok(None);
        }
        let mut violations = outcome.violations.iter();
        let violation = violations.find(|violation| scenario.known_finding(violation).is_none());
        let signature = Signature::of(violation.expect("a run that showed the bug fails again"));
        let shrinking = Shrinking {
            runner: self.runner,
            scenario,
            seed: *seed,
            plan: &Plan::default(),
            signature: Some(&signature),
            threads: options.manner.pace.threads(),
            stop: &self.interrupt.within(options.shrink_for),
        };
        let folder = options.out.as_ref();
        let small = folder.map(|folder| folder.join(format!("{bug}.small.repro.toml")));
        let shrunk =
            shrink::shrink_visibly(&shrinking, small.as_deref(), options.manner.pace.quiet);
        let shrunk = match shrunk {
            Err(ShrinkError::Stopped) => return Ok(None),
            shrunk => shrunk.map_err(|error| Exit::usage(format!("{bug}: {error}")))?,
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
    fn replayed(&self, repro: &Repro, signature: &Signature) -> Result<Replayed, Exit> {
        let repro = Repro::parse("repro", &repro.to_text())?;
        let options = RunOptions {
            plan: repro.plan().map_err(|(_, message)| Exit::usage(message))?,
            trace: Some(Shown::Telling),
            ..RunOptions::default()
        };
        let outcome = self.runner.run(&repro.scenario, repro.seed, options);
        let outcome = outcome.map_err(|error| Exit::usage(error.message))?;
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
