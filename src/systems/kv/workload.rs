//! What the clients of the store do.
//!
//! Every written value is unique (client and number), so that a read says
//! exactly which write it saw; a stock workload whose value is its key could
//! never show a stale read.

use std::collections::BTreeMap;

use knossos::Text;
use knossos::models::kv::{Input, Op, Output};
use serde_json::{Value, json};

use crate::client::{Chooser, KeyChooser, Mix, Numbered, Record, Workload, WorkloadOptions};
use crate::observation::ClientId;

/// One client of the store.
#[derive(Debug)]
pub struct KvWorkload {
    client: ClientId,
    written: u64,
    keys: KeyChooser,
    names: Vec<Text>,
    mix: Mix,
    /// The value of each key as this client last saw it: what a cas expects.
    seen: BTreeMap<Text, Option<Text>>,
}

impl KvWorkload {
    fn unique_value(&mut self) -> Text {
        self.written += 1;
        Text::from(&*Numbered::new(self.client, self.written))
    }

    fn key(&self, chooser: &mut Chooser<'_>) -> Text {
        self.names[self.keys.choose(chooser) as usize].clone()
    }

    fn operation(&mut self, name: &str, key: &Text) -> Op {
        match name {
            "get" => Op::Get,
            "put" => Op::Put(self.unique_value()),
            "delete" => Op::Delete,
            // Separated, so that a read value tells its parts.
            "append" => Op::Append(Text::from(format!(" {}", &*self.unique_value()))),
            _ => Op::Cas {
                old: self.seen.get(key).cloned().flatten(),
                new: Some(self.unique_value()),
            },
        }
    }
}

impl Workload for KvWorkload {
    type Command = Input;
    type Output = Output;

    fn new(client: ClientId, options: &WorkloadOptions) -> Self {
        Self {
            client,
            written: 0,
            keys: KeyChooser::new(options.keys),
            names: (0..options.keys.count)
                .map(|key| Text::from(format!("k{key}")))
                .collect(),
            mix: options.mix,
            seen: BTreeMap::new(),
        }
    }

    fn next(&mut self, read: bool, chooser: &mut Chooser<'_>) -> Input {
        if read {
            return self.named("get", chooser);
        }
        let key = self.key(chooser);
        let Mix {
            put,
            delete,
            append,
            cas,
        } = self.mix;
        let choice = chooser.weighted(&[put, delete, append, cas]);
        let op = self.operation(["put", "delete", "append", "cas"][choice], &key);
        Input { key, op }
    }

    const OPERATIONS: &'static [&'static str] = &["get", "put", "delete", "append", "cas"];

    fn named(&mut self, name: &str, chooser: &mut Chooser<'_>) -> Input {
        let key = self.key(chooser);
        let op = self.operation(name, &key);
        Input { key, op }
    }

    fn probe(&mut self, number: u64) -> Input {
        let key = self.names[number as usize % self.names.len()].clone();
        Input {
            key,
            op: Op::Put(self.unique_value()),
        }
    }

    fn completed(&mut self, command: &Input, output: &Output) {
        if self.mix.cas == 0 {
            return;
        }
        let seen = match (&command.op, output) {
            (_, Output::Value(value)) => value.clone(),
            (Op::Put(value), _) => Some(value.clone()),
            (Op::Delete, _) => None,
            (Op::Cas { new, .. }, Output::Swapped(true)) => new.clone(),
            _ => return,
        };
        self.seen.insert(command.key.clone(), seen);
    }
}

/// One operation in the history format of the key-value model.
pub(super) fn history_line(record: &Record<Input, Output>) -> Value {
    let Input { key, op } = &record.command;
    let (name, input) = match op {
        Op::Get => ("get", Value::Null),
        Op::Put(value) => ("put", json!(value)),
        Op::Delete => ("delete", Value::Null),
        Op::Append(suffix) => ("append", json!(suffix)),
        Op::Cas { old, new } => ("cas", json!([old, new])),
    };
    let completion = record.completion.as_ref();
    let output = completion.map(|completed| match &completed.output {
        Output::Value(value) => json!({ "value": value }),
        Output::Done => json!({ "ok": true }),
        Output::Swapped(matched) => json!({ "ok": matched }),
    });
    json!({
        "client": record.client,
        "key": key,
        "op": name,
        "in": input,
        "out": output,
        "call": record.call.as_nanos(),
        "ret": completion.map(|completed| completed.at.as_nanos()),
    })
}
