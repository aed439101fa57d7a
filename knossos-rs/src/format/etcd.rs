//! The operations that etcd's robustness tests leave, `client-N/operations.json`: objects one
//! after another, however they are laid out; those of one run in one file for each client.
//!
//! What is asked of one key is read: a range of one key, a put, a delete. A transaction with one
//! condition, on the key that it then reads or changes, is a compare-and-swap of that key where
//! answers tell which value the expected revision stands for. Of any other
//! transaction with a condition, or with several operations, what it did to single keys is read,
//! each as an operation of its own; such transactions are counted
//! (`LeftOut::transactions`), since without a violation nothing is known of the rest.
//!
//! An operation with an error has an unknown outcome, and its `Return` is not its end. But a put
//! whose value no other one writes, and which was seen, had happened when an answer returned that
//! tells its revision or a later one. A lease
//! that is revoked may delete, at any time after that, the keys that were put with it; it is
//! counted as well. All else is left out: ranges of many keys, those of an old revision, and
//! what changes no key.
//!
//! Models do not know revisions. Of what was called after an answer returned, none may tell an
//! earlier revision than that answer, neither of all nor of a key; those that do are counted
//! (`LeftOut::revisions`): without a violation nothing is known.

mod known;
mod parts;
mod revisions;
mod written;

use std::collections::BTreeMap;
use std::io::BufRead;

use super::ReadError;
use super::codec::{Codec, Line, OneKey};
use super::contents::{Contents, LeftOut};
use super::datum::Datum;
use super::json::mistake;
use super::kind::Format;
use super::source::{Forms, Notation};
use crate::history::Operation;
use crate::model::OperationOf;
use crate::text::Text;
use known::{Known, asks_of_others};
use parts::{Part, Parts};
use revisions::{Deadlines, Revisions};
use written::{Step, Written};

/// What an operation looks like.
const EXAMPLE: &str =
    r#"{"ClientId":1,"Input":{"Type":"range",...},"Call":120,"Output":{...},"Return":940}"#;

/// Reads the operations of a run.
pub(super) fn read<C: Codec>(codec: &C, reader: impl BufRead) -> Result<Contents<C>, ReadError> {
    let mut forms = Forms::new(reader, Notation::Json, EXAMPLE);
    let mut run = Run::new(codec);
    while let Some((line, form)) = forms.next()? {
        let written: Written = serde_json::from_str(form).map_err(|error| {
            let (lines, problem) = mistake(&error, EXAMPLE);
            ReadError::at(line + lines, problem)
        })?;
        run.take(written, line)?;
    }
    run.finish()
}

struct Run<'c, C: Codec> {
    codec: &'c C,
    one_key: OneKey,
    operations: Vec<OperationOf<C>>,
    left_out: LeftOut,
    known: Known,
    revisions: Revisions,
    deadlines: Deadlines,
    /// What depends on all that is known: its place among the operations, and its line.
    waiting: Vec<(usize, Written, usize)>,
    /// The keys that were put with a lease.
    leased: BTreeMap<i64, Vec<Text>>,
    /// Who revoked which lease, when, and on which line.
    revoked: Vec<(u64, i64, u64, usize)>,
}

impl<'c, C: Codec> Run<'c, C> {
    fn new(codec: &'c C) -> Self {
        Run {
            codec,
            one_key: OneKey::default(),
            operations: Vec::new(),
            left_out: LeftOut::default(),
            known: Known::default(),
            revisions: Revisions::default(),
            deadlines: Deadlines::default(),
            waiting: Vec::new(),
            leased: BTreeMap::new(),
            revoked: Vec::new(),
        }
    }

    fn take(&mut self, written: Written, line: usize) -> Result<(), ReadError> {
        if let Some(lease) = &written.input.lease_revoke {
            let revoked = (written.client_id, lease.id, written.call, line);
            self.revoked.push(revoked);
            return Ok(());
        }
        if let Some(txn) = &written.input.txn {
            txn.check()
                .map_err(|problem| ReadError::at(line, problem))?;
            self.note_leases(txn.steps());
        }
        self.known.note(&written);
        self.revisions.note(&written);
        if asks_of_others(&written) {
            self.waiting.push((self.operations.len(), written, line));
            return Ok(());
        }
        self.push_all(&written, line)
    }

