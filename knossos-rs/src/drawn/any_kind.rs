//! Checks of a model as those of an object whose kind is chosen while the program runs, so that
//! checking is compiled once for all of them.

use crate::beginning::{Beginnings, check_from};
use crate::models::any::Kind;
use crate::{Consistency, Limits, OperationOf, Report, check};

/// As [`check`].
pub(crate) fn check_any_kind<M: Kind>(
    model: M,
    history: &[OperationOf<M>],
    hints: Option<&[u64]>,
    limits: &Limits,
) -> Report {
    check(&model.object(), &M::any_history(history), hints, limits)
}

/// As [`check_from`], for linearizability; gives the report.
pub(crate) fn check_any_kind_from<M: Kind>(
    model: M,
    history: &[OperationOf<M>],
    beginnings: Beginnings<M::State>,
    limits: &Limits,
) -> Report {
    let beginnings = beginnings.map(M::any_state);
    let level = Consistency::Linearizable;
    check_from(
        model.object(),
        &M::any_history(history),
        &beginnings,
        level,
        limits,
    )
    .1
}
