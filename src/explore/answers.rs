//! What is asked once, and known to all threads from then on.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// Answers by their questions.
pub(super) struct Answers<Q, A>(RwLock<BTreeMap<Q, A>>);

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<Q: Ord, A: Copy> Answers<Q, A> {
    /// The answer that is known, or else the one that `ask` gives: threads that come
    /// at the same time ask twice, and get the same. What it gives as an error is no answer
    /// for others.
    pub(super) fn get<B>(&self, question: &B, ask: impl FnOnce() -> Result<A, A>) -> A
    where
        Q: Borrow<B>,
        B: Ord + ToOwned<Owned = Q> + ?Sized,
    {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(question) {
            return *answer;
        }
        drop(known);
        let answer = match ask() {
            Ok(answer) => answer,
            Err(answer) => return answer,
        };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(question.to_owned(), answer);
        answer
    }

    /// How many are known.
    pub(super) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}
