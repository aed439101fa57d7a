//! The queue: `enqueue`, `dequeue` (nothing: it was empty), `drain`.

use super::value::{datum, datum_or_null, list, text, value};
use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::history::Operation;
use crate::model::OperationOf;
use crate::models::queue::{Input, Output, Queue};

const NAME: &str = "queue";

impl Codec for Queue {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let input = match &*line.op {
            "enqueue" => Input::Enqueue(text(&line.input, "in")?),
            "dequeue" => Input::Dequeue,
            "drain" => Input::Drain,
            other => return Err(names::unknown_op(other, NAME)),
        };
        let parse_answer = |output: &Datum| {
            let told = output.get("value").ok_or_else(|| {
                format!("`out` is {output}; a {} answers {{\"value\":...}}", line.op)
            });
            match input {
                Input::Enqueue(_) => answer::done(&line.op, output).map(|()| Output::Done),
                Input::Dequeue => value(told?, "out.value").map(Output::Value),
                Input::Drain => list(told?, "out.value").map(Output::Drained),
            }
        };
        let output = line.output.as_ref().map(parse_answer).transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Enqueue(value) => ("enqueue", datum(value)),
            Input::Dequeue => ("dequeue", Datum::Null),
            Input::Drain => ("drain", Datum::Null),
        };
        let output = output.map(|output| match output {
            Output::Done => answer::ok(),
            Output::Value(value) => happened(datum_or_null(value.as_ref())),
            Output::Drained(values) => happened(Datum::List(values.iter().map(datum).collect())),
        });
        Line {
            op: op.into(),
            key: None,
            input: asked,
            output,
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<Self::State, String> {
        Ok(list(state, "the value")?.into_iter().collect())
    }

    fn render_state(&self, state: &Self::State) -> Option<Datum> {
        Some(Datum::List(state.iter().map(datum).collect()))
    }

    fn is_keyed(&self) -> bool {
        false
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
    }

    fn is_compound(&self, input: &Input) -> bool {
        *input == Input::Drain
    }

    /// A drain took its elements one by one while it went on, others perhaps among them; one of
    /// unknown outcome may have taken as many as there ever were.
    fn expand(&self, history: Vec<OperationOf<Self>>) -> Vec<OperationOf<Self>> {
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

/// What an operation that is no read answers when it tells a value.
pub(super) fn happened(value: Datum) -> Datum {
    Datum::Map(vec![("ok".into(), true.into()), ("value".into(), value)])
}
