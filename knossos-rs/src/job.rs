//! Deciding one part: by zones or by the patterns of a queue if they can, otherwise by search.
//!
//! A search that does not end soon may be turning back through all of a long history, although a
//! few operations where it got stuck contradict each other. So whoever explains violations has a
//! look there between two slices.

use crate::evidence::Evidence;
use crate::explain::refutes;
use crate::fifo;
use crate::limits::Meter;
use crate::model::Model;
use crate::question::Question;
use crate::report::{Progress, Reason};
use crate::search::{Outcome, Search};
use crate::zones::{self, Finding, Ops};

/// How many steps the first slice of a part has: so many for each operation and in any case.
const STEPS_PER_OPERATION: u64 = 8;
const STEPS_BASE: u64 = 512;

/// After how many steps of its first slice a search is looked into; later ones always are.
const STEPS_BEFORE_DOUBT: u64 = 60_000;

/// Which part of a slice's steps looking into it may take: it is in vain wherever there is an
/// order, and what it misses it may see after the next slice.
const DOUBT_SHARE: u64 = 8;

/// How much larger each slice is than the one before.
const SLICE_GROWTH: u64 = 8;

/// One part, and how far it has come.
pub(crate) struct Job<'a, M: Model> {
    /// The number of the part.
    pub(crate) part: usize,
    stage: Stage<'a, M>,
    slice: u64,
    /// How many slices it has had.
    slices: u32,
}

enum Stage<'a, M: Model> {
    /// Nothing is known yet.
    Fresh,
    /// Its operations are known as the zones see them.
    Gathered(Box<Ops<M>>),
    /// The zones do not decide it.
    BeyondZones,
    Searched(Box<Search<'a, M>>),
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
        let operations = question.parts.operations(part) as u64;
        Job {
            part,
            stage: Stage::Fresh,
            slice: STEPS_BASE + STEPS_PER_OPERATION * operations,
            slices: 0,
        }
    }

    /// Work on a part of which the operations are known as the zones see them, or known to be
    /// of a kind that they do not decide.
    pub(crate) fn gathered(
        question: &Question<'a, M>,
        part: usize,
        ops: Option<Ops<M>>,
    ) -> Job<'a, M> {
        let stage = ops.map_or(Stage::BeyondZones, |ops| Stage::Gathered(Box::new(ops)));
        Job {
            stage,
            ..Job::new(question, part)
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
        } = question;
        let found = match std::mem::replace(&mut self.stage, Stage::BeyondZones) {
            Stage::Fresh => {
                let entries = parts.entries(history, self.part);
                zones::decide(*model, history, entries, meter, elsewhere_bytes)
            }
            Stage::Gathered(ops) => zones::judge(*model, history, *ops, meter, elsewhere_bytes),
            later => {
                self.stage = later;
                Ok(None)
            }
        };
        match found {
            Ok(Some(Finding::Consistent(_))) => return Step::Consistent,
            Ok(Some(Finding::Violation(conflict))) => {
                return Step::Violation(Evidence::conflict(conflict));
            }
            Ok(None) => {}
            Err(reason) => return Step::RanOut(reason),
        }
        if matches!(self.stage, Stage::BeyondZones) {
            let entries = parts.entries(history, self.part);
            match fifo::decide(*model, history, entries, meter, elsewhere_bytes) {
                Ok(None) => {}
                Ok(Some(fifo::Finding::Consistent)) => return Step::Consistent,
                Ok(Some(fifo::Finding::Violation(conflict))) => {
                    return Step::Violation(Evidence::conflict(conflict));
                }
                Err(reason) => return Step::RanOut(reason),
            }
            let entries = parts.entries(history, self.part);
            match Search::new(*model, history, entries, *hints, meter, elsewhere_bytes) {
                Ok(search) => self.stage = Stage::Searched(Box::new(search)),
                Err(reason) => return Step::RanOut(reason),
            }
        }
        let Stage::Searched(search) = &mut self.stage else {
            unreachable!("what the zones do not decide is searched");
        };
        let outcome = search.run(meter, self.slice, elsewhere_bytes);
        let spent = self.slice;
        self.slice = spent.saturating_mul(SLICE_GROWTH);
        self.slices += 1;
        match outcome {
            Outcome::Consistent => Step::Consistent,
            Outcome::Violation => Step::Violation(Evidence::of(search)),
            Outcome::Paused if self.slices > 1 || spent > STEPS_BEFORE_DOUBT => {
                let ended = Evidence::of(search);
                if refutes(question, self.part, &ended, spent / DOUBT_SHARE, meter) {
                    Step::Violation(ended)
                } else {
                    Step::Paused
                }
            }
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
        match &self.stage {
            Stage::Fresh | Stage::BeyondZones => 0,
            Stage::Gathered(ops) => ops.memory_bytes(),
            Stage::Searched(search) => search.memory_bytes(),
        }
    }

    /// How far the part has come, given how many others are decided.
    pub(crate) fn progress(&self, question: &Question<M>, partitions_decided: usize) -> Progress {
        let Question { history, parts, .. } = question;
        let (operations_ordered, operations) = match &self.stage {
            Stage::Searched(search) => (search.known_ordered(), search.known()),
            _ => {
                let entries = parts.entries(history, self.part);
                (0, entries.filter(|entry| entry.ret.is_some()).count())
            }
        };
        Progress {
            partitions_decided,
            partitions: parts.len(),
            operations_ordered,
            operations,
        }
    }
}
