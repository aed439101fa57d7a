//! Codecs: the parts of one written operation, and the types of a model.
//!
//! A written operation is a name, perhaps a key, and JSON for what was asked and answered. The
//! ready-made models share their words: `get` or `read`, `put` or `write`, `delete`, `append`,
//! `cas`. Integers stand for their decimal text.

use serde_json::{Value, json};

use crate::model::Model;
use crate::models::{cas_register, kv, register};
use crate::text::Text;

/// One operation as written, without client and times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The name of the operation.
    pub op: String,
    /// The key, if one was written.
    pub key: Option<String>,
    /// What was asked; null if nothing was written.
    pub input: Value,
    /// What was answered; `None` if the outcome is unknown.
    pub output: Option<Value>,
}

/// A model whose operations can be written and read.
///
/// ```
/// use knossos::format::{Codec, Line};
/// use knossos::models::kv::{Input, KeyValue, Op};
/// use serde_json::json;
///
/// let line = Line { op: "put".into(), key: Some("a".into()), input: json!(7), output: None };
/// let (input, output) = KeyValue.parse(&line).unwrap();
/// assert_eq!(input, Input { key: "a".into(), op: Op::Put("7".into()) });
/// assert_eq!(output, None);
/// ```
pub trait Codec: Model {
    /// Reads an operation.
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
        let op = match line.op.as_str() {
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
        Ok((
            kv::Input {
                key: key.as_str().into(),
                op,
            },
            output,
        ))
    }

    fn render(&self, input: &kv::Input, output: Option<&kv::Output>) -> Line {
        let (op, asked) = match &input.op {
            kv::Op::Get => ("get", Value::Null),
            kv::Op::Put(value) => ("put", json!(value)),
            kv::Op::Delete => ("delete", Value::Null),
            kv::Op::Append(suffix) => ("append", json!(suffix)),
            kv::Op::Cas { old, new } => ("cas", json!([old, new])),
        };
        let key = Some(input.key.to_string());
        Line {
            op: op.to_owned(),
            key,
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
        let input = match line.op.as_str() {
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
            register::Input::Read => ("get", Value::Null),
            register::Input::Write(value) => ("put", json!(value)),
        };
        let output = output.map(|output| match output {
            register::Output::Value(value) => json!({ "value": value }),
            register::Output::Done => json!({ "ok": true }),
        });
        Line {
            op: op.to_owned(),
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
        let input = match line.op.as_str() {
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
            cas_register::Input::Read => ("get", Value::Null),
            cas_register::Input::Write(value) => ("put", json!(value)),
            cas_register::Input::Cas { old, new } => ("cas", json!([old, new])),
        };
        Line {
            op: op.to_owned(),
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
pub(super) fn text(value: &Value, field: &str) -> Result<Text, String> {
    match value {
        Value::String(text) => Ok(text.as_str().into()),
        Value::Number(number) if !number.is_f64() => Ok(number.to_string().into()),
        other => Err(format!(
            "`{field}` is {other}; it must be a string or an integer"
        )),
    }
}

/// Such a text, or null.
fn text_or_null(value: &Value, field: &str) -> Result<Option<Text>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(_) | Value::Number(_) => text(value, field).map(Some),
        other => Err(format!(
            "`{field}` is {other}; it must be a string, an integer or null"
        )),
    }
}

/// What a cas asks: the old value and the new one.
fn pair(input: &Value) -> Result<(Option<Text>, Option<Text>), String> {
    match input.as_array().map(Vec::as_slice) {
        Some([old, new]) => Ok((text_or_null(old, "in[0]")?, text_or_null(new, "in[1]")?)),
        _ => Err(format!(
            "`in` is {input}; a cas takes [old, new], null being absent"
        )),
    }
}

/// What an operation of this name answers.
fn answer(op: &str, output: &Value) -> Result<kv::Output, String> {
    let ok = output.get("ok").and_then(Value::as_bool);
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

fn render_answer(output: &kv::Output) -> Value {
    match output {
        kv::Output::Value(value) => json!({ "value": value }),
        kv::Output::Done => json!({ "ok": true }),
        kv::Output::Swapped(ok) => json!({ "ok": ok }),
    }
}
