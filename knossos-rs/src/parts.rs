//! The parts (keys) of a history: which operations belong to which.
//!
//! Indices into the history, grouped by part, and the other way round: eight bytes for each
//! operation, and none if there is only one part.

use std::sync::OnceLock;

use crate::entry::Entry;
use crate::fixed_hash::hash_text;
use crate::hash_index::HashIndex;
use crate::history::Operation;
use crate::model::{Model, OperationOf};

/// Which operations belong to which part; parts are in order of their first operation.
pub(crate) struct Parts {
    /// The part of each operation; empty if there is but one part.
    numbers: Vec<u32>,
    /// Indices grouped by part, once somebody asks; empty if there is but one part.
    grouped: OnceLock<Vec<u32>>,
    /// Where each part begins, and where the last one ends.
    starts: Vec<u32>,
    /// Whether some operation touches everything, so that there is one part without a name.
    is_whole: bool,
}

/// Parts in the making: operations are added in order of the history.
pub(crate) struct Parting<'a> {
    names: Vec<&'a str>,
    index: HashIndex,
    /// The part of the operation before.
    latest: u32,
    numbers: Vec<u32>,
    sizes: Vec<u32>,
    is_whole: bool,
}

impl<'a> Parting<'a> {
    /// No operations yet, and room for so many.
    pub(crate) fn with_room(operations: usize) -> Parting<'a> {
        Parting {
            names: Vec::new(),
            index: HashIndex::default(),
            latest: 0,
            numbers: Vec::with_capacity(operations),
            sizes: Vec::new(),
            is_whole: false,
        }
    }

    /// Adds an operation that touches the part with this name, or everything; gives the number of
    /// its part, unless something that touches everything comes later.
    #[inline]
    pub(crate) fn add(&mut self, name: Option<&'a str>) -> u32 {
        let part = match name {
            Some(name) if !self.is_whole => self.number(name),
            _ => {
                self.is_whole = true;
                0
            }
        };
        self.numbers.push(part);
        part
    }

    /// Whether everything is one part without a name.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    fn number(&mut self, name: &'a str) -> u32 {
        let is_latest = |latest: &&str| *latest == name;
        if !self.names.get(self.latest as usize).is_some_and(is_latest) {
            let names = &self.names;
            let is_it = |number: u32| names[number as usize] == name;
            let next = u32::try_from(names.len()).expect("fewer than 2^32 parts");
            let known = self.index.find_or_insert(hash_text(name, 0), next, is_it);
            if known.is_none() {
                self.names.push(name);
                self.sizes.push(0);
            }
            self.latest = known.unwrap_or(next);
        }
        self.sizes[self.latest as usize] += 1;
        self.latest
    }

    /// The parts.
    pub(crate) fn finish(mut self) -> Parts {
        let operations = u32::try_from(self.numbers.len()).expect("fewer than 2^32 operations");
        if self.is_whole {
            self.sizes = vec![operations];
        }
        if self.sizes.len() == 1 {
            self.numbers = Vec::new();
        }
        // From sizes to where each part begins.
        let mut starts = self.sizes;
        let mut end = 0;
        for start in &mut starts {
            (*start, end) = (end, end + *start);
        }
        starts.push(operations);
        Parts {
            numbers: self.numbers,
            grouped: OnceLock::new(),
            starts,
            is_whole: self.is_whole,
        }
    }
}

impl Parts {
    /// The parts of a history; one part if any operation touches everything.
    #[cfg(test)]
    pub(crate) fn new<M: Model>(model: &M, history: &[OperationOf<M>]) -> Parts {
        let mut parting = Parting::with_room(history.len());
        for operation in history {
            parting.add(model.partition(&operation.input));
        }
        parting.finish()
    }

    /// No parts: nothing is known of the history.
    pub(crate) fn none() -> Parts {
        Parting::with_room(0).finish()
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
        let grouped = self
            .grouped
            .get_or_init(|| group(&self.numbers, &self.starts));
        (self.starts[part]..self.starts[part + 1]).map(move |place| {
            let index = grouped.get(place as usize).map_or(place, |index| *index);
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
