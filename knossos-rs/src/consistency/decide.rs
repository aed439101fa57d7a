//! Which procedure decides which level of which history.

use super::excerpt::{EXCERPT_MAX, sentence};
use super::level::{Consistency, Guarantee, WriteOrder};
use super::order::rules::clauses;
use super::order::{Order, Outcome};
use super::versions::{Versions, violation};
use crate::check::is_linearizable;
use crate::limits::Meter;
use crate::model::{Model, OperationOf};
use crate::report::{Progress, Reason, Verdict, Violation};
use crate::sorting::sort_by_key;
use crate::watch::Watch;

/// How much larger each round's slice of steps is than the one before.
const SLICE_GROWTH: u64 = 8;

/// What it may cost to find out that a history is linearizable, in steps for each operation
/// and in any case.
const SHORTCUT_PER_OPERATION: u64 = 16;
const SHORTCUT_BASE: u64 = 1_000;

/// A history and what is asked about it.
pub(super) struct Question<'a, M: Model> {
    pub(super) model: &'a M,
    pub(super) history: &'a [OperationOf<M>],
    /// The operations, with the numbers of their keys.
    pub(super) operations: &'a [(usize, u32)],
    pub(super) keys: usize,
    pub(super) level: Consistency,
}

impl<M: Model> Question<'_, M> {
    /// The verdict.
    pub(super) fn decide(&self, meter: &mut Meter) -> Verdict {
        if self.level == Consistency::Sequential {
            return if self.is_surely_linearizable(meter) {
                Verdict::Consistent
            } else {
                self.search(true, self.level, &|_| true, meter)
            };
        }
        let mut watch = Watch::new(meter, 0);
        let versions = Versions::new(self.model, self.history, self.operations, &mut watch);
        let found = versions.and_then(|versions| {
            let (model, history, operations) = (self.model, self.history, self.operations);
            let found = violation(
                model, history, operations, &versions, self.level, &mut watch,
            )?;
            Ok((versions, found))
        });
        let versions = match found {
            Err(reason) => return self.nothing_known(reason),
            Ok((_, Some(violation))) => return Verdict::Violation(Box::new(violation)),
            Ok((versions, None)) => versions,
        };
        if versions.are_complete() || self.is_surely_linearizable(meter) {
            return Verdict::Consistent;
        }
        let is_distinct = |key: u32| versions.is_distinct[key as usize];
        let verdict = self.search(false, self.level, &|key| !is_distinct(key), meter);
        if verdict != Verdict::Consistent {
            return verdict;
        }
        match self.level {
            Consistency::Session(
                Guarantee::MonotonicWrites | Guarantee::WritesFollowReads,
                order,
            ) => self.ambiguous(order, meter),
            _ => Verdict::Consistent,
        }
    }

    /// The verdict where it is not clear who wrote what was read.
    fn ambiguous(&self, order: WriteOrder, meter: &mut Meter) -> Verdict {
        if order == WriteOrder::Program
            && self.search(true, Consistency::Sequential, &|_| true, meter) == Verdict::Consistent
        {
            return Verdict::Consistent;
        }
        self.nothing_known(Reason::RepeatedValues)
    }

    /// Unknown, with nothing decided.
    fn nothing_known(&self, reason: Reason) -> Verdict {
        Verdict::Unknown {
            reason,
            progress: Progress {
                partitions_decided: 0,
                partitions: self.keys,
                operations_ordered: 0,
                operations: self.history.len(),
            },
        }
    }

    /// Whether a small effort shows the history linearizable, which implies every other level.
    fn is_surely_linearizable(&self, meter: &Meter) -> bool {
        let effort = SHORTCUT_BASE + SHORTCUT_PER_OPERATION * self.history.len() as u64;
        let mut effort = meter.aside(effort.min(meter.left() / 2));
        is_linearizable(self.model, self.history, &mut effort) == Some(true)
    }

    /// Searches key by key, or across keys: then the keys alone can only show a violation.
    fn search(
        &self,
        across_keys: bool,
        level: Consistency,
        is_asked: &dyn Fn(u32) -> bool,
        meter: &mut Meter,
    ) -> Verdict {
        let mut tasks: Vec<Vec<(usize, u32)>> = vec![Vec::new(); self.keys];
        for (index, key) in self.operations {
            if is_asked(*key) {
                tasks[*key as usize].push((*index, *key));
            }
        }
        tasks.retain(|operations| !operations.is_empty());
        if across_keys && self.keys == 1 {
            tasks.clear();
        }
        if across_keys {
            tasks.insert(0, self.operations.to_vec());
        }
        self.rounds(&tasks, across_keys, level, meter)
    }

    /// Searches in rounds of growing slices, so that an easy violation is found although
    /// something else is hard. If the first search is decisive, it is enough that it succeeds.
    fn rounds(
        &self,
        tasks: &[Vec<(usize, u32)>],
        first_is_decisive: bool,
        level: Consistency,
        meter: &mut Meter,
    ) -> Verdict {
        let clauses = clauses(level);
        let mut searches: Vec<(usize, Order<M>)> = Vec::new();
        for (place, operations) in tasks.iter().enumerate() {
            let bytes: usize = searches
                .iter()
                .map(|(_, search)| search.memory_bytes())
                .sum();
            let mut watch = Watch::new(meter, bytes);
            match Order::new(self.model, self.history, operations, &clauses, &mut watch) {
                Ok(order) => searches.push((place, order)),
                Err(reason) => {
                    let progress = Progress {
                        partitions: self.keys,
                        operations: operations.len(),
                        ..Progress::default()
                    };
                    return Verdict::Unknown { reason, progress };
                }
            }
        }
        let mut decided = 0;
        let mut slice_factor = SLICE_GROWTH;
        while !searches.is_empty() {
            let mut undecided = Vec::new();
            let mut bytes: usize = searches
                .iter()
                .map(|(_, search)| search.memory_bytes())
                .sum();
            for (place, mut search) in searches {
                bytes -= search.memory_bytes();
                let size = tasks[place].len() as u64 + 64;
                match search.run(meter, size.saturating_mul(slice_factor), bytes) {
                    Outcome::Consistent if first_is_decisive && place == 0 => {
                        return Verdict::Consistent;
                    }
                    Outcome::Consistent => decided += 1,
                    Outcome::Violation => {
                        let violation = self.explain(&tasks[place], level, &search, meter);
                        return Verdict::Violation(Box::new(violation));
                    }
                    Outcome::Paused => {
                        bytes += search.memory_bytes();
                        undecided.push((place, search));
                    }
                    Outcome::RanOut(reason) => {
                        let (operations_ordered, operations) = search.progress();
                        return Verdict::Unknown {
                            reason,
                            progress: Progress {
                                partitions_decided: decided,
                                partitions: self.keys,
                                operations_ordered,
                                operations,
                            },
                        };
                    }
                }
            }
            searches = undecided;
            slice_factor = slice_factor.saturating_mul(SLICE_GROWTH);
        }
        Verdict::Consistent
    }

    /// Why there is no order of these operations.
    fn explain(
        &self,
        operations: &[(usize, u32)],
        level: Consistency,
        search: &Order<M>,
        meter: &Meter,
    ) -> Violation {
        let (explained, stuck) = search.deepest();
        let core = self.core(operations, &clauses(level), meter);
        let mut keys: Vec<u32> = core.iter().map(|(_, key)| *key).collect();
        keys.dedup();
        let partition = core
            .first()
            .filter(|_| keys.len() == 1)
            .and_then(|(index, _)| self.model.partition(&self.history[*index].input));
        let mut excerpt: Vec<usize> = core.iter().map(|(index, _)| *index).collect();
        sort_by_key(&mut excerpt, &|index| (self.history[*index].call, *index));
        let excerpt_suffices = excerpt.len() <= EXCERPT_MAX;
        excerpt.truncate(EXCERPT_MAX);
        let promise = match level {
            Consistency::Sequential => "keeps the program order of each client",
            _ => "keeps what the level promises",
        };
        let what = if excerpt_suffices {
            let told: Vec<String> = excerpt
                .iter()
                .map(|index| sentence(self.model, self.history, *index))
                .collect();
            format!("already these have none: {}", told.join("; "))
        } else {
            format!("the longest one found has {} operations", explained.len())
        };
        Violation {
            partition: partition.map(str::to_owned),
            explained,
            stuck,
            core: if excerpt_suffices {
                excerpt.clone()
            } else {
                Vec::new()
            },
            excerpt,
            excerpt_suffices,
            message: format!("no order of the operations {promise}; {what}"),
            ..Violation::default()
        }
    }
}
