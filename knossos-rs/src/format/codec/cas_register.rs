//! One register with compare-and-swap: `get` or `read`, `put` or `write`, `cas`.

use super::kv::{parse_answer, render_answer, render_cas};
use super::value::{datum, held, value};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::cas_register::{CasRegister, Input, Output};

impl Words for CasRegister {
    const NAME: &'static str = "cas-register";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "get" | "read" => Input::Read,
            "put" | "write" => value(&line.input, "in")?.map_or(Input::Clear, Input::Write),
            "cas" => {
                let (old, new) = answer::old_and_new(&line.input)?;
                Input::Cas { old, new }
            }
            _ => return Ok(None),
        }))
    }

    fn answered(&self, _: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        parse_answer(&line.op, output)
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Read => ("get", Datum::Null),
            Input::Write(value) => ("put", datum(value)),
            Input::Clear => ("put", Datum::Null),
            Input::Cas { old, new } => ("cas", render_cas(old.as_ref(), new.as_ref())),
        }
    }

    fn answer(&self, input: &Input, output: &Output) -> Datum {
        render_answer(self.ask(input).0, output)
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        value(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        held(state.as_ref())
    }
}
