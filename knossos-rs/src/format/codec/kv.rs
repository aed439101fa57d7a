//! Keys and their values: `get` or `read`, `put` or `write`, `delete`, `append`, `cas`.

use super::answer::{self, Seen};
use super::value::{datum, datum_or_null, held, suffix, value};
use super::{Codec, Line, names};
use crate::format::datum::Datum;
use crate::models::kv::{Input, KeyValue, Op, Output};

const NAME: &str = "kv";

impl Codec for KeyValue {
    fn parse(&self, line: &Line) -> Result<(Input, Option<Output>), String> {
        let op = match &*line.op {
            "get" | "read" => Op::Get,
            "put" | "write" => match value(&line.input, "in")? {
                Some(value) => Op::Put(value),
                None => Op::Delete,
            },
            "delete" => Op::Delete,
            "append" => Op::Append(suffix(&line.input, "in")?),
            "cas" => {
                let (old, new) = answer::old_and_new(&line.input)?;
                Op::Cas { old, new }
            }
            other => return Err(names::unknown_op(other, NAME)),
        };
        let Some(key) = line.key.clone() else {
            return Err(
                "`key` is missing; a key-value operation has one (a history of one \
                        register is read with the model `register` or `cas-register`)"
                    .to_owned(),
            );
        };
        let output = line.output.as_ref();
        let output = output
            .map(|output| parse_answer(&line.op, output))
            .transpose()?;
        Ok((Input { key, op }, output))
    }

    fn render(&self, input: &Input, output: Option<&Output>) -> Line {
        let (op, asked) = match &input.op {
            Op::Get => ("get", Datum::Null),
            Op::Put(value) => ("put", datum(value)),
            Op::Delete => ("delete", Datum::Null),
            Op::Append(suffix) => ("append", datum(suffix)),
            Op::Cas { old, new } => ("cas", render_cas(old.as_ref(), new.as_ref())),
        };
        Line {
            op: op.into(),
            key: Some(input.key.clone()),
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
        true
    }

    fn knows(&self, op: &str) -> Result<(), String> {
        names::check(NAME, op)
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
        Output::Done if op == "get" => answer::unseen(),
        Output::Done => answer::ok(),
        Output::Swapped(was) if op == "delete" => answer::was(*was),
        Output::Swapped(swapped) => Datum::entry("ok", *swapped),
    }
}

/// What a cas asks, written.
pub(super) fn render_cas(
    old: Option<&crate::text::Text>,
    new: Option<&crate::text::Text>,
) -> Datum {
    Datum::List(vec![datum_or_null(old), datum_or_null(new)])
}
