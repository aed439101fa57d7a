//! Whether the clients' history keeps the levels of consistency that the scenario demands; for
//! linearizability, the decided log says where to look first.

use knossos::{
    ByReference, Limits, Operation, Progress, Reason, Report, Verdict, check_consistency,
};

use crate::check::{Cause, LINEARIZABILITY, Level, Violation};
use crate::client::Record;
use crate::observation::Position;
use crate::replica::in_words;
use crate::scenario::Scenario;
use crate::system::{CommandOf, EndOfRun, Judge, Judgement, OutputOf, System, Thoroughness};

/// The memory that one search for a linearization may use.
const SEARCH_MEMORY: usize = 1 << 30;

/// Judges the history by every level that is demanded.
pub(super) struct Consistency {
    /// Whether any is.
    is_demanded: bool,
}

impl Consistency {
    pub(super) fn new(scenario: &Scenario) -> Self {
        Self {
            is_demanded: !scenario.check.consistency.levels().is_empty(),
        }
    }
}

impl<S: System> Judge<S> for Consistency {
    fn checks(&self) -> &'static [&'static str] {
        Level::CHECKS
    }

    fn needs_from(&self, all: usize) -> usize {
        if self.is_demanded { 0 } else { all }
    }

    fn judge(&mut self, run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
        judge(run, judgement);
    }
}

fn judge<S: System>(run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
    let levels = run.scenario.check.consistency.levels();
    if levels.is_empty() {
        judgement.not_applicable(LINEARIZABILITY);
        let remark = "linearizability is not demanded";
        judgement.remarks.push(remark.to_owned());
    }
    if run.thoroughness == Thoroughness::LeftOut {
        for level in levels {
            let check = level.check();
            judgement.not_applicable(check);
            let remark = format!("{check} is not looked at: another check is asked about");
            judgement.remarks.push(remark);
        }
        return;
    }
    let operations: Vec<_> = run.history.iter().map(operation).collect();
    let mut is_linearizable = false;
    for level in levels {
        judgement.evaluated(level.check(), operations.len() as u64);
        // It implies every other level.
        if !is_linearizable {
            let report = run.report(level, &operations);
            is_linearizable = level.consistency() == knossos::Consistency::Linearizable
                && report.verdict == Verdict::Consistent;
            run.take(level, report, judgement);
        }
    }
}

impl<S: System> EndOfRun<'_, S> {
    /// How many steps each level may take.
    fn budget(&self) -> u64 {
        self.scenario.check.search_steps_of(self.events)
    }

    fn report(
        &self,
        level: &Level,
        operations: &[Operation<&CommandOf<S>, &OutputOf<S>>],
    ) -> Report {
        let limits = Limits {
            steps: Some(self.budget()),
            memory_bytes: Some(SEARCH_MEMORY),
            time: None,
            stop: self.stop.clone(),
        };
        let model = S::model();
        let model = ByReference::new(&model).with_words(|describe| in_words(describe));
        if level.consistency() != knossos::Consistency::Linearizable {
            return check_consistency(&model, operations, level.consistency(), &limits);
        }
        let hints: Vec<_> = self
            .history
            .iter()
            .map(|record| self.hint(record))
            .collect();
        let decision = knossos::decide(&model, operations, Some(&hints), &limits);
        match self.thoroughness {
            Thoroughness::Decided => decision.unexplained(),
            _ => decision.report(),
        }
    }

    /// What a report says of a level becomes part of the judgement.
    fn take(&self, level: &Level, report: Report, judgement: &mut Judgement) {
        let check = level.check();
        let budget = self.budget();
        judgement.search.steps += report.steps;
        judgement.search.budget += budget;
        judgement.levels.insert(check, report.clone());
        match report.verdict {
            Verdict::Consistent => {}
            Verdict::Violation(violation) => {
                let requests = violation.excerpt.iter();
                let requests = requests.map(|place| self.history[*place].id());
                let cause = Cause::Anomaly(violation.anomaly);
                let message = violation.message;
                judgement.violations.push(
                    Violation::safety(check, cause, self.ended, Vec::new(), message)
                        .shown_by(requests),
                );
                if judgement.excerpt.is_empty() {
                    judgement.excerpt = violation.excerpt;
                }
            }
            Verdict::Unknown {
                reason: Reason::Time,
                ..
            } => {
                // No time is set: somebody wanted it to stop.
                judgement.stopped = true;
                judgement.unknown = true;
            }
            Verdict::Unknown { reason, progress } => {
                judgement.unknown = true;
                judgement.search.ran_out |= reason == Reason::Steps;
                judgement.remarks.push(format!(
                    "{check} is unknown: {}{}",
                    unknown_because(reason, budget),
                    so_far(&progress)
                ));
            }
        }
    }

    /// Where the decided log puts an operation.
    fn hint(&self, record: &Record<CommandOf<S>, OutputOf<S>>) -> u64 {
        let completion = record.completion.as_ref();
        let position = completion.and_then(|completed| completed.position);
        let position = position.or_else(|| self.checks.executed_at(record.id()).map(Position::At));
        match position {
            Some(Position::At(index)) => 2 * index,
            Some(Position::After(index)) => 2 * index + 1,
            None => u64::MAX,
        }
    }
}

/// How far a search had come.
fn so_far(progress: &Progress) -> String {
    let (decided, keys) = (progress.partitions_decided, progress.partitions);
    if decided >= keys {
        return "; each key alone has an order, all of them together are undecided".to_owned();
    }
    format!(" after {decided} of {keys} keys")
}

fn unknown_because(reason: Reason, budget: u64) -> String {
    match reason {
        Reason::Steps => {
            format!("the search used up its {budget} steps ([check] search_steps allows more)")
        }
        Reason::Memory => "the search used up its memory".to_owned(),
        Reason::RepeatedValues => {
            "values are written more than once, so nobody can tell who wrote what was read"
                .to_owned()
        }
        Reason::Time | Reason::Beginnings => {
            unreachable!("no time is set, and every run begins with what the model says")
        }
        _ => "the search found no verdict".to_owned(),
    }
}

/// One operation as the checker takes it.
fn operation<C, O>(record: &Record<C, O>) -> Operation<&C, &O> {
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
