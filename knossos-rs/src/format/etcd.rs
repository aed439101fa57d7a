//! The operations that etcd's robustness tests leave, `client-N/operations.json`: objects one
//! after another, however they are laid out; those of one run in one file for each client.
//!
//! What is asked of one key is read: a range of one key, and each put, delete and range of a
//! transaction, as an operation of its own. That a transaction is one, and what its conditions
//! were, is not checked. An operation with an error has an unknown outcome, and its `Return` is
//! not its end. A lease that is revoked may delete, at any time after that, the keys that were
//! put with it. All else is left out: ranges of many keys, those of an old revision, and what
//! changes no key.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Deserialize;

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

/// What an operation looks like.
const EXAMPLE: &str =
    r#"{"ClientId":1,"Input":{"Type":"range",...},"Call":120,"Output":{...},"Return":940}"#;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    client_id: u64,
    input: Request,
    call: u64,
    output: Response,
    #[serde(rename = "Return")]
    ends: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    range: Option<Range>,
    txn: Option<Transaction>,
    lease_revoke: Option<Lease>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Range {
    start: String,
    end: String,
    revision: i64,
}

#[derive(Deserialize)]
struct Lease {
    #[serde(rename = "LeaseID", default)]
    id: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transaction {
    operations_on_success: Option<Vec<Step>>,
    operations_on_failure: Option<Vec<Step>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Step {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(default)]
    range: Range,
    put: Option<Put>,
    delete: Option<Delete>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    key: String,
    #[serde(default)]
    value: Value,
    #[serde(rename = "LeaseID", default)]
    lease: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    key: String,
}

/// A value, or the hash of a long one.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Value {
    value: String,
    hash: u64,
}

