//! The end of a run: it is judged, and what is left of it is gathered.

use std::collections::BTreeMap;

use serde_json::json;
use simulated_clock::Instant;

use super::outcome::{Latencies, Operations, Outcome, Verdict};
use super::{Stage, World};
use crate::check::{Class, Evaluated, Violation};
use crate::nemesis::FaultKind;
use crate::replica::caught;
use crate::system::{Contract, EndOfRun, Judgement, RecordOf, System};

impl<S: System> World<'_, S> {
    /// Judges the run and takes what is left of it.
    pub(super) fn into_outcome(mut self) -> Outcome {
        let ended = self.agenda.now();
        self.take_stock_of_all();
        self.take_stock_of_active();
        let mut judgement = Judgement {
            checks: self.checks.results(),
            ..Judgement::default()
        };
        let caught = self.violation.take();
        let is_panic = caught
            .as_ref()
            .is_some_and(|violation| violation.class == Class::Panic);
        let handlers = self.processes.iter().map(|process| process.handlers).sum();
        judgement.checks.push(Evaluated::of("panic", handlers));
        judgement.violations.extend(caught);
        if let Some(spent) = self.spending.spent.take() {
            judgement.unknown = true;
            judgement.remarks.push(spent);
        }
        judgement.checks.push(self.spending.evaluated());
        // What omnisim itself broke off says nothing; nor does what nobody waits for.
        let is_own = judgement.violations.iter().any(Violation::is_own);
        if !is_own && !self.stopped && !self.watcher.is_done() {
            self.watcher
                .announce(ended, "the history is judged by the model");
            let is_settled = self.ended && !is_panic && judgement.violations.is_empty();
            self.judge(ended, is_settled, &mut judgement);
        }
        for violation in &mut judgement.violations {
            violation.finding = S::INFO.finding_in(violation);
        }
        judgement.leave_out(&self.scenario.check.without);
        judgement.remarks.extend(self.never_asked());
        self.outcome(ended, judgement)
    }

    /// Judges what only the end shows; whether the system works again only if it is asked.
    fn judge(&mut self, ended: Instant, is_settled: bool, judgement: &mut Judgement) {
        let settled = match self.stage {
            Stage::Settle { began, ends } if is_settled => Some((began, ends)),
            _ => None,
        };
        let run = EndOfRun {
            scenario: self.scenario,
            profile: &self.setup.profile,
            ended,
            events: self.digest.steps(),
            history: &self.history,
            checks: &self.checks,
            leaders: &self.leaders,
            leader: self.tally.leader,
            acknowledged: self.tally.acknowledged,
            core: &self.core,
            settled,
            is_up: &|replica| self.processes[replica as usize - 1].is_up(),
            target_of: &|request| {
                let client = &self.clients[request.client as usize - 1];
                client.target_of(request.sequence)
            },
            thoroughness: self.linearizability,
            stop: self.stop.clone(),
        };
        self.judges.judge(&run, judgement);
    }

    /// What the plan says of sites that this run did not come to.
    fn never_asked(&self) -> Option<String> {
        let unasked = self.decisions.unasked();
        if unasked.is_empty() || self.cut_short {
            return None;
        }
        let first: Vec<_> = unasked.iter().take(3).map(ToString::to_string).collect();
        let more = match unasked.len() - first.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "what [decisions] says of {}{more} changed nothing: it was never asked",
            first.join(", ")
        ))
    }

    fn contract(&self) -> Contract {
        let lies = |kind| self.tally.faults.contains_key(&kind);
        Contract {
            links: self.scenario.network.contract,
            disks: self.scenario.disk.contract,
            clocks_bounded: !lies(FaultKind::ClockStep) && !lies(FaultKind::ClockLie),
        }
    }

    fn outcome(mut self, ended: Instant, judgement: Judgement) -> Outcome {
        let stopped = self.stopped || judgement.stopped;
        let mut broken = judgement.violations.iter();
        let verdict = if broken.any(|violation| !violation.is_own()) {
            Verdict::Violation
        } else if judgement.unknown || stopped || !judgement.violations.is_empty() {
            Verdict::Unknown
        } else {
            Verdict::Pass
        };
        let completed = self
            .history
            .iter()
            .filter(|record| record.completion.is_some())
            .count() as u64;
        let contract = self.contract();
        let trace = caught(|| self.finish_trace(&judgement.violations));
        let trace = trace.unwrap_or_default();
        let keeps_history = self.keep_history || verdict != Verdict::Pass;
        let unavailability = self.availability.longest(ended);
        let excerpt = judgement
            .excerpt
            .iter()
            .map(|place| line_of::<S>(&self.history[*place]));
        let excerpt = excerpt.collect();
        let decisions = self.decisions.recorded().to_vec();
        let (steps, divergence) = self.watcher.finish();
        let occurrences: BTreeMap<_, _> = std::mem::take(&mut self.tally.occurrences);
        Outcome {
            seed: self.decisions.seed(),
            verdict,
            in_contract: contract.satisfies(&S::INFO.assumes),
            violations: judgement.violations,
            contract,
            checks: judgement.checks,
            search: judgement.search,
            levels: judgement.levels,
            remarks: judgement.remarks,
            faults: std::mem::take(&mut self.tally.faults),
            occurrences,
            digest: self.digest.value(),
            events: self.digest.steps(),
            messages: self.network.counts(),
            operations: Operations {
                ok: completed,
                fail: 0,
                info: self.history.len() as u64 - completed,
            },
            decided: self.tally.decided,
            leader_changes: self.tally.leader_changes,
            takeover: self.tally.takeover,
            latencies: Latencies::of(std::mem::take(&mut self.tally.latencies)),
            unavailability,
            election_timeout: self.setup.profile.suspicion,
            ended,
            history: keeps_history.then(|| self.history.iter().map(line_of::<S>).collect()),
            excerpt,
            observations: self.observations,
            decisions,
            steps,
            divergence,
            settled: self.settled.take(),
            impacts: std::mem::take(&mut self.tally.impacts),
            coverage: std::mem::take(&mut self.tally.coverage),
            trace,
            cut_short: self.cut_short || stopped,
            stopped,
            budget: self.spending.budget,
        }
    }
}

/// A line of the history file.
fn line_of<S: System>(record: &RecordOf<S>) -> String {
    let line = caught(|| S::history_line(record).to_string());
    line.unwrap_or_else(|caught| json!({ "panicked": caught.message }).to_string())
}
