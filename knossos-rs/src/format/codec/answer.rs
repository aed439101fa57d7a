//! What an operation answers.

use super::value::value;
use crate::format::datum::Datum;
use crate::text::Text;

/// What a read answers.
pub(super) enum Seen {
    /// It happened, and nobody knows what it saw.
    Unseen,
    /// This.
    Value(Option<Text>),
}

/// What the operation `op` saw: `{"value":...}`, or `{"unseen":true}`.
pub(super) fn seen(op: &str, output: &Datum) -> Result<Seen, String> {
    match seen_datum(op, output)? {
        None => Ok(Seen::Unseen),
        Some(datum) => value(datum, "out.value").map(Seen::Value),
    }
}

/// The same, before the value is looked at; `None` if nobody knows.
pub(super) fn seen_datum<'a>(op: &str, output: &'a Datum) -> Result<Option<&'a Datum>, String> {
    if is_unseen(output) {
        return Ok(None);
    }
    told(op, output).map(Some)
}

/// Whether nobody knows what a read saw: `{"unseen":true}`.
pub(super) fn is_unseen(output: &Datum) -> bool {
    output.get("unseen").and_then(Datum::as_bool) == Some(true)
}

/// What an operation that takes something tells: `{"value":...}`.
pub(super) fn told<'a>(op: &str, output: &'a Datum) -> Result<&'a Datum, String> {
    output
        .get("value")
        .ok_or_else(|| format!("`out` is {output}; a {op} answers {{\"value\":...}}"))
}

/// Whether a cas swapped: `{"ok":true}` or `{"ok":false}`.
pub(super) fn swapped(output: &Datum) -> Result<bool, String> {
    is_ok(output).ok_or_else(|| {
        format!("`out` is {output}; a cas answers {{\"ok\":true}} or {{\"ok\":false}}")
    })
}

/// That it happened: `{"ok":true}`.
pub(super) fn done(op: &str, output: &Datum) -> Result<(), String> {
    if is_ok(output) == Some(true) {
        return Ok(());
    }
    Err(format!(
        "`out` is {output}; a {op} answers {{\"ok\":true}} (if it is known to have failed, \
         {{\"failed\":true}})"
    ))
}

/// That it happened, and whether something was there, if that is said: `{"ok":true,"was":true}`.
pub(super) fn done_or_was(op: &str, output: &Datum) -> Result<Option<bool>, String> {
    done(op, output)?;
    Ok(output.get("was").and_then(Datum::as_bool))
}

/// Whether it went well, if that is said.
pub(super) fn is_ok(output: &Datum) -> Option<bool> {
    output.get("ok").and_then(Datum::as_bool)
}

/// What a cas asks: the old value and the new one.
pub(super) fn old_and_new(input: &Datum) -> Result<(Option<Text>, Option<Text>), String> {
    match input {
        Datum::List(values) if values.len() == 2 => {
            Ok((value(&values[0], "in[0]")?, value(&values[1], "in[1]")?))
        }
        _ => Err(format!(
            "`in` is {input}; a cas takes [old, new], null being absent"
        )),
    }
}

/// `{"ok":true}`.
pub(super) fn ok() -> Datum {
    Datum::entry("ok", true)
}

/// What an operation that is no read answers when it tells a value.
pub(super) fn happened(value: Datum) -> Datum {
    Datum::Map(vec![("ok".into(), true.into()), ("value".into(), value)])
}

/// That it happened; of a read, that nobody knows what it saw.
pub(super) fn ok_unless_read(is_read: bool) -> Datum {
    if is_read { unseen() } else { ok() }
}

/// `{"ok":true,"was":...}`.
pub(super) fn was(was: bool) -> Datum {
    Datum::Map(vec![("ok".into(), true.into()), ("was".into(), was.into())])
}

/// `{"unseen":true}`.
pub(super) fn unseen() -> Datum {
    unseen_of(None)
}

/// The same of a value of which part is known: `{"unseen":true,"value":...}`.
pub(super) fn unseen_of(value: Option<Datum>) -> Datum {
    let value = value.map(|value| ("value".into(), value));
    let unseen = ("unseen".into(), true.into());
    Datum::Map([unseen].into_iter().chain(value).collect())
}
