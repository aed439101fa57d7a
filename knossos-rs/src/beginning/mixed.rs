//! Parts that began with nobody knows what, beside others of which that is known.
//!
//! Parts are independent: a history is linearizable if the operations of the parts of either kind
//! are, so each kind is checked with a model of its own. If neither is, what became impossible
//! first is told.

use super::any_beginning::AnyBeginning;
use super::beginnings::Beginnings;
use super::parts::parts;
use super::within::check_within;
use crate::clients::Clients;
use crate::consistency::Consistency;
use crate::limits::{Limits, Meter};
use crate::model::{Model, OperationOf};
use crate::models::starting_with::StartingWith;
use crate::report::{Progress, Report, Verdict, Violation};

/// Whether the history is linearizable: the parts with known beginnings by the first model, the
/// others by the second.
pub(super) fn check<M>(
    (model, anywhere): (&StartingWith<M>, &StartingWith<M::Anywhere>),
    history: &[OperationOf<M>],
    beginnings: &Beginnings<M::State>,
    limits: &Limits,
) -> Report
where
    M: AnyBeginning<Input: Clone, Output: Clone>,
{
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for part in parts(&model.model, history) {
        match beginnings.is_unknown(part.name.as_deref()) {
            true => unknown.extend(part.operations),
            false => known.extend(part.operations),
        }
    }
    let meter = &mut Meter::start(limits);
    let known = check_these(model, history, known, meter);
    let unknown = check_these(anywhere, history, unknown, meter);
    let mut clients = Clients::default();
    for operation in history {
        clients.add(operation.client);
    }
    Report {
        operations: history.len(),
        partitions: known.partitions + unknown.partitions,
        clients: clients.count(),
        steps: known.steps + unknown.steps,
        verdict: of_both(history, known, unknown),
    }
}

/// The report on these operations alone, with indices into the whole history.
fn check_these<M>(
    model: &M,
    history: &[OperationOf<M>],
    mut chosen: Vec<usize>,
    meter: &mut Meter,
) -> Report
where
    M: Model<Input: Clone, Output: Clone>,
{
    chosen.sort_unstable();
    let own: Vec<OperationOf<M>> = chosen.iter().map(|at| history[*at].clone()).collect();
    let mut report = check_within(model, &own, Consistency::Linearizable, meter);
    if let Verdict::Violation(violation) = &mut report.verdict {
        violation.of_these(&chosen);
    }
    report
}

/// The verdict on two halves of a history of which neither touches what the other does.
fn of_both<I, O>(history: &[crate::Operation<I, O>], one: Report, other: Report) -> Verdict {
    let partitions = one.partitions + other.partitions;
    let moment = |violation: &Violation| {
        let ret = violation.culprit.and_then(|culprit| history[culprit].ret);
        ret.unwrap_or(u64::MAX)
    };
    match (one.verdict, other.verdict) {
        (Verdict::Violation(first), Verdict::Violation(second)) => {
            let is_first = moment(&first) <= moment(&second);
            Verdict::Violation(if is_first { first } else { second })
        }
        (violation @ Verdict::Violation(_), _) | (_, violation @ Verdict::Violation(_)) => {
            violation
        }
        (Verdict::Unknown { reason, progress }, decided) => Verdict::Unknown {
            reason,
            progress: with_others(progress, partitions, &decided),
        },
        (decided, Verdict::Unknown { reason, progress }) => Verdict::Unknown {
            reason,
            progress: with_others(progress, partitions, &decided),
        },
        (Verdict::Consistent, Verdict::Consistent) => Verdict::Consistent,
    }
}

/// How far the check of all parts came.
fn with_others(own: Progress, partitions: usize, others: &Verdict) -> Progress {
    let decided = match others {
        Verdict::Unknown { progress, .. } => progress.partitions_decided,
        Verdict::Consistent | Verdict::Violation(_) => partitions - own.partitions,
    };
    Progress {
        partitions_decided: own.partitions_decided + decided,
        partitions,
        ..own
    }
}
