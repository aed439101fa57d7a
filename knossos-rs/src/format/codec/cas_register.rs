//! One register with compare-and-swap: `get` or `read`, `put` or `write`, `cas`.

use super::kv::{parse_answer, render_answer, render_cas};
use super::value::{datum, held, value};
use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::models::cas_register::{CasRegister, Input, Output};

const NAME: &str = "cas-register";

impl Codec for CasRegister {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let input = match &*line.op {
            "get" | "read" => Input::Read,
            "put" | "write" => match value(&line.input, "in")? {
                Some(value) => Input::Write(value),
                None => Input::Clear,
            },
            "cas" => {
                let (old, new) = answer::old_and_new(&line.input)?;
                Input::Cas { old, new }
            }
            other => return Err(names::unknown_op(other, NAME)),
        };
        let output = line.output.as_ref();
        let output = output
            .map(|output| parse_answer(&line.op, output))
            .transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Read => ("get", Datum::Null),
            Input::Write(value) => ("put", datum(value)),
            Input::Clear => ("put", Datum::Null),
            Input::Cas { old, new } => ("cas", render_cas(old.as_ref(), new.as_ref())),
        };
        Line {
            op: op.into(),
            key: None,
            input: asked,
            output: output.map(|output| render_answer(op, output)),
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
