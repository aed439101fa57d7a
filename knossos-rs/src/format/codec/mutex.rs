//! The mutex: `acquire`, `release`.

use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::mutex::{Input, Mutex, State};

impl Words for Mutex {
    const NAME: &'static str = "mutex";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        Ok(match &*line.op {
            "acquire" => Some(Input::Acquire),
            "release" => Some(Input::Release),
            _ => None,
        })
    }

    fn answered(&self, _: &Input, line: &Line, output: &Datum) -> Result<(), String> {
        answer::done(&line.op, output)
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        let op = match input {
            Input::Acquire => "acquire",
            Input::Release => "release",
        };
        (op, Datum::Null)
    }

    fn answer(&self, _: &Input, (): &()) -> Datum {
        answer::ok()
    }

    fn holding(&self, state: &Datum) -> Result<State, String> {
        match state {
            Datum::Text(text) if &**text == "free" => Ok(State::Free),
            Datum::Text(text) if &**text == "held" => Ok(State::Held),
            other => Err(format!("a mutex is free or held at first, not {other}")),
        }
    }

    fn held(&self, state: &State) -> Option<Datum> {
        let text = match state {
            State::Free => "free",
            State::Held => "held",
        };
        Some(Datum::Text(text.into()))
    }
}
