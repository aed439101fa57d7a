//! What a report says of what the checker found.

use knossos::format::LeftOut;
use knossos::{Consistency, Reason, Report, Verdict};

use super::{WriteOrder, name_of};
use crate::report::{HistoryVerdict, HistoryViolation, WhyUnknown};

/// The verdict, and why nobody knows, where that is so: that nothing contradicts a level may say
/// nothing.
pub(super) fn verdict(
    report: &Report,
    left_out: LeftOut,
    unknown: usize,
    level: Consistency,
) -> (HistoryVerdict, Option<WhyUnknown>) {
    let demands_real_time = level == Consistency::Linearizable;
    let why = match &report.verdict {
        Verdict::Violation(_) => return (HistoryVerdict::Violation, None),
        Verdict::Consistent if report.operations == unknown => WhyUnknown::NothingSucceeded,
        Verdict::Consistent if left_out.revisions > 0 && demands_real_time => WhyUnknown::Revisions,
        Verdict::Consistent if left_out.transactions > 0 => WhyUnknown::Transactions,
        Verdict::Consistent => return (HistoryVerdict::Consistent, None),
        Verdict::Unknown { reason, .. } => match reason {
            Reason::Steps => WhyUnknown::Steps,
            Reason::Memory => WhyUnknown::Memory,
            Reason::Time => WhyUnknown::Time,
            Reason::RepeatedValues => WhyUnknown::RepeatedValues,
            Reason::Beginnings => WhyUnknown::Beginnings,
            _ => WhyUnknown::Other,
        },
    };
    (HistoryVerdict::Unknown, Some(why))
}

/// For a guarantee of a session, what was taken for granted of the order of writes.
pub(super) fn write_order(level: Consistency) -> Option<String> {
    let Consistency::Session(_, order) = level else {
        return None;
    };
    Some(name_of(match order {
        knossos::WriteOrder::Program => WriteOrder::Program,
        knossos::WriteOrder::RealTime => WriteOrder::RealTime,
    }))
}

/// How many keys were decided.
pub(super) fn decided(report: &Report) -> u64 {
    match &report.verdict {
        Verdict::Unknown { progress, .. } => progress.partitions_decided as u64,
        Verdict::Consistent | Verdict::Violation(_) => report.partitions as u64,
    }
}

/// A violation, with the operations that show it.
pub(super) fn violation(
    verdict: &Verdict,
    hint: Option<String>,
    operations: Vec<String>,
) -> Option<HistoryViolation> {
    let Verdict::Violation(violation) = verdict else {
        return None;
    };
    Some(HistoryViolation {
        key: violation.partition.as_deref().map(str::to_owned),
        message: violation.message.clone(),
        hint,
        operations,
    })
}
