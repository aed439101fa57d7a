//! The counter: `add` a number, `inc` and `dec` by one or by a number, `read`.

use super::value::integer;
use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::models::counter::{Counter, Input, Output, State};

const NAME: &str = "counter";

impl Codec for Counter {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let by = |default: Option<i64>| match (&line.input, default) {
            (Datum::Null, Some(default)) => Ok(default),
            (input, _) => integer(input, "in"),
        };
        let input = match &*line.op {
            "add" => Input::Add(by(None)?),
            "inc" | "increment" => Input::Add(by(Some(1))?),
            "dec" | "decrement" => {
                let less = by(Some(1))?.checked_neg();
                Input::Add(less.ok_or("`in` is too small; it must fit 64 bits when negated")?)
            }
            "read" => Input::Read,
            other => return Err(names::unknown_op(other, NAME)),
        };
        let parse_answer = |output: &Datum| {
            if input == Input::Read {
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
        };
        let output = line.output.as_ref().map(parse_answer).transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Add(more) => ("add", Datum::Number((*more).into())),
            Input::Read => ("read", Datum::Null),
        };
        let output = output.map(|output| match output {
            Output::Count(seen) => Datum::entry("value", Datum::Number((*seen).into())),
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

    fn parse_state(&self, state: &Datum) -> Result<State, String> {
        integer(state, "the value").map(|count| State::Is(count.into()))
    }

    fn render_state(&self, state: &State) -> Option<Datum> {
        match state {
            State::Is(count) => Some(Datum::Number(i64::try_from(*count).ok()?.into())),
            State::Grew(_) => None,
        }
    }

    fn is_keyed(&self) -> bool {
        false
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
    }
}
