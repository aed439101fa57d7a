//! The judgement at the end of a run.

use std::collections::BTreeMap;

use knossos::{ByReference, Limits, Operation, Verdict as Linearizability};
use serde_json::json;
use simulated_clock::Instant;

use super::World;
use super::options::Thoroughness;
use super::outcome::{Latencies, Operations, Outcome, Searched, Verdict};
use super::survive::{caught, in_words};
use crate::check::{Cause, Class, Evaluated, Violation, WitnessOp, Witnessed};
use crate::nemesis::FaultKind;
use crate::observation::{Position, content_digest};
use crate::scenario::Consistency;
use crate::systems::{CommandOf, Contract, OutputOf, System};

/// The memory that one search for a linearization may use.
const SEARCH_MEMORY: usize = 1 << 30;

/// What the end of a run gathers.
#[derive(Default)]
pub(super) struct Judgement {
    pub(super) violations: Vec<Violation>,
    pub(super) checks: Vec<Evaluated>,
    pub(super) remarks: Vec<String>,
    unknown: bool,
    search: Searched,
}

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
        let is_judged = !is_own && !self.stopped && !self.watcher.is_done();
        if is_judged && self.ended && !is_panic && judgement.violations.is_empty() {
            judgement.survive(ended, |judgement| self.judge_settle(ended, judgement));
        }
        if is_judged {
            self.watcher
                .announce(ended, "the history is judged by the model");
            judgement.survive(ended, |judgement| self.judge_witness(ended, judgement));
            judgement.survive(ended, |judgement| self.judge_history(ended, judgement));
        }
        judgement.violations.retain(|violation| {
            !self
                .scenario
                .check
                .without
                .iter()
                .any(|name| name == violation.check)
        });
        judgement.remarks.extend(self.never_asked());
        self.outcome(ended, judgement)
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

    /// The clients' history is linearizable, and the decided log says how.
    fn judge_history(&mut self, ended: Instant, judgement: &mut Judgement) {
        if self.scenario.check.consistency == Consistency::None {
            judgement.checks.push(not_applicable("linearizability"));
            judgement
                .remarks
                .push("linearizability is not demanded".to_owned());
            return;
        }
        if self.linearizability == Thoroughness::LeftOut {
            judgement.checks.push(not_applicable("linearizability"));
            judgement
                .remarks
                .push("linearizability is not looked at: another check is asked about".to_owned());
            return;
        }
        let operations: Vec<_> = self.history.iter().map(operation).collect();
        let hints: Vec<_> = self
            .history
            .iter()
            .map(|record| self.hint(record))
            .collect();
        let budget = self.scenario.check.search_steps_of(self.digest.steps());
        let limits = Limits {
            steps: Some(budget),
            memory_bytes: Some(SEARCH_MEMORY),
            time: None,
            stop: self.stop.clone(),
        };
        let model = S::model();
        let model = ByReference::new(&model).with_words(|describe| in_words(describe));
        let decision = knossos::decide(&model, &operations, Some(&hints), &limits);
        let report = match self.linearizability {
            Thoroughness::Decided => decision.unexplained(),
            _ => decision.report(),
        };
        judgement
            .checks
            .push(Evaluated::of("linearizability", operations.len() as u64));
        judgement.search = Searched {
            steps: report.steps,
            budget,
            ran_out: false,
        };
        match report.verdict {
            Linearizability::Consistent => {}
            Linearizability::Violation(violation) => {
                let cause = Cause::Anomaly(violation.anomaly);
                let message = violation.message.clone();
                let requests = violation.excerpt.iter();
                let requests = requests.map(|place| self.history[*place].id());
                judgement.violations.push(
                    Violation::safety("linearizability", cause, ended, Vec::new(), message)
                        .shown_by(requests),
                );
                self.excerpt = violation.excerpt.clone();
            }
            Linearizability::Unknown {
                reason: knossos::Reason::Time,
                ..
            } => {
                // No time is set: somebody wanted it to stop.
                self.stopped = true;
                judgement.unknown = true;
            }
            Linearizability::Unknown { reason, progress } => {
                judgement.unknown = true;
                judgement.search.ran_out = reason == knossos::Reason::Steps;
                judgement.remarks.push(format!(
                    "linearizability is unknown: the search used up its {} after {} of {} keys",
                    match reason {
                        knossos::Reason::Steps =>
                            format!("{budget} steps ([check] search_steps allows more)"),
                        knossos::Reason::Memory => "memory".to_owned(),
                        knossos::Reason::Time
                        | knossos::Reason::RepeatedValues
                        | knossos::Reason::Beginnings => {
                            unreachable!(
                                "no time is set, and every run begins with what the model says"
                            )
                        }
                    },
                    progress.partitions_decided,
                    progress.partitions,
                ));
            }
        }
    }

    /// Where the decided log puts an operation.
    fn hint(&self, record: &crate::client::Record<CommandOf<S>, OutputOf<S>>) -> u64 {
        let position = record
            .completion
            .as_ref()
            .and_then(|completed| completed.position);
        let position = position.or_else(|| self.checks.executed_at(record.id()).map(Position::At));
        match position {
            Some(Position::At(index)) => 2 * index,
            Some(Position::After(index)) => 2 * index + 1,
            None => u64::MAX,
        }
    }

    fn judge_witness(&mut self, ended: Instant, judgement: &mut Judgement) {
        if !self.scenario.cluster.dedup {
            judgement.remarks.push(
                "the witness is not applicable: without dedup a command may be decided twice"
                    .to_owned(),
            );
            return;
        }
        let operations: Vec<_> = self
            .history
            .iter()
            .map(|record| {
                let completion = record.completion.as_ref();
                WitnessOp {
                    client: record.client,
                    sequence: record.sequence,
                    call: record.call.as_nanos(),
                    ret: completion.map(|completed| completed.at.as_nanos()),
                    position: completion.and_then(|completed| completed.position),
                    reply: completion.map_or(0, |completed| content_digest(&completed.output)),
                }
            })
            .collect();
        match self.checks.witness(&operations) {
            Witnessed::Consistent => {}
            Witnessed::Inconsistent(cause, message) => {
                judgement.violations.push(Violation::safety(
                    "applied_state",
                    cause,
                    ended,
                    Vec::new(),
                    message,
                ));
            }
            Witnessed::NotApplicable(reason) => {
                judgement
                    .remarks
                    .push(format!("the witness is not applicable: {reason}"));
            }
        }
    }

    fn contract(&self) -> Contract {
        let lies = |kind| self.tally.faults.contains_key(&kind);
        Contract {
            links: self.scenario.network.contract,
            disks: self.scenario.durability(),
            clocks_bounded: !lies(FaultKind::ClockStep) && !lies(FaultKind::ClockLie),
        }
    }

    fn outcome(mut self, ended: Instant, judgement: Judgement) -> Outcome {
        let mut broken = judgement.violations.iter();
        let verdict = if broken.any(|violation| !violation.is_own()) {
            Verdict::Violation
        } else if judgement.unknown || self.stopped || !judgement.violations.is_empty() {
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
        let excerpt = self
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
            in_contract: contract.satisfies(&S::written_for()),
            violations: judgement.violations,
            contract,
            checks: judgement.checks,
            search: judgement.search,
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
            election_timeout: self.scenario.cluster.election_timeout(),
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
            cut_short: self.cut_short || self.stopped,
            stopped: self.stopped,
            budget: self.spending.budget,
        }
    }
}

impl Judgement {
    /// Judges one thing; a panic of whoever is asked for it is a violation beside the others.
    fn survive(&mut self, ended: Instant, judge: impl FnOnce(&mut Self)) {
        if let Err(caught) = caught(|| judge(self)) {
            self.violations
                .push(Violation::panic_beside(ended, &caught));
        }
    }
}

/// A line of the history file.
fn line_of<S: System>(record: &crate::client::Record<CommandOf<S>, OutputOf<S>>) -> String {
    let line = caught(|| S::history_line(record).to_string());
    line.unwrap_or_else(|caught| json!({ "panicked": caught.message }).to_string())
}

pub(super) fn not_applicable(name: &'static str) -> Evaluated {
    Evaluated::of(name, 0)
}

/// One operation as the checker takes it.
fn operation<C, O>(record: &crate::client::Record<C, O>) -> Operation<&C, &O> {
    let (client, input, call) = (record.client, &record.command, record.call.as_nanos());
    match &record.completion {
        Some(completed) => Operation::completed(
            client,
            input,
            &completed.output,
            call,
            completed.at.as_nanos(),
        ),
        None => Operation::unknown(client, input, call),
    }
}
