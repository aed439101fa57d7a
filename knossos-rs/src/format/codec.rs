//! Codecs: the parts of one written operation, and the types of a model.
//!
//! A written operation is a name, perhaps a key, and data for what was asked and answered. The
//! ready-made models share their words: `get` or `read`, `put` or `write`, `delete`, `append`,
//! `cas`. Integers stand for their decimal text.

use super::datum::Datum;
use crate::model::Model;
use crate::models::{cas_register, kv, register};
use crate::text::Text;

/// One operation as written, without client and times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The name of the operation.
    pub op: Text,
    /// The key, if one was written.
    pub key: Option<Text>,
    /// What was asked; null if nothing was written.
    pub input: Datum,
    /// What was answered; `None` if the outcome is unknown. Formats that tell no more than
    /// that an operation succeeded, and with what value, answer `{"value":...}` for a `get` or
    /// `read`, and `{"ok":true,"value":...}` for everything else.
    pub output: Option<Datum>,
}

/// A model whose operations can be written and read.
///
/// ```
/// use knossos::format::{Codec, Line};
/// use knossos::models::kv::{Input, KeyValue, Op};
/// use serde_json::json;
///
/// let line =
///     Line { op: "put".into(), key: Some("a".into()), input: json!(7).into(), output: None };
/// let (input, output) = KeyValue.parse(&line).unwrap();
/// assert_eq!(input, Input { key: "a".into(), op: Op::Put("7".into()) });
/// assert_eq!(output, None);
/// ```
pub trait Codec: Model {
    /// Reads an operation. The same `line` with and without `output` has the same input.
    ///
    /// # Errors
    ///
    /// What is wrong with it and what would be right, as the rest of a sentence that began
    /// with the line number.
    fn parse(&self, line: &Line) -> Result<(Self::Input, Option<Self::Output>), String>;

    /// Writes an operation.
    fn render(&self, input: &Self::Input, output: Option<&Self::Output>) -> Line;

    /// Whether operations with different keys may occur in one history. If not, the reader
    /// refuses such a history: its keys would be taken for one object.
    fn is_keyed(&self) -> bool;
}

impl Codec for kv::KeyValue {
    fn parse(&self, line: &Line) -> Result<(kv::Input, Option<kv::Output>), String> {
        let Some(key) = &line.key else {
            return Err(
                "`key` is missing; a key-value operation has one (a history of one \
                        register is read with the model `register` or `cas-register`)"
                    .to_owned(),
            );
        };
        let op = match &*line.op {
            "get" | "read" => kv::Op::Get,
            "put" | "write" => kv::Op::Put(text(&line.input, "in")?),
            "delete" => kv::Op::Delete,
            "append" => kv::Op::Append(text(&line.input, "in")?),
            "cas" => {
                let (old, new) = pair(&line.input)?;
                kv::Op::Cas { old, new }
            }
            other => return Err(unknown_op(other, "get, put, delete, append, cas")),
        };
        let output = line
            .output
            .as_ref()
            .map(|output| answer(&line.op, output))
            .transpose()?;
        let key = key.clone();
        Ok((kv::Input { key, op }, output))
    }

    fn render(&self, input: &kv::Input, output: Option<&kv::Output>) -> Line {
        let (op, asked) = match &input.op {
            kv::Op::Get => ("get", Datum::Null),
            kv::Op::Put(value) => ("put", value.into()),
            kv::Op::Delete => ("delete", Datum::Null),
            kv::Op::Append(suffix) => ("append", suffix.into()),
            kv::Op::Cas { old, new } => ("cas", Datum::List(vec![old.into(), new.into()])),
        };
        Line {
            op: op.into(),
            key: Some(input.key.clone()),
            input: asked,
            output: output.map(render_answer),
        }
    }

    fn is_keyed(&self) -> bool {
        true
    }
}

impl Codec for register::Register {
    fn parse(&self, line: &Line) -> Result<(register::Input, Option<register::Output>), String> {
        let input = match &*line.op {
            "get" | "read" => register::Input::Read,
            "put" | "write" => register::Input::Write(text(&line.input, "in")?),
            other => return Err(unknown_op(other, "get (or read), put (or write)")),
        };
        let answer = line
            .output
            .as_ref()
            .map(|output| answer(&line.op, output))
            .transpose()?;
        let output = answer.map(|answer| match answer {
            kv::Output::Value(value) => register::Output::Value(value),
            kv::Output::Done | kv::Output::Swapped(_) => register::Output::Done,
        });
        Ok((input, output))
    }

    fn render(&self, input: &register::Input, output: Option<&register::Output>) -> Line {
        let (op, asked) = match input {
            register::Input::Read => ("get", Datum::Null),
            register::Input::Write(value) => ("put", value.into()),
        };
        let output = output.map(|output| match output {
            register::Output::Value(value) => Datum::entry("value", value),
            register::Output::Done => Datum::entry("ok", true),
        });
        Line {
            op: op.into(),
            key: None,
            input: asked,
            output,
        }
    }

