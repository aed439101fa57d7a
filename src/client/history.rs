//! What clients asked, from the first operation on that anybody still needs.

use std::collections::VecDeque;
use std::ops::{Index, IndexMut};

use super::Record;

/// The operations of a run in the order of invocation, each by its place in it, from 0 on. The
/// first ones can be forgotten: places stay what they were.
#[derive(Clone, Debug)]
pub struct History<C, O> {
    forgotten: usize,
    kept: VecDeque<Record<C, O>>,
}

impl<C, O> History<C, O> {
    /// Nothing was asked yet, and there is room for so many operations.
    pub fn with_capacity(operations: usize) -> Self {
        Self {
            forgotten: 0,
            kept: VecDeque::with_capacity(operations),
        }
    }

    /// How many operations there were.
    pub fn len(&self) -> usize {
        self.forgotten + self.kept.len()
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of the first operations are forgotten.
    pub const fn forgotten(&self) -> usize {
        self.forgotten
    }

    /// How many operations are kept.
    pub fn kept_len(&self) -> usize {
        self.kept.len()
    }

    /// One more operation was invoked.
    pub fn push(&mut self, record: Record<C, O>) {
        self.kept.push_back(record);
    }

    /// Forgets the first operations, those before `place`, up to the first that is not over, or is
    /// a probe: of these there are few, and they show how settling went.
    pub fn forget_before(&mut self, place: usize) {
        let is_forgettable = |record: &Record<C, O>| record.is_over() && !record.probe;
        while self.forgotten < place && self.kept.front().is_some_and(is_forgettable) {
            self.kept.pop_front();
            self.forgotten += 1;
        }
    }

    /// Lays what is kept side by side, so that it can be looked at as a [whole](Self::kept).
    pub fn gather(&mut self) {
        self.kept.make_contiguous();
    }

    /// The operations that are kept, in order, as they were [gathered](Self::gather).
    ///
    /// # Panics
    /// If an operation was added since then.
    pub fn kept(&self) -> &[Record<C, O>] {
        let (kept, rest) = self.kept.as_slices();
        assert!(rest.is_empty(), "the history was gathered");
        kept
    }
}

impl<C, O> Index<usize> for History<C, O> {
    type Output = Record<C, O>;

    #[inline]
    fn index(&self, place: usize) -> &Record<C, O> {
        &self.kept[place - self.forgotten]
    }
}

impl<C, O> IndexMut<usize> for History<C, O> {
    #[inline]
    fn index_mut(&mut self, place: usize) -> &mut Record<C, O> {
        &mut self.kept[place - self.forgotten]
    }
}

#[cfg(test)]
mod tests {
    use simulated_clock::Instant;

    use super::*;

    fn record(sequence: u64, abandoned: bool) -> Record<(), ()> {
        Record {
            client: 1,
            sequence,
            command: (),
            call: Instant::ZERO,
            completion: None,
            probe: false,
            abandoned,
        }
    }

    #[test]
    fn what_is_over_is_forgotten_up_to_the_first_that_is_not() {
        let mut history = History::with_capacity(4);
        for (sequence, is_over) in [(1, true), (2, true), (3, false), (4, true)] {
            history.push(record(sequence, is_over));
        }
        history.forget_before(1);
        assert_eq!((history.forgotten(), history.len()), (1, 4));
        history.forget_before(usize::MAX);
        assert_eq!(history.forgotten(), 2, "the third is open");
        assert_eq!(history[2].sequence, 3);
        history[2].abandoned = true;
        history.forget_before(3);
        history.gather();
        let kept: Vec<_> = history
            .kept()
            .iter()
            .map(|record| record.sequence)
            .collect();
        assert_eq!(kept, [4]);
        assert_eq!(history.len(), 4);
    }
}
