//! One register: `get` or `read`, `put` or `write`.

use super::kv::parse_answer;
use super::value::{datum, datum_or_null, held, value};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::kv;
use crate::models::register::{Input, Output, Register};

impl Words for Register {
    const NAME: &'static str = "register";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(Some(match &*line.op {
            "get" | "read" => Input::Read,
            "put" | "write" => value(&line.input, "in")?.map_or(Input::Clear, Input::Write),
            _ => return Ok(None),
        }))
    }

    fn answered(&self, _: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        Ok(match parse_answer(&line.op, output)? {
            kv::Output::Value(value) => Output::Value(value),
            kv::Output::Done | kv::Output::Swapped(_) => Output::Done,
        })
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Read => ("get", Datum::Null),
            Input::Write(value) => ("put", datum(value)),
            Input::Clear => ("put", Datum::Null),
        }
    }

    fn answer(&self, input: &Input, output: &Output) -> Datum {
        match output {
            Output::Value(value) => Datum::entry("value", datum_or_null(value.as_ref())),
            Output::Done => answer::ok_unless_read(*input == Input::Read),
        }
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        value(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        held(state.as_ref())
    }
}
