//! The mutex: `acquire`, `release`.

use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::models::mutex::{Input, Mutex, State};

const NAME: &str = "mutex";

impl Codec for Mutex {
    fn parse(&self, line: &Line) -> Result<(Input, Option<()>), String> {
        let input = match &*line.op {
            "acquire" => Input::Acquire,
            "release" => Input::Release,
            other => return Err(names::unknown_op(other, NAME)),
        };
        let output = line.output.as_ref();
        let output = output
            .map(|output| answer::done(&line.op, output))
            .transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&()>) -> Line {
        let op = match input {
            Input::Acquire => "acquire",
            Input::Release => "release",
        };
        Line {
            op: op.into(),
            key: None,
            input: Datum::Null,
            output: output.map(|()| answer::ok()),
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<State, String> {
        match state {
            Datum::Text(text) if &**text == "free" => Ok(State::Free),
            Datum::Text(text) if &**text == "held" => Ok(State::Held),
            other => Err(format!("a mutex is free or held at first, not {other}")),
        }
    }

    fn render_state(&self, state: &State) -> Option<Datum> {
        let text = match state {
            State::Free => "free",
            State::Held => "held",
        };
        Some(Datum::Text(text.into()))
    }

    fn is_keyed(&self) -> bool {
        false
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
    }
}
