//! What the revisions of keys stand for.
//!
//! A condition names the revision in which a key was changed last, and models know values. The
//! answers of a run tell which value was written in which revision; and where nothing else may
//! have written the same value to that key, the key has the revision just while it has the value.

use std::collections::BTreeMap;

use super::written::{Condition, Found, Request, Response, Written};
use crate::text::Text;

/// What is known of a run, once all of it was read.
#[derive(Default)]
pub(super) struct Known {
    /// The value that a key had in a revision; `None` if answers disagree.
    values: BTreeMap<(Text, i64), Option<Text>>,
    /// What is known of each value of a key.
    writes: BTreeMap<(Text, Text), Write>,
}

/// What is known of a value that was perhaps written to a key.
#[derive(Default)]
struct Write {
    /// Whether one operation may have written it.
    is_written: bool,
    /// Whether another one may have as well.
    is_again: bool,
    /// The revision in which it was written; that of the first answer that tells.
    revision: Option<i64>,
    /// Whether another answer tells another one.
    is_of_several: bool,
}

impl Known {
    /// Takes note of what an operation wrote or saw.
    pub(super) fn note(&mut self, written: &Written) {
        let Written { input, output, .. } = written;
        self.note_writes(input);
        if !output.is_unknown() {
            self.note_answers(input, output);
        }
    }

    fn note_writes(&mut self, input: &Request) {
        let steps = input.txn.iter().flat_map(|txn| txn.steps());
        for put in steps.filter_map(|step| step.put()) {
            let write = (put.key.clone(), put.value.text());
            let write = self.writes.entry(write).or_default();
            write.is_again = write.is_written;
            write.is_written = true;
        }
    }

    fn note_answers(&mut self, input: &Request, output: &Response) {
        output.range.iter().for_each(|found| self.see(found));
        let (Some(txn), Some(done)) = (&input.txn, &output.txn) else {
            return;
        };
        done.results().iter().for_each(|found| self.see(found));
        let steps = match done.failure {
            true => txn.on_failure(),
            false => txn.on_success(),
        };
        for put in steps.iter().filter_map(|step| step.put()) {
            self.had(&put.key, output.revision, put.value.text());
        }
    }

    fn see(&mut self, found: &Found) {
        for pair in found.pairs.iter().flatten() {
            self.had(&pair.key, pair.mod_revision, pair.value.text());
        }
    }

    fn had(&mut self, key: &Text, revision: i64, value: Text) {
        if revision > 0 {
            let write = self.writes.entry((key.clone(), value.clone()));
            let write = write.or_default();
            write.is_of_several |= write.revision.is_some_and(|other| other != revision);
            write.revision = Some(revision);
            let known = self.values.entry((key.clone(), revision));
            let known = known.or_insert_with(|| Some(value.clone()));
            if known.as_ref() != Some(&value) {
                *known = None;
            }
        }
    }

    /// The revision that the only put of this value made.
    pub(super) fn revision_of_put(&self, key: &Text, value: &Text) -> Option<i64> {
        let write = self.writes.get(&(key.clone(), value.clone()))?;
        let is_one = write.is_written && !write.is_again && !write.is_of_several;
        write.revision.filter(|_| is_one)
    }

    /// What the key holds just while the condition holds: a value, or nothing. `None` if that
    /// cannot be said.
    pub(super) fn content(&self, condition: &Condition) -> Option<Option<Text>> {
        let Condition {
            key,
            expected_revision: revision,
            expected_version,
        } = condition;
        if *expected_version != 0 {
            return None;
        }
        if *revision == 0 {
            return Some(None);
        }
        let value = self.values.get(&(key.clone(), *revision))?.clone()?;
        let write = (key.clone(), value);
        let is_again = self.writes.get(&write).is_some_and(|known| known.is_again);
        (!is_again).then_some(Some(write.1))
    }
}

/// Whether what the operation comes to depends on what the rest of the run tells.
pub(super) fn asks_of_others(Written { input, output, .. }: &Written) -> bool {
    let conditions = input.txn.iter().flat_map(|txn| txn.conditions());
    conditions
        .into_iter()
        .any(|condition| condition.expected_revision != 0)
        || output.is_unknown()
}
