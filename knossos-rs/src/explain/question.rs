//! What is asked to be explained.

use crate::model::{Model, OperationOf};

/// What is asked about.
pub(super) struct Question<'a, M: Model> {
    pub(super) model: &'a M,
    pub(super) history: &'a [OperationOf<M>],
    pub(super) hints: Option<&'a [u64]>,
}
