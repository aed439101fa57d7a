//! Deciding parts one after the other, the easy ones first.
//!
//! Undecided parts are worked on in rounds, and the slices grow from round to round. So a
//! violation in an easy part is found although another part is hard, and which parts are decided
//! depends on steps alone.

use crate::evidence::Evidence;
use crate::job::{Job, Step};
use crate::limits::Meter;
use crate::model::Model;
use crate::question::Question;
use crate::report::{Progress, Reason};
use crate::zones::{self, Ops};

/// What was decided, before anything is explained.
pub(crate) enum Found {
    Consistent,
    /// The part, what is known of where the violation is, and of each part, whether it is known
    /// to be consistent.
    Violation(usize, Evidence, Vec<bool>),
    Unknown(Reason, Progress),
}

/// Works in rounds until these parts are decided, one is a violation, or a limit is met.
pub(crate) fn decide<M: Model>(
    question: &Question<M>,
    parts: Vec<usize>,
    meter: &mut Meter,
) -> Found {
    let mut partitions_decided = question.parts.len() - parts.len();
    let mut outgrown: Option<Progress> = None;
    let mut consistent = all_but(&parts, question.parts.len());
    let mut undecided: Vec<Job<M>> = match gather(question, parts, meter) {
        Ok(jobs) => jobs,
        Err((reason, progress)) => return Found::Unknown(reason, progress),
    };
    let mut kept_bytes: usize = undecided.iter().map(Job::memory_bytes).sum();
    while !undecided.is_empty() {
        let mut still_undecided = Vec::new();
        for mut job in undecided {
            kept_bytes -= job.memory_bytes();
            match job.work(question, meter, kept_bytes) {
                Step::Consistent => {
                    partitions_decided += 1;
                    consistent[job.part] = true;
                }
                Step::Violation(evidence) => {
                    return Found::Violation(job.part, evidence, consistent);
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
                    return Found::Unknown(reason, job.progress(question, partitions_decided));
                }
            }
        }
        undecided = still_undecided;
    }
    match outgrown {
        None => Found::Consistent,
        Some(progress) => Found::Unknown(
            Reason::Memory,
            Progress {
                partitions_decided,
                ..progress
            },
        ),
    }
}

/// Of each part, whether it is none of these.
pub(crate) fn all_but(parts: &[usize], count: usize) -> Vec<bool> {
    let mut others = vec![true; count];
    parts.iter().for_each(|part| others[*part] = false);
    others
}

/// Work on these parts. What the zones need to know is gathered of all of them at once, if that
/// is not too much to hold.
fn gather<'a, M: Model>(
    question: &Question<'a, M>,
    chosen: Vec<usize>,
    meter: &Meter,
) -> Result<Vec<Job<'a, M>>, (Reason, Progress)> {
    let Question {
        model,
        history,
        parts,
        ..
    } = question;
    let one_by_one = |parts: Vec<usize>| {
        let jobs = parts.into_iter().map(|part| Job::new(question, part));
        jobs.collect()
    };
    let operations = chosen.iter().map(|part| parts.operations(*part)).sum();
    if Ops::<M>::memory_bytes_min(operations) > meter.memory_left(0) / 4 {
        return Ok(one_by_one(chosen));
    }
    match zones::gather(*model, history, parts, &chosen, meter) {
        Ok(found) => Ok(chosen
            .into_iter()
            .zip(found)
            .map(|(part, ops)| Job::gathered(question, part, ops))
            .collect()),
        Err(Reason::Memory) => Ok(one_by_one(chosen)),
        Err(reason) => {
            let decided = parts.len() - chosen.len();
            Err((
                reason,
                Job::new(question, chosen[0]).progress(question, decided),
            ))
        }
    }
}
