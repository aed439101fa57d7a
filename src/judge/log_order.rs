//! Whether the decided log is a linearization of the history; where the scenario does not demand
//! linearizability, whether it is one apart from real time.

use crate::check::{LINEARIZABILITY, Violation, WitnessOp, Witnessed};
use crate::client::Record;
use crate::observation::content_digest;
use crate::system::{EndOfRun, Judge, Judgement, Profile, System};

/// The name of the check of all that is applied, which the order of the log is a part of.
const CHECK: &str = "applied_state";

/// Judges the history by the order of the decided log.
pub(super) struct LogOrder {
    /// Whether a command is decided once, however often it was asked for.
    is_applicable: bool,
}

impl LogOrder {
    pub(super) const fn new(profile: &Profile) -> Self {
        Self {
            is_applicable: profile.retries_are_safe,
        }
    }
}

impl<S: System> Judge<S> for LogOrder {
    fn checks(&self) -> &'static [&'static str] {
        &[CHECK]
    }

    fn needs_from(&self, all: usize) -> usize {
        if self.is_applicable { 0 } else { all }
    }

    fn judge(&mut self, run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
        judge(run, judgement);
    }
}

fn judge<S: System>(run: &EndOfRun<'_, S>, judgement: &mut Judgement) {
    if !run.profile.retries_are_safe {
        judgement.remarks.push(
            "the witness is not applicable: without dedup a command may be decided twice"
                .to_owned(),
        );
        return;
    }
    let operations: Vec<_> = run.history.iter().map(operation).collect();
    // Weaker levels allow what the log orders against real time.
    let levels = run.scenario.check.consistency.levels();
    let keeps_real_time = levels.iter().any(|level| level.check() == LINEARIZABILITY);
    match run.checks.witness(&operations, keeps_real_time) {
        Witnessed::Consistent => {}
        Witnessed::Inconsistent {
            cause,
            reason,
            requests,
        } => {
            let violation =
                Violation::safety(CHECK, cause, run.ended, Vec::new(), reason).shown_by(requests);
            judgement.violations.push(violation);
        }
        Witnessed::NotApplicable(reason) => {
            let remark = format!("the witness is not applicable: {reason}");
            judgement.remarks.push(remark);
        }
    }
}

fn operation<C, O: serde::Serialize>(record: &Record<C, O>) -> WitnessOp {
    let completion = record.completion.as_ref();
    WitnessOp {
        client: record.client,
        sequence: record.sequence,
        call: record.call.as_nanos(),
        ret: completion.map(|completed| completed.at.as_nanos()),
        position: completion.and_then(|completed| completed.position),
        reply: completion.map_or(0, |completed| content_digest(&completed.output)),
    }
}
