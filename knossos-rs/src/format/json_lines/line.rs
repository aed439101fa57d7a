//! One line: its fields, and whether they agree.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::format::codec::{Line, text};
use crate::format::datum::Datum;
use crate::format::json::known_fields;
use crate::format::texts::Texts;

/// The fields of one line, checked.
pub(super) struct Written {
    pub(super) client: u64,
    pub(super) line: Line,
    pub(super) call: u64,
    pub(super) ret: Option<u64>,
    /// The operation is known not to have happened.
    pub(super) has_failed: bool,
}

/// The names of the fields, in the order in which they are written.
const FIELDS: [&str; 7] = ["client", "key", "op", "in", "out", "call", "ret"];

/// What an operation looks like.
pub(super) const EXAMPLE: &str =
    r#"{"client":3,"key":"a","op":"get","in":null,"out":{"value":"7"},"call":120,"ret":940}"#;

/// The fields as they come; `None` where one is missing.
pub(super) type Fields = [Option<Datum>; FIELDS.len()];

impl Written {
    /// Checks the fields of an operation.
    pub(super) fn of(fields: Fields) -> Result<Written, String> {
        let [client, key, op, input, out, call, ret] = fields;
        let client = integer(client, "client")?.ok_or("`client` is null; it must be an integer")?;
        let op = match op {
            Some(Datum::Text(op)) => op,
            Some(other) => return Err(format!("`op` is {other}; it must be a string")),
            None => return Err(missing("op", "the name of the operation")),
        };
        let key = match key {
            None | Some(Datum::Null) => None,
            Some(key) => Some(text(&key, "key")?),
        };
        let call = integer(call, "call")?
            .ok_or("`call` is null; it must be an integer, in nanoseconds")?;
        let ret = integer(ret, "ret")?;
        let out = out.ok_or_else(|| missing("out", "null if the outcome is unknown"))?;
        let has_failed = match out.get("failed") {
            None => false,
            Some(Datum::Bool(true)) => true,
            Some(_) => return Err(format!("`out` is {out}; `failed` is true or not there")),
        };
        agree(&out, has_failed, call, ret)?;
        let output = Some(out).filter(|out| !out.is_null() && !has_failed);
        let input = match input {
            // Nothing else says what was written: null is nothing.
            None if matches!(&*op, "put" | "write") => {
                return Err(missing("in", "the value that is written, null for nothing"));
            }
            input => input.unwrap_or_default(),
        };
        let line = Line {
            op,
            key,
            input,
            output,
        };
        Ok(Written {
            client,
            line,
            call,
            ret,
            has_failed,
        })
    }
}

/// Takes any object apart; or how many lines further a mistake is, and the mistake.
pub(super) fn any_fields(object: &str, texts: &mut Texts) -> Result<Fields, (usize, String)> {
    known_fields(object, &FIELDS, EXAMPLE, texts)
}

/// Whether outcome and times agree.
fn agree(out: &Datum, has_failed: bool, call: u64, ret: Option<u64>) -> Result<(), String> {
    match ret {
        Some(ret) if ret < call => Err(format!(
            "`ret` is {ret}, before `call`, {call}; an operation returns no earlier than it is \
             called"
        )),
        Some(ret) if out.is_null() => Err(format!(
            "`out` is null and `ret` is {ret}; an unknown outcome has `ret` null, a known one \
             has `out`"
        )),
        None if !out.is_null() && !has_failed => Err(format!(
            "`ret` is null and `out` is {out}; a known outcome has `ret`, an unknown one has \
             `out` null"
        )),
        _ => Ok(()),
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("client", &self.client)?;
        if let Some(key) = &self.line.key {
            map.serialize_entry("key", key)?;
        }
        map.serialize_entry("op", &self.line.op)?;
        map.serialize_entry("in", &self.line.input)?;
        map.serialize_entry("out", &self.line.output)?;
        map.serialize_entry("call", &self.call)?;
        map.serialize_entry("ret", &self.ret)?;
        map.end()
    }
}

/// An integer from 0 on, or null.
fn integer(value: Option<Datum>, field: &str) -> Result<Option<u64>, String> {
    match value {
        None => Err(missing(field, "an integer")),
        Some(Datum::Null) => Ok(None),
        Some(Datum::Number(number)) if number.is_u64() => Ok(number.as_u64()),
        Some(other) => Err(format!(
            "`{field}` is {other}; it must be an integer from 0 to {}",
            u64::MAX
        )),
    }
}

fn missing(field: &str, meaning: &str) -> String {
    format!("`{field}` is missing; it must be there ({meaning})")
}
