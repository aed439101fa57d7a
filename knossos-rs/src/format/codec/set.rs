//! The set: `add`, `remove`, `contains`, and `read` of all elements.

use super::value::{data, datum, list, text};
use super::words::Words;
use super::{Line, answer};
use crate::format::datum::Datum;
use crate::models::set::{Input, Output, Set};

impl Words for Set {
    const NAME: &'static str = "set";

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        let element = || text(&line.input, "in");
        Ok(Some(match &*line.op {
            "add" => Input::Add(element()?),
            "remove" => Input::Remove(element()?),
            "contains" => Input::Contains(element()?),
            "read" => Input::Read,
            _ => return Ok(None),
        }))
    }

    fn answered(&self, input: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        match input {
            Input::Read => Ok(match answer::seen_datum(&line.op, output)? {
                Some(seen) => Output::Elements(list(seen, "out.value")?),
                None => Output::Done,
            }),
            Input::Contains(_) => match output.get("value").and_then(Datum::as_bool) {
                Some(was) => Ok(Output::Was(was)),
                None => Err(format!(
                    "`out` is {output}; a contains answers {{\"value\":true}} or \
                     {{\"value\":false}}"
                )),
            },
            Input::Add(_) | Input::Remove(_) => {
                let was = answer::done_or_was(&line.op, output)?;
                Ok(was.map_or(Output::Done, Output::Was))
            }
        }
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match input {
            Input::Add(element) => ("add", datum(element)),
            Input::Remove(element) => ("remove", datum(element)),
            Input::Contains(element) => ("contains", datum(element)),
            Input::Read => ("read", Datum::Null),
        }
    }

    fn answer(&self, input: &Input, output: &Output) -> Datum {
        match (input, output) {
            (_, Output::Done) => answer::ok_unless_read(*input == Input::Read),
            (Input::Contains(_), Output::Was(was)) => Datum::entry("value", *was),
            (_, Output::Was(was)) => answer::was(*was),
            (_, Output::Elements(elements)) => Datum::entry("value", data(elements)),
        }
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        list(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        Some(data(state))
    }
}
