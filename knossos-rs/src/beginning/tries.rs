//! Beginnings are tried: by each part alone, or for all of them together.

use super::any_beginning::AnyBeginning;
use super::longest;
use super::parts::Unknown;
use super::within::{check_within, is_consistent};
use crate::consistency::Consistency;
use crate::limits::Meter;
use crate::model::OperationOf;
use crate::models::starting_with::StartingWith;
use crate::report::{Progress, Reason, Report, Verdict};

/// How many choices of beginnings are tried where parts are not independent.
const TRIES_MAX: usize = 64;

/// Lets each part find its own beginning.
pub(super) fn each_alone<M: AnyBeginning>(
    mut model: StartingWith<M>,
    history: &[OperationOf<M>],
    unknown: &mut [Unknown<M::State>],
    level: Consistency,
    meter: &mut Meter,
) -> (StartingWith<M>, Report)
where
    M::Input: Clone,
    M::Output: Clone,
{
    let mut is_certain = true;
    for part in &mut *unknown {
        let own = part.part.operations.iter().map(|at| history[*at].clone());
        let own: Vec<OperationOf<M>> = own.collect();
        let mut verdicts = Vec::new();
        for chosen in 0..part.candidates.states.len() {
            part.chosen = chosen;
            model = part.begin(model);
            verdicts.push(is_consistent(&model, &own, level, meter));
            if verdicts[chosen] == Some(true) {
                break;
            }
        }
        // A violation if there is no way out; undecided before that.
        let at = |verdict| verdicts.iter().position(|found| *found == verdict);
        part.chosen = at(Some(true)).or(at(None)).unwrap_or(0);
        part.is_refuted = verdicts.iter().all(|found| *found == Some(false));
        is_certain &= at(Some(true)).is_some() || part.candidates.is_complete;
        model = part.begin(model);
    }
    let report = check_within(&model, history, level, meter);
    let report = unless_violation(report, is_certain);
    if is_explained_for_longest(&report, level) {
        longest::explained(model, history, unknown, report, meter)
    } else {
        (model, report)
    }
}

/// Whether it is a violation that is explained for the beginnings that were possible for longest.
pub(super) fn is_explained_for_longest(report: &Report, level: Consistency) -> bool {
    level == Consistency::Linearizable && matches!(report.verdict, Verdict::Violation(_))
}

/// Tries choices of beginnings for all parts at once, as many as may be.
pub(super) fn together<M: AnyBeginning>(
    mut model: StartingWith<M>,
    history: &[OperationOf<M>],
    unknown: &mut [Unknown<M::State>],
    level: Consistency,
    (first, meter): (Report, &mut Meter),
) -> (StartingWith<M>, Report) {
    let is_complete = unknown.iter().all(|part| part.candidates.is_complete);
    let mut is_over = false;
    let mut undecided = matches!(first.verdict, Verdict::Unknown { .. }).then(|| first.clone());
    for _ in 1..TRIES_MAX {
        is_over = !next_choice(unknown);
        if is_over {
            break;
        }
        for part in unknown.iter() {
            model = part.begin(model);
        }
        let report = check_within(&model, history, level, meter);
        match report.verdict {
            Verdict::Consistent => return (model, report),
            Verdict::Unknown { .. } => undecided = Some(report),
            Verdict::Violation(_) => {}
        }
    }
    for part in unknown {
        part.chosen = 0;
        model = part.begin(model);
    }
    let report = undecided.unwrap_or_else(|| unless_violation(first, is_over && is_complete));
    (model, report)
}

/// Takes the next choice, as a counter takes the next number; `false` after the last.
pub(super) fn next_choice<S>(unknown: &mut [Unknown<S>]) -> bool {
    for part in unknown {
        part.chosen += 1;
        if part.chosen < part.candidates.states.len() {
            return true;
        }
        part.chosen = 0;
    }
    false
}

/// The report, unless it calls a violation what a beginning that was not tried might explain.
pub(super) fn unless_violation(report: Report, is_certain: bool) -> Report {
    if is_certain || !matches!(report.verdict, Verdict::Violation(_)) {
        return report;
    }
    let progress = Progress {
        partitions: report.partitions,
        ..Progress::default()
    };
    let reason = Reason::Beginnings;
    Report {
        verdict: Verdict::Unknown { reason, progress },
        ..report
    }
}
