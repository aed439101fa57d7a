//! Whether the clients' history is linearizable; the decided log says where to look first.

use knossos::{ByReference, Limits, Operation, Report, Verdict};

use super::{EndOfRun, Judgement, Searched, Thoroughness};
use crate::check::{Cause, Violation};
use crate::client::Record;
use crate::observation::Position;
use crate::replica::in_words;
use crate::scenario::Consistency;
use crate::systems::{CommandOf, OutputOf, System};

/// The name of the check.
const LINEARIZABILITY: &str = "linearizability";

/// The memory that one search for a linearization may use.
const SEARCH_MEMORY: usize = 1 << 30;

pub(super) fn judge<S: System>(run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
    let why_not = if run.scenario.check.consistency == Consistency::None {
        Some("linearizability is not demanded")
    } else if run.thoroughness == Thoroughness::LeftOut {
        Some("linearizability is not looked at: another check is asked about")
    } else {
        None
    };
    if let Some(why_not) = why_not {
        judgement.not_applicable(LINEARIZABILITY);
        judgement.remarks.push(why_not.to_owned());
        return;
    }
    let budget = run.scenario.check.search_steps_of(run.events);
    let report = run.report(budget);
    judgement.evaluated(LINEARIZABILITY, run.history.len() as u64);
    judgement.search = Searched {
        steps: report.steps,
        budget,
        ran_out: false,
    };
    match report.verdict {
        Verdict::Consistent => {}
        Verdict::Violation(violation) => {
            let requests = violation.excerpt.iter();
            let requests = requests.map(|place| run.history[*place].id());
            let cause = Cause::Anomaly(violation.anomaly);
            let message = violation.message;
            judgement.violations.push(
                Violation::safety(LINEARIZABILITY, cause, run.ended, Vec::new(), message)
                    .shown_by(requests),
            );
            judgement.excerpt = violation.excerpt;
        }
        Verdict::Unknown {
            reason: knossos::Reason::Time,
            ..
        } => {
            // No time is set: somebody wanted it to stop.
            judgement.stopped = true;
            judgement.unknown = true;
        }
        Verdict::Unknown { reason, progress } => {
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

impl<S: System> EndOfRun<'_, S> {
    fn report(&self, budget: u64) -> Report {
        let operations: Vec<_> = self.history.iter().map(operation).collect();
        let hints: Vec<_> = self
            .history
            .iter()
            .map(|record| self.hint(record))
            .collect();
        let limits = Limits {
            steps: Some(budget),
            memory_bytes: Some(SEARCH_MEMORY),
            time: None,
            stop: self.stop.clone(),
        };
        let model = S::model();
        let model = ByReference::new(&model).with_words(|describe| in_words(describe));
        let decision = knossos::decide(&model, &operations, Some(&hints), &limits);
        match self.thoroughness {
            Thoroughness::Decided => decision.unexplained(),
            _ => decision.report(),
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