    /// Takes what the operation comes to.
    fn push_all(&mut self, written: &Written, line: usize) -> Result<(), ReadError> {
        let Parts { parts, is_whole } = Parts::of(&written.input, &written.output, &self.known);
        self.left_out.transactions += usize::from(!is_whole);
        self.left_out.operations += usize::from(is_whole && parts.is_empty());
        for part in parts {
            self.push(part, written, line)
                .map_err(|problem| ReadError::at(line, problem))?;
        }
        Ok(())
    }

    fn push(&mut self, mut part: Part, of: &Written, line: usize) -> Result<(), String> {
        let (call, mut ends) = (of.call, of.ends);
        if let Some(deadline) = self.deadline(&part).filter(|deadline| *deadline >= call) {
            part.answer = Some(Datum::entry("ok", true));
            ends = i64::try_from(deadline).unwrap_or(i64::MAX);
        }
        let ret = match &part.answer {
            None => None,
            Some(_) => {
                let ret = u64::try_from(ends).ok().filter(|ends| *ends >= call);
                Some(ret.ok_or_else(|| {
                    format!(
                        "`Return` is {ends}, before `Call`, {call}; an operation returns no \
                         earlier than it is called"
                    )
                })?)
            }
        };
        self.push_part(part, (of.client_id, call, ret), line)
    }

    /// When a put without an answer had happened at the latest: it is the only one of its value,
    /// and that was seen, in a revision that was there by then.
    fn deadline(&self, part: &Part) -> Option<u64> {
        let ("put", None, Datum::Text(value)) = (part.op, &part.answer, &part.input) else {
            return None;
        };
        let revision = self.known.revision_of_put(&part.key, value)?;
        self.deadlines.of(revision)
    }

    fn push_part(
        &mut self,
        part: Part,
        (client, call, ret): (u64, u64, Option<u64>),
        line: usize,
    ) -> Result<(), String> {
        let written = Line {
            op: part.op.into(),
            key: Some(part.key),
            input: part.input,
            output: part.answer,
        };
        let (input, output) = self.codec.parse(&written)?;
        self.one_key.admit(self.codec, written.key.as_ref(), line)?;
        self.operations.push(Operation {
            client,
            input,
            output,
            call,
            ret,
        });
        Ok(())
    }

    fn note_leases<'s>(&mut self, steps: impl Iterator<Item = &'s Step>) {
        for put in steps.filter_map(Step::put) {
            if put.lease != 0 {
                let keys = self.leased.entry(put.lease).or_default();
                if !keys.contains(&put.key) {
                    keys.push(put.key.clone());
                }
            }
        }
    }

    /// Reads what waited for the rest, each in its place.
    fn take_waiting(&mut self) -> Result<(), ReadError> {
        self.deadlines = self.revisions.deadlines();
        let mut read = std::mem::take(&mut self.operations).into_iter();
        let mut taken = 0;
        for (place, written, line) in std::mem::take(&mut self.waiting) {
            self.operations.extend(read.by_ref().take(place - taken));
            taken = place;
            self.push_all(&written, line)?;
        }
        self.operations.extend(read);
        Ok(())
    }

    fn take_revoked(&mut self) -> Result<(), ReadError> {
        let leased = std::mem::take(&mut self.leased);
        for (client, lease, call, line) in std::mem::take(&mut self.revoked) {
            let Some(keys) = leased.get(&lease) else {
                continue;
            };
            self.left_out.transactions += 1;
            for key in keys {
                let part = Part {
                    op: "delete",
                    key: key.clone(),
                    input: Datum::Null,
                    answer: None,
                };
                self.push_part(part, (client, call, None), line)
                    .map_err(|problem| ReadError::at(line, problem))?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Contents<C>, ReadError> {
        self.take_waiting()?;
        self.take_revoked()?;
        self.left_out.revisions = self.revisions.contradicted();
        Ok(Contents {
            format: Format::EtcdOperations,
            operations: self.operations,
            failed: Vec::new(),
            left_out: self.left_out,
            client_names: BTreeMap::new(),
            has_times: true,
            late_by: 0,
            faults: Vec::new(),
            begins_with: None,
        })
    }
}
