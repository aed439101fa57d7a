//! The end of a run: it is judged, and what is left of it is gathered.

use serde_json::json;
use simulated_clock::Instant;

use super::World;
use super::cluster::Process;
use super::load::Loaded;
use super::outcome::{Outcome, Verdict};
use super::watch::Watched;
use crate::check::{Class, Evaluated, Violation};
use crate::nemesis::FaultKind;
use crate::replica::caught;
use crate::system::{Contract, EndOfRun, Judgement, RecordOf, System};

impl<S: System> World<'_, S> {
    /// Judges the run and takes what is left of it.
    pub(super) fn into_outcome(mut self) -> Outcome {
        let ended = self.agenda.now();
        let (network, cluster, watch) = (&self.network, &self.cluster, &mut self.watch);
        self.faults.take_stock_of_all(network, cluster, watch);
        self.faults.take_stock_of_active(network, cluster, watch);
        let mut judgement = Judgement {
            checks: watch.checks().results(),
            ..Judgement::default()
        };
        let caught = watch.take_violation();
        let is_panic = caught
            .as_ref()
            .is_some_and(|violation| violation.class == Class::Panic);
        let handlers = cluster.iter().map(Process::handlers).sum();
        judgement.checks.push(Evaluated::of("panic", handlers));
        judgement.violations.extend(caught);
        if let Some(spent) = self.spending.spent() {
            judgement.unknown = true;
            judgement.remarks.push(spent.to_owned());
        }
        judgement.checks.push(self.spending.evaluated());
        // What omnisim itself broke off says nothing; nor does what nobody waits for.
        let is_own = judgement.violations.iter().any(Violation::is_own);
        if !is_own && !self.course.was_stopped() && !self.watch.diverged() {
            self.watch
                .announce(ended, "the history is judged by the model");
            let is_settled =
                self.course.has_ended() && !is_panic && judgement.violations.is_empty();
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
        let settled = self.course.settling().filter(|_| is_settled);
        self.load.gather_history();
        let mut judges = self.watch.take_judges();
        let run = EndOfRun {
            scenario: self.scenario,
            profile: &self.setup.profile,
            ended,
            events: self.watch.steps(),
            history: self.load.history().kept(),
            forgotten: self.load.history().forgotten(),
            checks: self.watch.checks(),
            leaders: self.watch.leaders(),
            leader: self.watch.leader(),
            acknowledged: self.load.acknowledged(),
            core: self.course.core(),
            settled,
            is_up: &|replica| self.cluster[replica as usize - 1].is_up(),
            target_of: &|request| self.load.target_of(request),
            thoroughness: self.course.thoroughness(),
            stop: self.course.stop_flag(),
        };
        judges.judge(&run, judgement);
    }

    /// What the plan says of sites that this run did not come to.
    fn never_asked(&self) -> Option<String> {
        let unasked = self.decisions.unasked();
        if unasked.is_empty() || self.course.was_cut_short() {
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
        Contract {
            links: self.scenario.network.contract,
            disks: self.scenario.disk.contract,
            clocks_bounded: !self.watch.had(FaultKind::ClockStep)
                && !self.watch.had(FaultKind::ClockLie),
        }
    }

    fn outcome(mut self, ended: Instant, judgement: Judgement) -> Outcome {
        let stopped = self.course.was_stopped() || judgement.stopped;
        let mut broken = judgement.violations.iter();
        let verdict = if broken.any(|violation| !violation.is_own()) {
            Verdict::Violation
        } else if judgement.unknown || stopped || !judgement.violations.is_empty() {
            Verdict::Unknown
        } else {
            Verdict::Pass
        };
        let contract = self.contract();
        let trace = caught(|| {
            let under_way = self.network.under_way();
            self.watch.finish_trace(&judgement.violations, under_way)
        });
        let trace = trace.unwrap_or_default();
        let keeps_history = self.course.keeps_history() || verdict != Verdict::Pass;
        let Loaded {
            operations,
            latencies,
            unavailability,
        } = self.load.finish(ended);
        self.load.gather_history();
        let (forgotten, history) = (self.load.history().forgotten(), self.load.history().kept());
        // A part of it would be taken for the whole.
        let keeps_history = keeps_history && forgotten == 0;
        let excerpt = judgement
            .excerpt
            .iter()
            .map(|place| line_of::<S>(&history[*place]));
        let excerpt = excerpt.collect();
        let decisions = self.decisions.recorded().to_vec();
        let (events, digest) = (self.watch.steps(), self.watch.digest());
        let Watched {
            tally,
            observations,
            steps,
            divergence,
        } = self.watch.finish();
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
            faults: tally.faults,
            occurrences: tally.occurrences,
            digest,
            events,
            messages: self.network.counts(),
            operations,
            decided: tally.decided,
            leader_changes: tally.leader_changes,
            takeover: tally.takeover,
            latencies,
            unavailability,
            election_timeout: self.setup.profile.suspicion,
            ended,
            history: keeps_history.then(|| history.iter().map(line_of::<S>).collect()),
            excerpt,
            observations,
            decisions,
            steps,
            divergence,
            cut_short: self.course.was_cut_short() || stopped,
            settled: self.course.into_settled(),
            impacts: tally.impacts,
            coverage: tally.coverage,
            trace,
            stopped,
            budget: self.spending.budget(),
        }
    }
}

/// A line of the history file.
fn line_of<S: System>(record: &RecordOf<S>) -> String {
    let line = caught(|| S::history_line(record).to_string());
    line.unwrap_or_else(|caught| json!({ "panicked": caught.message }).to_string())
}
