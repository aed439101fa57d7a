//! Answers that tell revisions which contradict the order of time.
//!
//! Revisions only grow. What was called after an answer returned is of no earlier revision than
//! that answer, and sees each key as it was changed last, or later than that.

use std::collections::{BTreeMap, BTreeSet};

use super::written::{Change, Found, Request, Step, Written};
use crate::text::Text;

/// What an answer tells of the last revision of all, or of that of one key.
struct Told {
    call: u64,
    ret: u64,
    /// The number of the operation.
    of: usize,
    /// The revision it is of, if it tells one.
    is_of: Option<i64>,
    /// No answer to what is called later is of an earlier revision.
    leaves: i64,
}

/// The revisions of a run.
#[derive(Default)]
pub(super) struct Revisions {
    operations: usize,
    /// Those of each key, and those of all (`None`).
    told: BTreeMap<Option<Text>, Vec<Told>>,
}

impl Revisions {
    /// Takes note of what an operation was answered.
    pub(super) fn note(&mut self, written: &Written) {
        let Written { input, output, .. } = written;
        self.operations += 1;
        let ends = u64::try_from(written.ends);
        let (Ok(ret), false) = (ends, output.is_unknown()) else {
            return;
        };
        let mut answer = Answer {
            revisions: self,
            call: written.call,
            ret,
            last: output.revision,
        };
        match (input, &output.range, &output.txn) {
            (
                Request {
                    range: Some(range), ..
                },
                Some(found),
                _,
            ) if range.revision == 0 => {
                answer.tell(None, answer.last, answer.last);
                answer.see(range.is_of_one().then_some(&*range.start), found, 1);
            }
            (
                Request {
                    range: None,
                    txn: Some(txn),
                    ..
                },
                _,
                Some(done),
            ) => {
                let steps = match done.failure {
                    true => txn.on_failure(),
                    false => txn.on_success(),
                };
                answer.take_steps(steps, done.results());
            }
            _ => {}
        }
    }

    /// When each revision was there at the latest.
    pub(super) fn deadlines(&self) -> Deadlines {
        let told = self.told.values().flatten();
        let known = told.filter_map(|it| Some((it.is_of?, it.ret)));
        let mut by_revision: Vec<(i64, u64)> = known.collect();
        by_revision.sort_unstable();
        let mut earliest = u64::MAX;
        for (_, ret) in by_revision.iter_mut().rev() {
            earliest = earliest.min(*ret);
            *ret = earliest;
        }
        Deadlines { by_revision }
    }

    /// How many answers are of an earlier revision than one that had returned before.
    pub(super) fn contradicted(self) -> usize {
        let contradicted = self.told.into_values().flat_map(contradicted);
        contradicted.collect::<BTreeSet<usize>>().len()
    }
}

/// When revisions were there at the latest: when an answer returned that tells one as late.
#[derive(Default)]
pub(super) struct Deadlines {
    /// Revisions in order, each with the first return of an answer that is of it or a later one.
    by_revision: Vec<(i64, u64)>,
}

impl Deadlines {
    /// When this revision was there at the latest, if any answer tells.
    pub(super) fn of(&self, revision: i64) -> Option<u64> {
        let place = self.by_revision.partition_point(|(of, _)| *of < revision);
        self.by_revision.get(place).map(|(_, ret)| *ret)
    }
}

/// What one answer tells.
struct Answer<'r> {
    revisions: &'r mut Revisions,
    call: u64,
    ret: u64,
    /// The last revision of all when it was given.
    last: i64,
}

impl Answer<'_> {
    fn take_steps(&mut self, steps: &[Step], results: &[Found]) {
        let puts = steps.iter().any(|step| step.put().is_some());
        // A put makes a revision of its own.
        self.tell(None, self.last - i64::from(puts), self.last);
        for (place, step) in steps.iter().enumerate() {
            let found = results.get(place);
            match (step.change(), found) {
                (Some(Change::Put(put)), _) => self.tell(Some(&put.key), self.last, self.last),
                (Some(Change::Delete(key)), Some(found)) if found.deleted > Some(0) => {
                    self.tell(Some(key), self.last, self.last);
                }
                (None, Some(found)) if step.range.revision == 0 => {
                    let one = step.range.is_of_one().then_some(&*step.range.start);
                    self.see(one, found, 0);
                }
                _ => {}
            }
        }
    }

    /// Takes what a range found; of the one key that it asked for, that it is not there: when it
    /// is there again, it was changed at least so much later.
    fn see(&mut self, one: Option<&str>, found: &Found, later: i64) {
        for pair in found.pairs.iter().flatten() {
            self.tell(Some(&pair.key), pair.mod_revision, pair.mod_revision);
        }
        if let (Some(key), None, 1..) = (one, found.pair(), self.last) {
            let told = Told {
                is_of: None,
                ..self.told(0, self.last.saturating_add(later))
            };
            self.push(Some(&key.into()), told);
        }
    }

    fn tell(&mut self, key: Option<&Text>, is_of: i64, leaves: i64) {
        // Without a number there is nothing to compare.
        if leaves > 0 {
            let told = self.told(is_of, leaves);
            self.push(key, told);
        }
    }

    fn told(&self, is_of: i64, leaves: i64) -> Told {
        Told {
            call: self.call,
            ret: self.ret,
            of: self.revisions.operations,
            is_of: Some(is_of),
            leaves,
        }
    }

    fn push(&mut self, key: Option<&Text>, told: Told) {
        self.revisions
            .told
            .entry(key.cloned())
            .or_default()
            .push(told);
    }
}

/// The operations that are of an earlier revision than what had returned before they were called.
fn contradicted(told: Vec<Told>) -> Vec<usize> {
    let mut by_return: Vec<(u64, i64)> = told.iter().map(|it| (it.ret, it.leaves)).collect();
    by_return.sort_unstable();
    let mut by_call: Vec<&Told> = told.iter().collect();
    by_call.sort_unstable_by_key(|it| it.call);
    let mut returned = by_return.into_iter().peekable();
    let mut least = 0;
    let mut found = Vec::new();
    for it in by_call {
        while let Some((_, leaves)) = returned.next_if(|(ret, _)| *ret < it.call) {
            least = least.max(leaves);
        }
        if it.is_of.is_some_and(|is_of| is_of < least) {
            found.push(it.of);
        }
    }
    found
}
