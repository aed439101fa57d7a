//! The queue: `enqueue`, `dequeue` (nothing: it was empty), `drain`.

use super::value::{data, datum, datum_or_null, list, text, value};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::history::Operation;
use crate::model::OperationOf;
use crate::models::queue::{Input, Output, Queue};

impl Words for Queue {
    const NAME: &'static str = "queue";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "enqueue" => Input::Enqueue(text(&line.input, "in")?),
            "dequeue" => Input::Dequeue,
            "drain" => Input::Drain,
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        let told = || answer::told(&line.op, output);
        match input {
            Input::Enqueue(_) => answer::done(&line.op, output).map(|()| Output::Done),
            Input::Dequeue => value(told()?, "out.value").map(Output::Value),
            Input::Drain => list(told()?, "out.value").map(Output::Drained),
        }
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Enqueue(value) => ("enqueue", datum(value)),
            Input::Dequeue => ("dequeue", Datum::Null),
            Input::Drain => ("drain", Datum::Null),
        }
    }

    fn answer(&self, _: &Input, output: &Output) -> Datum {
        match output {
            Output::Done => answer::ok(),
            Output::Value(value) => answer::happened(datum_or_null(value.as_ref())),
            Output::Drained(values) => answer::happened(data(values)),
        }
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        list(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        Some(data(state))
    }

    fn stands_for_several(&self, input: &Input) -> bool {
        *input == Input::Drain
    }

    /// A drain took its elements one by one while it went on, others perhaps among them; one of
    /// unknown outcome may have taken as many as there ever were.
    fn taken_apart(&self, history: Vec<OperationOf<Self>>) -> Vec<OperationOf<Self>> {
        let is_put = |operation: &&OperationOf<Self>| matches!(operation.input, Input::Enqueue(_));
        let puts = history.iter().filter(is_put).count();
        let mut expanded = Vec::with_capacity(history.len() + puts);
        for operation in history {
            let Operation {
                client, call, ret, ..
            } = operation;
            match (&operation.input, operation.output) {
                (Input::Drain, Some(Output::Drained(values))) => {
                    expanded.extend(values.into_iter().map(|value| Operation {
                        client,
                        input: Input::Dequeue,
                        output: Some(Output::Value(Some(value))),
                        call,
                        ret,
                    }));
                }
                (Input::Drain, None) => {
                    let perhaps = || Operation::unknown(client, Input::Dequeue, call);
                    expanded.extend((0..puts).map(|_| perhaps()));
                }
                (_, output) => expanded.push(Operation {
                    output,
                    ..operation
                }),
            }
        }
        expanded
    }
}
