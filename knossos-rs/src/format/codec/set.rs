//! The set: `add`, `remove`, `contains`, and `read` of all elements.

use super::value::{datum, list, text};
use super::{Codec, Line, answer, names};
use crate::format::datum::Datum;
use crate::models::set::{Input, Output, Set};

const NAME: &str = "set";

impl Codec for Set {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let element = || text(&line.input, "in");
        let input = match &*line.op {
            "add" => Input::Add(element()?),
            "remove" => Input::Remove(element()?),
            "contains" => Input::Contains(element()?),
            "read" => Input::Read,
            other => return Err(names::unknown_op(other, NAME)),
        };
        let parse_answer = |output: &Datum| match &input {
            Input::Read => Ok(match answer::seen_datum(&line.op, output)? {
                Some(seen) => Output::Elements(list(seen, "out.value")?.into_iter().collect()),
                None => Output::Done,
            }),
            Input::Contains(_) => match output.get("value").and_then(Datum::as_bool) {
                Some(was) => Ok(Output::Was(was)),
                None => Err(format!(
                    "`out` is {output}; a contains answers {{\"value\":true}} or \
                     {{\"value\":false}}"
                )),
            },
            _ => {
                let was = answer::done_or_was(&line.op, output)?;
                Ok(was.map_or(Output::Done, Output::Was))
            }
        };
        let output = line.output.as_ref().map(parse_answer).transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match input {
            Input::Add(element) => ("add", datum(element)),
            Input::Remove(element) => ("remove", datum(element)),
            Input::Contains(element) => ("contains", datum(element)),
            Input::Read => ("read", Datum::Null),
        };
        let output = output.map(|output| match (input, output) {
            (Input::Read, Output::Done) => answer::unseen(),
            (_, Output::Done) => answer::ok(),
            (Input::Contains(_), Output::Was(was)) => Datum::entry("value", *was),
            (_, Output::Was(was)) => answer::was(*was),
            (_, Output::Elements(elements)) => {
                Datum::entry("value", Datum::List(elements.iter().map(datum).collect()))
            }
        });
        Line {
            op: op.into(),
            key: None,
            input: asked,
            output,
        }
    }

    fn parse_state(&self, state: &Datum) -> Result<Self::State, String> {
        Ok(list(state, "the value")?.into_iter().collect())
    }

    fn render_state(&self, state: &Self::State) -> Option<Datum> {
        Some(Datum::List(state.iter().map(datum).collect()))
    }

    fn is_keyed(&self) -> bool {
        false
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
    }
}
