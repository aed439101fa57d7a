//! Deciding one part: by zones if they can, otherwise by search.

use crate::explain::Evidence;
use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::report::{Progress, Reason};
use crate::search::{Entry, Outcome, Search};
use crate::zones::{self, Finding};

/// How many steps the first slice of a part has: so many for each operation and in any case.
const STEPS_PER_OPERATION: u64 = 8;
const STEPS_BASE: u64 = 512;

/// How much larger each slice is than the one before.
const SLICE_GROWTH: u64 = 8;

/// What all parts have in common.
pub(crate) struct Question<'a, M: Model> {
    pub(crate) model: &'a M,
    pub(crate) history: &'a [OperationOf<M>],
    pub(crate) parts: &'a [Vec<Entry>],
    pub(crate) hints: Option<&'a [u64]>,
}

/// One part, and how far it has come.
pub(crate) struct Job<'a, M: Model> {
    /// The number of the part.
    pub(crate) part: usize,
    search: Option<Search<'a, M>>,
    slice: u64,
}

/// What a slice of work on a part gave.
pub(crate) enum Step {
    Consistent,
    Violation(Evidence),
    /// Undecided, and it can go on.
    Paused,
    RanOut(Reason),
}

impl<'a, M: Model> Job<'a, M> {
    /// Work on a part that has not begun.
    pub(crate) fn new(question: &Question<'a, M>, part: usize) -> Job<'a, M> {
        let operations = question.parts[part].len() as u64;
        Job {
            part,
            search: None,
            slice: STEPS_BASE + STEPS_PER_OPERATION * operations,
        }
    }

    /// Works on the part for a slice of steps; the next slice is longer. `elsewhere_bytes` is
    /// memory that counts, too.
    pub(crate) fn work(
        &mut self,
        question: &Question<'a, M>,
        meter: &mut Meter,
        elsewhere_bytes: usize,
    ) -> Step {
        let Question {
            model,
            history,
            parts,
            hints,
        } = *question;
        let entries = &parts[self.part];
        if self.search.is_none() {
            match zones::decide(model, history, entries, meter, elsewhere_bytes) {
                Ok(Some(Finding::Consistent(_))) => return Step::Consistent,
                Ok(Some(Finding::Violation(conflict))) => {
                    return Step::Violation(Evidence {
                        conflict,
                        ..Evidence::default()
                    });
                }
                Ok(None) => {}
                Err(reason) => return Step::RanOut(reason),
            }
        }
        let search = self
            .search
            .get_or_insert_with(|| Search::new(model, history, entries, hints));
        let outcome = search.run(meter, self.slice, elsewhere_bytes);
        self.slice = self.slice.saturating_mul(SLICE_GROWTH);
        match outcome {
            Outcome::Consistent => Step::Consistent,
            Outcome::Violation => Step::Violation(Evidence::of(search)),
            Outcome::Paused => Step::Paused,
            Outcome::RanOut(reason) => Step::RanOut(reason),
        }
    }

    /// How many steps the next slice has.
    pub(crate) fn slice(&self) -> u64 {
        self.slice
    }

    /// Bytes that the part holds between two slices.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.search.as_ref().map_or(0, Search::memory_bytes)
    }

    /// How far the part has come, given how many others are decided.
    pub(crate) fn progress(&self, question: &Question<M>, partitions_decided: usize) -> Progress {
        let entries = &question.parts[self.part];
        let known = || entries.iter().filter(|entry| entry.ret.is_some()).count();
        Progress {
            partitions_decided,
            partitions: question.parts.len(),
            operations_ordered: self.search.as_ref().map_or(0, Search::known_ordered),
            operations: self.search.as_ref().map_or_else(known, Search::known),
        }
    }
}
