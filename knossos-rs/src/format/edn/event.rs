//! The fields of one event: a map, or a vector of process, type, name, value and error.

use super::notation::{Cursor, not_closed};
use crate::format::datum::Datum;
use crate::format::events::Fields;
use crate::format::texts::Texts;

/// What an event looks like.
pub(super) const EXAMPLE: &str = "{:type :invoke, :process 0, :f :read, :value nil, :time 10}";

/// The fields of an event; or how many bytes of the form are left after a mistake, and the
/// mistake.
pub(in crate::format) fn fields(form: &str, texts: &mut Texts) -> Result<Fields, (usize, String)> {
    let mut cursor = Cursor::new(form);
    event(&mut cursor, texts).map_err(|problem| (cursor.rest().len(), problem))
}

fn event(cursor: &mut Cursor<'_>, texts: &mut Texts) -> Result<Fields, String> {
    match cursor.next_byte()?.ok_or_else(not_closed)? {
        b'{' => map(cursor, texts),
        b'[' | b'(' => match cursor.value(texts)? {
            Datum::List(values) => Ok(Fields::of_list(values)),
            other => Err(format!("{other} is no event; one is {EXAMPLE}")),
        },
        // `#jepsen.history.Op{...}`, or a map whose names are in a namespace.
        b'#' => {
            cursor.tag()?;
            match cursor.next_byte()? {
                Some(b'{') => map(cursor, texts),
                _ => Err(format!("a tag is followed by no event; one is {EXAMPLE}")),
            }
        }
        _ => Err(format!("this is no event; one is {EXAMPLE}")),
    }
}

/// Reads what is used of a map, and skips the rest.
fn map(cursor: &mut Cursor<'_>, texts: &mut Texts) -> Result<Fields, String> {
    cursor.take_byte();
    let mut fields = Fields::default();
    while !cursor.closes(b'}')? {
        let Some(place) = place(cursor)? else {
            cursor.skip()?;
            continue;
        };
        if cursor.next_byte()? == Some(b'}') {
            return Err("not EDN: the last name of the map has no value".to_owned());
        }
        let field = &mut fields.0[place];
        if field.is_some() {
            return Err("not EDN: a map has the same key twice".to_owned());
        }
        *field = Some(cursor.value(texts)?);
    }
    Ok(fields)
}

/// Goes over a name; the place of the field, if it is used.
fn place(cursor: &mut Cursor<'_>) -> Result<Option<usize>, String> {
    let before = cursor.rest();
    let name = if before.starts_with(':') {
        cursor.token()
    } else {
        cursor.skip()?;
        &before[..before.len() - cursor.rest().len()]
    };
    let name = match name.as_bytes() {
        [b':', ..] => &name[1..],
        [b'"', .., b'"'] => &name[1..name.len() - 1],
        _ => name,
    };
    let place = Fields::place(name);
    if place.is_none() && cursor.next_byte()? == Some(b'}') {
        return Err("not EDN: the last name of the map has no value".to_owned());
    }
    Ok(place)
}
