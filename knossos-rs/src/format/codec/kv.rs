//! Keys and their values: `get` or `read`, `put` or `write`, `delete`, `append`, `cas`.

use super::Line;
use super::answer::{self, Seen};
use super::value::{datum, datum_or_null, held, suffix, value};
use super::words::Words;
use crate::format::datum::Datum;
use crate::models::kv::{Input, KeyValue, Op, Output};
use crate::text::Text;

impl Words for KeyValue {
    const NAME: &'static str = "kv";
    const IS_KEYED: bool = true;

    fn asked(&self, line: &Line) -> Result<Option<Input>, String> {
        let op = match &*line.op {
            "get" | "read" => Op::Get,
            "put" | "write" => value(&line.input, "in")?.map_or(Op::Delete, Op::Put),
            "delete" => Op::Delete,
            "append" => Op::Append(suffix(&line.input, "in")?),
            "cas" => {
                let (old, new) = answer::old_and_new(&line.input)?;
                Op::Cas { old, new }
            }
            _ => return Ok(None),
        };
        let key = line.key.clone().ok_or(
            "`key` is missing; a key-value operation has one (a history of one register is read \
             with the model `register` or `cas-register`)",
        )?;
        Ok(Some(Input { key, op }))
    }

    fn answered(&self, _: &Input, line: &Line, output: &Datum) -> Result<Output, String> {
        parse_answer(&line.op, output)
    }

    fn ask(&self, input: &Input) -> (&'static str, Datum) {
        match &input.op {
            Op::Get => ("get", Datum::Null),
            Op::Put(value) => ("put", datum(value)),
            Op::Delete => ("delete", Datum::Null),
            Op::Append(suffix) => ("append", datum(suffix)),
            Op::Cas { old, new } => ("cas", render_cas(old.as_ref(), new.as_ref())),
        }
    }

    fn answer(&self, input: &Input, output: &Output) -> Datum {
        render_answer(self.ask(input).0, output)
    }

    fn key<'i>(&self, input: &'i Input) -> Option<&'i Text> {
        Some(&input.key)
    }

    fn holding(&self, state: &Datum) -> Result<Self::State, String> {
        value(state, "the value")
    }

    fn held(&self, state: &Self::State) -> Option<Datum> {
        held(state.as_ref())
    }
}

/// What an operation of this name answers.
pub(super) fn parse_answer(op: &str, output: &Datum) -> Result<Output, String> {
    match op {
        "get" | "read" => Ok(match answer::seen(op, output)? {
            Seen::Value(value) => Output::Value(value),
            Seen::Unseen => Output::Done,
        }),
        "cas" => answer::swapped(output).map(Output::Swapped),
        "delete" => {
            let was = answer::done_or_was(op, output)?;
            Ok(was.map_or(Output::Done, Output::Swapped))
        }
        _ => answer::done(op, output).map(|()| Output::Done),
    }
}

/// The same, written.
pub(super) fn render_answer(op: &str, output: &Output) -> Datum {
    match output {
        Output::Value(value) => Datum::entry("value", datum_or_null(value.as_ref())),
        Output::Done => answer::ok_unless_read(op == "get"),
        Output::Swapped(was) if op == "delete" => answer::was(*was),
        Output::Swapped(swapped) => Datum::entry("ok", *swapped),
    }
}

/// What a cas asks, written.
pub(super) fn render_cas(old: Option<&Text>, new: Option<&Text>) -> Datum {
    Datum::List(vec![datum_or_null(old), datum_or_null(new)])
}
