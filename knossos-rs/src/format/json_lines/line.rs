//! One line: its fields, and whether they agree.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::format::codec::{Line, text};

/// The fields of one line, checked.
pub(super) struct Written {
    pub(super) client: u64,
    pub(super) line: Line,
    pub(super) call: u64,
    pub(super) ret: Option<u64>,
    /// The operation is known not to have happened.
    pub(super) has_failed: bool,
}

/// The fields as they come; `None` where one is missing.
#[derive(Deserialize)]
struct Fields {
    #[serde(default, deserialize_with = "present")]
    client: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    key: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    op: Option<Value>,
    #[serde(default, rename = "in")]
    input: Value,
    #[serde(default, deserialize_with = "present")]
    out: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    call: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    ret: Option<Value>,
}

/// Tells a null from a missing field.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Written {
    /// Reads a line.
    pub(super) fn parse(bytes: &[u8]) -> Result<Written, String> {
        let fields: Fields = serde_json::from_slice(bytes).map_err(|error| {
            if error.is_eof() {
                "the line ends in the middle of an operation; the file seems to be cut off"
                    .to_owned()
            } else {
                // The line of the error is always 1, and would confuse.
                let words = error.to_string();
                let words = words.split(" at line ").next().unwrap_or(&words);
                format!(
                    "not an operation: {words} in column {}; a line is one JSON object such as \
                     {{\"client\":3,\"key\":\"a\",\"op\":\"get\",\"in\":null,\
                     \"out\":{{\"value\":\"7\"}},\"call\":120,\"ret\":940}}",
                    error.column()
                )
            }
        })?;
        let client =
            integer(fields.client, "client")?.ok_or("`client` is null; it must be an integer")?;
        let op = match fields.op {
            Some(Value::String(op)) => op,
            Some(other) => return Err(format!("`op` is {other}; it must be a string")),
            None => return Err(missing("op", "the name of the operation")),
        };
        let key = match fields.key {
            None | Some(Value::Null) => None,
            Some(key) => Some(text(&key, "key")?.to_string()),
        };
        let call = integer(fields.call, "call")?
            .ok_or("`call` is null; it must be an integer, in nanoseconds")?;
        let ret = integer(fields.ret, "ret")?;
        let out = fields
            .out
            .ok_or_else(|| missing("out", "null if the outcome is unknown"))?;
        let has_failed = out.get("failed").is_some();
        if has_failed && out["failed"] != Value::Bool(true) {
            return Err(format!("`out` is {out}; `failed` is true or not there"));
        }
        if let Some(ret) = ret.filter(|ret| *ret < call) {
            return Err(format!(
                "`ret` is {ret}, before `call`, {call}; an operation returns no earlier than it \
                 is called"
            ));
        }
        match (&out, ret) {
            (Value::Null, Some(ret)) => Err(format!(
                "`out` is null and `ret` is {ret}; an unknown outcome has `ret` null, a known \
                 one has `out`"
            )),
            (out, None) if !out.is_null() && !has_failed => Err(format!(
                "`ret` is null and `out` is {out}; a known outcome has `ret`, an unknown one has \
                 `out` null"
            )),
            _ => Ok(()),
        }?;
        let output = Some(out).filter(|out| !out.is_null() && !has_failed);
        let line = Line {
            op,
            key,
            input: fields.input,
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
fn integer(value: Option<Value>, field: &str) -> Result<Option<u64>, String> {
    match value {
        None => Err(missing(field, "an integer")),
        Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| {
            format!(
                "`{field}` is {value}; it must be an integer from 0 to {}",
                u64::MAX
            )
        }),
    }
}

fn missing(field: &str, meaning: &str) -> String {
    format!("`{field}` is missing; it must be there ({meaning})")
}
