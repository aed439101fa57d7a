//! Questions that are asked with what a meter has left.

use crate::check::is_linearizable;
use crate::consistency::{Consistency, check_metered};
use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::report::{Report, Verdict};

/// Checks with what the meter has left.
pub(super) fn check_within<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    level: Consistency,
    meter: &mut Meter,
) -> Report {
    let report = check_metered(model, history, level, meter.aside(meter.left()));
    meter.spend(report.steps);
    report
}

/// Whether the history is consistent, as far as the meter goes.
pub(super) fn is_consistent<M: Model>(
    model: &M,
    history: &[OperationOf<M>],
    level: Consistency,
    meter: &mut Meter,
) -> Option<bool> {
    if level == Consistency::Linearizable {
        let mut own = meter.aside(meter.left());
        let is_consistent = is_linearizable(model, history, &mut own);
        meter.spend(own.steps());
        return is_consistent;
    }
    match check_within(model, history, level, meter).verdict {
        Verdict::Consistent => Some(true),
        Verdict::Violation(_) => Some(false),
        Verdict::Unknown { .. } => None,
    }
}
