//! What is asked of a whole history.

use crate::model::{Model, OperationOf};
use crate::parts::Parts;

/// What is asked: a model, a history, its parts, and hints about the order.
pub(crate) struct Question<'a, M: Model> {
    pub(crate) model: &'a M,
    pub(crate) history: &'a [OperationOf<M>],
    pub(crate) parts: Parts,
    pub(crate) hints: Option<&'a [u64]>,
}

impl<M: Model> Question<'_, M> {
    /// What the model calls a part.
    pub(crate) fn name(&self, part: usize) -> Option<String> {
        self.parts.name(self.model, self.history, part)
    }
}
