//! The parts (keys) of a history: which operations belong to which.
//!
//! Indices into the history, grouped by part, and the other way round: eight bytes for each
//! operation, and none if there is only one part.

use crate::history::Operation;
use crate::interner::Interner;
use crate::model::{Model, OperationOf};
use crate::search::Entry;

/// Which operations belong to which part; parts are in order of their first operation.
pub(crate) struct Parts {
    /// Indices grouped by part, and the part of each operation; empty if there is but one part.
    grouped: Vec<u32>,
    numbers: Vec<u32>,
    /// Where each part begins, and where the last one ends.
    starts: Vec<u32>,
    /// Whether some operation touches everything, so that there is one part without a name.
    is_whole: bool,
}

impl Parts {
    /// The parts of a history; one part if any operation touches everything.
    pub(crate) fn new<M: Model>(model: &M, history: &[OperationOf<M>]) -> Parts {
        let operations = u32::try_from(history.len()).expect("fewer than 2^32 operations");
        let mut names = Interner::new();
        let mut numbers: Vec<u32> = Vec::with_capacity(history.len());
        let mut starts: Vec<u32> = Vec::new();
        for operation in history {
            let Some(name) = model.partition(&operation.input) else {
                return Parts {
                    grouped: Vec::new(),
                    numbers: Vec::new(),
                    starts: vec![0, operations],
                    is_whole: true,
                };
            };
            let (number, is_new) = names.intern(name);
            if is_new {
                starts.push(0);
            }
            starts[number as usize] += 1;
            numbers.push(number);
        }
        // From sizes to where each part begins.
        let mut end = 0;
        for start in &mut starts {
            (*start, end) = (end, end + *start);
        }
        let mut grouped = Vec::new();
        if starts.len() > 1 {
            grouped = group(&numbers, &starts);
        } else {
            numbers = Vec::new();
        }
        starts.push(operations);
        Parts {
            grouped,
            numbers,
            starts,
            is_whole: false,
        }
    }

    /// How many parts there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many operations a part has.
    pub(crate) fn operations(&self, part: usize) -> usize {
        (self.starts[part + 1] - self.starts[part]) as usize
    }

    /// The operations of a part, in order of the history.
    pub(crate) fn entries<I, O>(
        &self,
        history: &[Operation<I, O>],
        part: usize,
    ) -> impl Iterator<Item = Entry> {
        (self.starts[part]..self.starts[part + 1]).map(move |place| {
            let index = self
                .grouped
                .get(place as usize)
                .map_or(place, |index| *index);
            let index = index as usize;
            Entry {
                index,
                ret: history[index].ret,
            }
        })
    }

    /// The operations of all parts, in order of the history, each with its part.
    pub(crate) fn numbered<I, O>(
        &self,
        history: &[Operation<I, O>],
    ) -> impl Iterator<Item = (Entry, usize)> {
        let entry = |(index, operation): (usize, &Operation<I, O>)| Entry {
            index,
            ret: operation.ret,
        };
        let part = |index: usize| self.numbers.get(index).map_or(0, |part| *part as usize);
        let entries = history.iter().enumerate().map(entry);
        entries.map(move |entry| (entry, part(entry.index)))
    }

    /// What the model calls the part.
    pub(crate) fn name<M: Model>(
        &self,
        model: &M,
        history: &[OperationOf<M>],
        part: usize,
    ) -> Option<String> {
        let first = self.entries(history, part).next()?;
        let name = model.partition(&history[first.index].input);
        name.filter(|_| !self.is_whole).map(str::to_owned)
    }
}

/// The indices grouped by number, given where each group begins.
fn group(numbers: &[u32], starts: &[u32]) -> Vec<u32> {
    let mut next = starts.to_vec();
    let mut grouped = vec![0; numbers.len()];
    for (index, number) in (0..).zip(numbers) {
        let place = &mut next[*number as usize];
        grouped[*place as usize] = index;
        *place += 1;
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::kv::{Input, KeyValue, Op, Output};
    use crate::models::register::{self, Register};

    fn get(key: &str) -> OperationOf<KeyValue> {
        let key = key.into();
        Operation::completed(1, Input { key, op: Op::Get }, Output::Value(None), 0, 9)
    }

    fn indices<I, O>(parts: &Parts, history: &[Operation<I, O>], part: usize) -> Vec<usize> {
        let entries = parts.entries(history, part);
        entries.map(|entry| entry.index).collect()
    }

    #[test]
    fn parts_come_in_order_of_their_first_operations() {
        let history = ["b", "a", "b", "c", "a", "b"].map(get);
        let parts = Parts::new(&KeyValue, &history);
        assert_eq!(parts.len(), 3);
        assert_eq!(indices(&parts, &history, 0), [0, 2, 5]);
        assert_eq!(indices(&parts, &history, 1), [1, 4]);
        assert_eq!(indices(&parts, &history, 2), [3]);
        let numbers: Vec<usize> = parts.numbered(&history).map(|(_, part)| part).collect();
        assert_eq!(numbers, [0, 1, 0, 2, 1, 0]);
        assert_eq!(parts.operations(0), 3);
        assert_eq!(parts.name(&KeyValue, &history, 1), Some("a".to_owned()));
    }

    #[test]
    fn what_touches_everything_makes_one_part_without_a_name() {
        let read = Operation::unknown(1, register::Input::Read, 0);
        let history = [read.clone(), read];
        let parts = Parts::new(&Register, &history);
        assert_eq!(parts.len(), 1);
        assert_eq!(indices(&parts, &history, 0), [0, 1]);
        assert_eq!(parts.name(&Register, &history, 0), None);
    }

    #[test]
    fn an_empty_history_has_no_parts() {
        assert_eq!(Parts::new(&KeyValue, &[]).len(), 0);
    }
}
