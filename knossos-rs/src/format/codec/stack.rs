//! The stack: `push`, `pop` (nothing: it was empty).

use super::value::{data, datum, datum_or_null, list, text, value};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::stack::{Input, Output, Stack};

impl Words for Stack {
    const NAME: &'static str = "stack";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "push" => Input::Push(text(&line.input, "in")?),
            "pop" => Input::Pop,
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        match input {
            Input::Push(_) => answer::done(&line.op, output).map(|()| Output::Done),
            Input::Pop => value(answer::told(&line.op, output)?, "out.value").map(Output::Value),
        }
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Push(value) => ("push", datum(value)),
            Input::Pop => ("pop", Datum::Null),
        }
    }

    fn answer(&self, _: &Input, output: &Output) -> Datum {
        match output {
            Output::Done => answer::ok(),
            Output::Value(value) => answer::happened(datum_or_null(value.as_ref())),
        }
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        list(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        Some(data(state))
    }
}
