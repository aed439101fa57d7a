//! What is shown of the operations of a violation.

use crate::model::{Model, OperationOf};

/// How many operations an excerpt shows at most.
pub(super) const EXCERPT_MAX: usize = 8;

/// One operation with its client and times.
pub(super) fn sentence<M: Model>(model: &M, history: &[OperationOf<M>], index: usize) -> String {
    let operation = &history[index];
    let what = model.describe(&operation.input, operation.output.as_ref());
    let until = operation
        .ret
        .map_or_else(String::new, |ret| format!(" to {ret}"));
    format!(
        "client {}: {what} (at {}{until} ns)",
        operation.client, operation.call
    )
}
