//! One register: `get` or `read`, `put` or `write`.

use super::answer::{self, Seen};
use super::value::{datum, datum_or_null, held, value};
use super::{Codec, Line, names};
use crate::format::datum::Datum;
use crate::models::register::{Input, Output, Register};

const NAME: &str = "register";

impl Codec for Register {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let input = match &*line.op {
            "get" | "read" => Input::Read,
            "put" | "write" => match value(&line.input, "in")? {
                Some(value) => Input::Write(value),
                None => Input::Clear,
            },
            other => return Err(names::unknown_op(other, NAME)),
        };
        let parse_answer = |output| match input {
            Input::Read => Ok(match answer::seen(&line.op, output)? {
                Seen::Value(value) => Output::Value(value),
                Seen::Unseen => Output::Done,
            }),
            _ => answer::done(&line.op, output).map(|()| Output::Done),
        };
        let output = line.output.as_ref().map(parse_answer).transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Read => ("get", Datum::Null),
            Input::Write(value) => ("put", datum(value)),
            Input::Clear => ("put", Datum::Null),
        };
        let output = output.map(|output| match output {
            Output::Value(value) => Datum::entry("value", datum_or_null(value.as_ref())),
            Output::Done if *input == Input::Read => answer::unseen(),
            Output::Done => answer::ok(),
        });
        Line {
            op: op.into(),
            key: None,
            input: asked,
            output,
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<Self::State, String> {
        value(state, "the value")
    }

    fn render_state(&self, state: &Self::State) -> Option<Datum> {
        held(state.as_ref())
    }

    fn is_keyed(&self) -> bool {
        false
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
    }
}
