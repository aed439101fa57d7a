//! The counter: `add` a number, `inc` and `dec` by one or by a number, `read`.

use super::value::integer;
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::counter::{Counter, Input, Output, State};

impl Words for Counter {
    const NAME: &'static str = "counter";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        let by = |default: Option<i64>| match (&line.input, default) {
            (Datum::Null, Some(default)) => Ok(default),
            (input, _) => integer(input, "in"),
        };
        Ok(Some(match &*line.op {
            "add" => Input::Add(by(None)?),
            "inc" | "increment" => Input::Add(by(Some(1))?),
            "dec" | "decrement" => {
                let less = by(Some(1))?.checked_neg();
                Input::Add(less.ok_or("`in` is too small; it must fit 64 bits when negated")?)
            }
            "read" => Input::Read,
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        if *input == Input::Read {
            return Ok(match answer::seen_datum(&line.op, output)? {
                Some(seen) => Output::Count(integer(seen, "out.value")?),
                None => Output::Done,
            });
        }
        answer::done(&line.op, output)?;
        match output.get("value") {
            Some(told) if !told.is_null() && *told != line.input => Err(format!(
                "`out.value` is {told}, and `in` is {}; what a {} answers besides that it \
                 happened is not understood",
                line.input, line.op
            )),
            _ => Ok(Output::Done),
        }
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Add(more) => ("add", Datum::Number((*more).into())),
            Input::Read => ("read", Datum::Null),
        }
    }

    fn answer(&self, input: &Input, output: &Output) -> Datum {
        match output {
            Output::Count(seen) => Datum::entry("value", Datum::Number((*seen).into())),
            Output::Done => answer::ok_unless_read(*input == Input::Read),
        }
    }

    fn holding(&self, state: &Datum) -> Result<State, String> {
        integer(state, "the value").map(|count| State::Is(count.into()))
    }

    fn held(&self, state: &State) -> Option<Datum> {
        match state {
            State::Is(count) => Some(Datum::Number(i64::try_from(*count).ok()?.into())),
            State::Grew(_) => None,
        }
    }
}