    fn is_keyed(&self) -> bool {
        false
    }
}

impl Codec for cas_register::CasRegister {
    fn parse(
        &self,
        line: &Line,
    ) -> Result<(cas_register::Input, Option<cas_register::Output>), String> {
        let input = match &*line.op {
            "get" | "read" => cas_register::Input::Read,
            "put" | "write" => cas_register::Input::Write(text(&line.input, "in")?),
            "cas" => {
                let (old, new) = pair(&line.input)?;
                cas_register::Input::Cas { old, new }
            }
            other => return Err(unknown_op(other, "get (or read), put (or write), cas")),
        };
        let output = line
            .output
            .as_ref()
            .map(|output| answer(&line.op, output))
            .transpose()?;
        Ok((input, output))
    }

    fn render(&self, input: &cas_register::Input, output: Option<&cas_register::Output>) -> Line {
        let (op, asked) = match input {
            cas_register::Input::Read => ("get", Datum::Null),
            cas_register::Input::Write(value) => ("put", value.into()),
            cas_register::Input::Cas { old, new } => {
                ("cas", Datum::List(vec![old.into(), new.into()]))
            }
        };
        Line {
            op: op.into(),
            key: None,
            input: asked,
            output: output.map(render_answer),
        }
    }

    fn is_keyed(&self) -> bool {
        false
    }
}

fn unknown_op(op: &str, known: &str) -> String {
    format!("`op` is {op:?}; this model knows {known}")
}

/// A string, or an integer as its decimal text.
pub(super) fn text(value: &Datum, field: &str) -> Result<Text, String> {
    match value {
        Datum::Text(text) => Ok(text.clone()),
        Datum::Number(number) if !number.is_f64() => Ok(number.to_string().into()),
        other => Err(format!(
            "`{field}` is {other}; it must be a string or an integer"
        )),
    }
}

/// Such a text, or null.
fn text_or_null(value: &Datum, field: &str) -> Result<Option<Text>, String> {
    match value {
        Datum::Null => Ok(None),
        Datum::Text(_) | Datum::Number(_) => text(value, field).map(Some),
        other => Err(format!(
            "`{field}` is {other}; it must be a string, an integer or null"
        )),
    }
}

/// What a cas asks: the old value and the new one.
fn pair(input: &Datum) -> Result<(Option<Text>, Option<Text>), String> {
    match input {
        Datum::List(values) if values.len() == 2 => Ok((
            text_or_null(&values[0], "in[0]")?,
            text_or_null(&values[1], "in[1]")?,
        )),
        _ => Err(format!(
            "`in` is {input}; a cas takes [old, new], null being absent"
        )),
    }
}

/// What an operation of this name answers.
fn answer(op: &str, output: &Datum) -> Result<kv::Output, String> {
    let ok = output.get("ok").and_then(Datum::as_bool);
    match op {
        "get" | "read" => match output.get("value") {
            Some(value) => text_or_null(value, "out.value").map(kv::Output::Value),
            None => Err(format!(
                "`out` is {output}; a {op} answers {{\"value\":...}}"
            )),
        },
        "cas" => ok.map(kv::Output::Swapped).ok_or_else(|| {
            format!("`out` is {output}; a cas answers {{\"ok\":true}} or {{\"ok\":false}}")
        }),
        _ if ok == Some(true) => Ok(kv::Output::Done),
        _ => Err(format!(
            "`out` is {output}; a {op} answers {{\"ok\":true}} (if it is known to have failed, \
             {{\"failed\":true}})"
        )),
    }
}

fn render_answer(output: &kv::Output) -> Datum {
    match output {
        kv::Output::Value(value) => Datum::entry("value", value),
        kv::Output::Done => Datum::entry("ok", true),
        kv::Output::Swapped(ok) => Datum::entry("ok", *ok),
    }
}

/// Refuses a second key in the history of one object.
#[derive(Debug, Default)]
pub(super) struct OneKey {
    /// The key of the first operation, and its line.
    first: Option<(Option<Text>, usize)>,
}

impl OneKey {
    /// Takes note of the key of an operation of `codec`.
    pub(super) fn admit<C: Codec>(
        &mut self,
        codec: &C,
        key: Option<&Text>,
        line: usize,
    ) -> Result<(), String> {
        if codec.is_keyed() {
            return Ok(());
        }
        let (first, first_line) = self.first.get_or_insert_with(|| (key.cloned(), line));
        if first.as_ref() == key {
            return Ok(());
        }
        let words = |key: Option<&Text>| key.map_or("missing".to_owned(), |key| format!("{key:?}"));
        Err(format!(
            "`key` is {}, and on line {first_line} it was {}; a register is one object (a history \
             of many keys is read with the model `kv`)",
            words(key),
            words(first.as_ref())
        ))
    }
}