impl Value {
    fn datum(&self) -> Datum {
        if self.value.is_empty() && self.hash != 0 {
            return Datum::Text(format!("hash {}", self.hash).into());
        }
        Datum::Text(self.value.as_str().into())
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Response {
    range: Option<Found>,
    txn: Option<Done>,
    error: String,
    client_error: String,
    persisted: bool,
    partial_response: bool,
}

impl Response {
    /// Whether the client does not know what came of it.
    fn is_unknown(&self) -> bool {
        !self.error.is_empty() || self.persisted || self.partial_response
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Found {
    #[serde(rename = "KVs")]
    pairs: Option<Vec<Pair>>,
}

impl Found {
    /// The value of the key, if it was there.
    fn value(&self) -> Datum {
        let pair = self.pairs.iter().flatten().next();
        pair.map_or(Datum::Null, |pair| pair.value.datum())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    #[serde(default)]
    value: Value,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Done {
    failure: bool,
    results: Option<Vec<Found>>,
}

/// What is asked of one key, and what was answered.
struct Part {
    op: &'static str,
    key: String,
    input: Datum,
    answer: Option<Datum>,
}

/// Reads the operations of a run.
pub(super) fn read<C: Codec>(codec: &C, reader: impl BufRead) -> Result<Contents<C>, ReadError> {
    let mut forms = Forms::new(reader, Notation::Json, EXAMPLE);
    let mut run = Run::new(codec);
    while let Some((line, form)) = forms.next()? {
        let written: Written = serde_json::from_str(form).map_err(|error| {
            let (lines, problem) = mistake(&error, EXAMPLE);
            ReadError::at(line + lines, problem)
        })?;
        run.take(&written, line)
            .map_err(|problem| ReadError::at(line, problem))?;
    }
    run.finish()
}

struct Run<'c, C: Codec> {
    codec: &'c C,
    one_key: OneKey,
    operations: Vec<OperationOf<C>>,
    left_out: usize,
    /// The keys that were put with a lease.
    leased: BTreeMap<i64, Vec<String>>,
    /// Who revoked which lease, when, and on which line.
    revoked: Vec<(u64, i64, u64, usize)>,
}

impl<'c, C: Codec> Run<'c, C> {
    fn new(codec: &'c C) -> Self {
        Run {
            codec,
            one_key: OneKey::default(),
            operations: Vec::new(),
            left_out: 0,
            leased: BTreeMap::new(),
            revoked: Vec::new(),
        }
    }

    fn take(&mut self, written: &Written, line: usize) -> Result<(), String> {
        let Written {
            client_id: client,
            input,
            call,
            output,
            ends,
        } = written;
        if let Some(lease) = &input.lease_revoke {
            self.revoked.push((*client, lease.id, *call, line));
            return Ok(());
        }
        if let Some(transaction) = &input.txn {
            for steps in [
                &transaction.operations_on_success,
                &transaction.operations_on_failure,
            ] {
                self.note_leases(steps.iter().flatten());
            }
        }
        let parts = parts(input, output);
        if parts.is_empty() {
            self.left_out += 1;
        }
        for part in parts {
            let ret = match &part.answer {
                None => None,
                Some(_) => Some(u64::try_from(*ends).ok().filter(|ends| ends >= call).ok_or_else(
                    || format!("`Return` is {ends}, before `Call`, {call}; an operation returns no earlier than it is called"),
                )?),
            };
            self.push(part, *client, *call, ret, line)?;
        }
        Ok(())
    }

    fn push(
        &mut self,
        part: Part,
        client: u64,
        call: u64,
        ret: Option<u64>,
        line: usize,
    ) -> Result<(), String> {
        let written = Line {
            op: part.op.into(),
            key: Some(part.key.into()),
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
        for put in steps.filter_map(|step| step.put.as_ref()) {
            if put.lease != 0 {
                let keys = self.leased.entry(put.lease).or_default();
                if !keys.contains(&put.key) {
                    keys.push(put.key.clone());
                }
            }
        }
    }

    fn finish(mut self) -> Result<Contents<C>, ReadError> {
        let leased = std::mem::take(&mut self.leased);
        for (client, lease, call, line) in std::mem::take(&mut self.revoked) {
            for key in leased.get(&lease).into_iter().flatten() {
                let part = Part {
                    op: "delete",
                    key: key.clone(),
                    input: Datum::Null,
                    answer: None,
                };
                self.push(part, client, call, None, line)
                    .map_err(|problem| ReadError::at(line, problem))?;
            }
        }
        Ok(Contents {
            format: Format::EtcdOperations,
            operations: self.operations,
            failed: Vec::new(),
            left_out: LeftOut {
                operations: self.left_out,
                ..LeftOut::default()
            },
            client_names: BTreeMap::<u64, Text>::new(),
            has_times: true,
            faults: Vec::new(),
            begins_with: None,
        })
    }
}

/// What an operation asks of single keys.
fn parts(input: &Request, output: &Response) -> Vec<Part> {
    let is_unknown = output.is_unknown();
    if !output.client_error.is_empty() {
        return Vec::new();
    }
    if let Some(range) = &input.range {
        let found = output.range.as_ref().filter(|_| !is_unknown);
        let of_range = found.and_then(|found| read_of(range, found));
        return of_range.into_iter().collect();
    }
    let Some(transaction) = &input.txn else {
        return Vec::new();
    };
    let [on_success, on_failure] = [
        &transaction.operations_on_success,
        &transaction.operations_on_failure,
    ]
    .map(|steps| steps.as_deref().unwrap_or_default());
    match output.txn.as_ref().filter(|_| !is_unknown) {
        // Nobody knows which of the two came about: each may have written, later or never.
        None => [on_success, on_failure]
            .into_iter()
            .flatten()
            .filter_map(write_of)
            .collect(),
        Some(done) => {
            let steps = if done.failure { on_failure } else { on_success };
            let results = done.results.as_deref().unwrap_or_default();
            let answered = |(place, step): (usize, &Step)| match write_of(step) {
                Some(write) => Some(Part {
                    answer: Some(Datum::entry("ok", true)),
                    ..write
                }),
                None => read_of(&step.range, results.get(place)?),
            };
            steps.iter().enumerate().filter_map(answered).collect()
        }
    }
}

/// A read of one key as it is now.
fn read_of(range: &Range, found: &Found) -> Option<Part> {
    let is_of_one = !range.start.is_empty() && range.end.is_empty() && range.revision == 0;
    is_of_one.then(|| Part {
        op: "get",
        key: range.start.clone(),
        input: Datum::Null,
        answer: Some(Datum::entry("value", found.value())),
    })
}

/// A put or a delete, without an answer.
fn write_of(step: &Step) -> Option<Part> {
    let (op, key, input) = match (&*step.kind, &step.put, &step.delete) {
        ("put-operation", Some(put), _) => ("put", &put.key, put.value.datum()),
        ("delete-operation", _, Some(delete)) => ("delete", &delete.key, Datum::Null),
        _ => return None,
    };
    Some(Part {
        op,
        key: key.clone(),
        input,
        answer: None,
    })
}
