//! The stack: `push`, `pop` (nothing: it was empty).

use super::queue::happened;
use super::value::{datum, datum_or_null, list, text, value};
use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::models::stack::{Input, Output, Stack};

const NAME: &str = "stack";

impl Codec for Stack {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let input = match &*line.op {
            "push" => Input::Push(text(&line.input, "in")?),
            "pop" => Input::Pop,
            other => return Err(names::unknown_op(other, NAME)),
        };
        let parse_answer = |output: &Datum| match (&input, output.get("value")) {
            (Input::Push(_), _) => answer::done(&line.op, output).map(|()| Output::Done),
            (Input::Pop, Some(told)) => value(told, "out.value").map(Output::Value),
            (Input::Pop, None) => Err(format!(
                "`out` is {output}; a pop answers {{\"value\":...}}"
            )),
        };
        let output = line.output.as_ref().map(parse_answer).transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Push(value) => ("push", datum(value)),
            Input::Pop => ("pop", Datum::Null),
        };
        let output = output.map(|output| match output {
            Output::Done => answer::ok(),
            Output::Value(value) => happened(datum_or_null(value.as_ref())),
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
}
