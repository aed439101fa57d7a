//! Deciding all parts, one after the other, the easy ones first.
//!
//! Undecided parts are worked on in rounds, and the slices grow from round to round. So a
//! violation in an easy part is found although another part is hard, and which parts are decided
//! depends on steps alone.

use crate::explain::explain;
use crate::job::{Job, Question, Step};
use crate::limits::Meter;
use crate::model::Model;
use crate::report::{Progress, Reason, Verdict};

/// Works in rounds until all parts are decided, one is a violation, or a limit is met.
pub(crate) fn decide<M: Model>(question: &Question<M>, meter: &mut Meter) -> Verdict {
    let mut partitions_decided = 0;
    let mut outgrown: Option<Progress> = None;
    let mut kept_bytes = 0;
    let mut undecided: Vec<Job<M>> = Vec::new();
    let mut fresh = 0..question.parts.len();
    loop {
        let mut still_undecided = Vec::new();
        let round = undecided
            .into_iter()
            .chain(fresh.by_ref().map(|part| Job::new(question, part)));
        for mut job in round {
            kept_bytes -= job.memory_bytes();
            match job.work(question, meter, kept_bytes) {
                Step::Consistent => partitions_decided += 1,
                Step::Violation(lead) => {
                    let violation = explain(
                        question.model,
                        question.history,
                        &question.parts[job.part],
                        question.hints,
                        lead,
                        meter,
                    );
                    return Verdict::Violation(Box::new(violation));
                }
                Step::Paused => {
                    kept_bytes += job.memory_bytes();
                    still_undecided.push(job);
                }
                // Dropping the part makes room for the others, which may hold a violation.
                Step::RanOut(Reason::Memory) => {
                    outgrown = outgrown.or_else(|| Some(job.progress(question, 0)));
                }
                Step::RanOut(reason) => {
                    let progress = job.progress(question, partitions_decided);
                    return Verdict::Unknown { reason, progress };
                }
            }
        }
        undecided = still_undecided;
        if undecided.is_empty() {
            break;
        }
    }
    match outgrown {
        None => Verdict::Consistent,
        Some(progress) => Verdict::Unknown {
            reason: Reason::Memory,
            progress: Progress {
                partitions_decided,
                ..progress
            },
        },
    }
}
