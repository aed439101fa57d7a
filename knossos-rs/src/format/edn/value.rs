//! EDN as neutral data, and what is wrong with text that is not EDN.

use clojure_reader::edn::Edn;
use clojure_reader::error::{Code, Error};
use serde_json::Number;

use crate::format::datum::Datum;
use crate::format::texts::Texts;

/// How deeply data may be nested, as in JSON.
pub(super) const DEPTH_MAX: usize = 128;

/// What an EDN value is as neutral data. Keywords keep their colon, which tells them from
/// strings; of a tagged value, the value counts.
pub(super) fn datum(edn: &Edn<'_>, texts: &mut Texts) -> Result<Datum, String> {
    nested(edn, texts, 0)
}

/// What is said of data that are nested too deeply.
pub(super) fn too_deep() -> String {
    format!("data are nested more than {DEPTH_MAX} deep")
}

fn nested(edn: &Edn<'_>, texts: &mut Texts, depth: usize) -> Result<Datum, String> {
    if depth > DEPTH_MAX {
        return Err(too_deep());
    }
    let text = |value: &str, texts: &mut Texts| Datum::Text(texts.share(value));
    Ok(match edn {
        Edn::Nil => Datum::Null,
        Edn::Bool(value) => Datum::Bool(*value),
        Edn::Int(value) => Datum::Number((*value).into()),
        Edn::Double(value) => match Number::from_f64(value.0) {
            Some(number) => Datum::Number(number),
            None => text(&value.to_string(), texts),
        },
        Edn::Str(value) | Edn::Symbol(value) => text(value, texts),
        Edn::Key(name) => text(&format!(":{name}"), texts),
        Edn::Char(value) => text(value.encode_utf8(&mut [0; 4]), texts),
        Edn::Vector(values) | Edn::List(values) => list(values, texts, depth)?,
        Edn::Set(values) => list(values, texts, depth)?,
        Edn::Map(entries) => {
            let mut map = Vec::with_capacity(entries.len());
            for (name, value) in entries {
                let name = match name {
                    Edn::Key(name) | Edn::Str(name) | Edn::Symbol(name) => texts.share(name),
                    other => texts.share(&other.to_string()),
                };
                map.push((name, nested(value, texts, depth + 1)?));
            }
            Datum::Map(map)
        }
        Edn::Tagged(_, value) => nested(value, texts, depth + 1)?,
        other => text(&other.to_string(), texts),
    })
}

fn list<'edn>(
    values: impl IntoIterator<Item = &'edn Edn<'edn>>,
    texts: &mut Texts,
    depth: usize,
) -> Result<Datum, String> {
    let values = values
        .into_iter()
        .map(|value| nested(value, texts, depth + 1));
    Ok(Datum::List(values.collect::<Result<_, _>>()?))
}

/// A mistake in the text of a form that begins on line `begin`: its line, and the mistake.
pub(super) fn mistake(error: &Error, begin: usize) -> (usize, String) {
    let what = match &error.code {
        Code::UnexpectedEOF => "something in the event is not closed".to_owned(),
        Code::UnmatchedDelimiter(bracket) => format!("{bracket:?} closes what is not open"),
        Code::InvalidNumber | Code::InvalidRadix(_) => {
            "a number is malformed, or does not fit 64 bits".to_owned()
        }
        Code::InvalidChar => "a character after a backslash is none".to_owned(),
        Code::InvalidEscape => "a string has an escape that EDN does not know".to_owned(),
        Code::InvalidKeyword => "a keyword has no name".to_owned(),
        Code::InvalidTag => "a tag is malformed".to_owned(),
        other => match format!("{other:?}") {
            twice if twice.ends_with("DuplicateKey") => {
                "a map has the same key twice, or a set the same element".to_owned()
            }
            other => other,
        },
    };
    let column = error.column.map_or_else(String::new, |column| {
        let of = if error.line == Some(1) {
            "event"
        } else {
            "line"
        };
        format!(" at column {column} of the {of}")
    });
    let line = begin + error.line.map_or(0, |line| line.saturating_sub(1));
    (line, format!("not EDN: {what}{column}"))
}
