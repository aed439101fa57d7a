//! A replicated queue over OmniPaxos, and all that omnisim has to know of it.
//!
//! Commands, answers and the model are those that the checker has for queues, so that nothing is
//! left to write but the state machine and what clients do.

use std::collections::VecDeque;

use knossos::Text;
use knossos::format::Codec;
use knossos::models::queue::{Input, Output, Queue as Model};
use omnisim::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The elements, the first in front.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Elements(VecDeque<Text>);

impl StateMachine for Elements {
    type Command = Input;
    type Output = Output;

    fn apply(&mut self, command: &Input) -> Output {
        match command {
            Input::Enqueue(element) => {
                self.0.push_back(element.clone());
                Output::Done
            }
            Input::Dequeue => Output::Value(self.0.pop_front()),
            Input::Drain => Output::Drained(self.0.drain(..).collect()),
        }
    }
}

/// One client: it enqueues elements that no one else enqueues, and dequeues.
#[derive(Debug)]
pub struct Clients {
    client: ClientId,
    enqueued: u64,
}

impl Workload for Clients {
    type Command = Input;
    type Output = Output;

    fn new(client: ClientId, _: &WorkloadOptions) -> Self {
        Self {
            client,
            enqueued: 0,
        }
    }

    /// What is read of a queue is taken out of it.
    fn next(&mut self, read: bool, _: &mut Chooser<'_>) -> Input {
        if read {
            return Input::Dequeue;
        }
        self.probe(0)
    }

    /// The letter makes it a text in every format: 1.1 and 1.10 are the same number.
    fn probe(&mut self, _: u64) -> Input {
        self.enqueued += 1;
        Input::Enqueue(format!("c{}.{}", self.client, self.enqueued).into())
    }
}

/// The queue as a system under test.
#[derive(Clone, Copy, Debug)]
pub struct Queue;

impl Service for Queue {
    const NAME: &'static str = "queue";
    type Machine = Elements;
    type Workload = Clients;
    type Model = Model;

    fn model() -> Model {
        Model
    }

    /// As `omnisim check --model queue` reads it.
    fn history_line(record: &Record<Input, Output>) -> Value {
        let completion = record.completion.as_ref();
        let output = completion.map(|completed| &completed.output);
        let line = Model.render(&record.command, output);
        json!({
            "client": record.client,
            "op": &*line.op,
            "in": line.input,
            "out": line.output,
            "call": record.call.as_nanos(),
            "ret": completion.map(|completed| completed.at.as_nanos()),
        })
    }
}

/// What the program tests. It stands here so that the simulator is compiled over the queue once,
/// with this library, and neither again for the program nor for the tests.
pub static SYSTEMS: Systems<'static> = omnisim::systems![Queue];
