//! Values: any piece of data as the text that a model compares.
//!
//! Only equality is asked of values. A string is its text, an integer its decimal text, so that
//! `3` and `"3"` are the same. Everything else, `true`, `1.5`, `[1 2]`, `{"a" 1}`, is told from
//! all strings by the mark of [`Text::of_data`]; in it, too, `3` and `"3"` are the same, and the
//! names of a map are in no order.

use crate::format::datum::Datum;
use crate::text::Text;

/// Integers from here on are not told apart by the fractions that JSON readers make of them.
const INTEGERS_END: f64 = (1_u64 << 53) as f64;

/// A value; `None` for nothing.
pub(super) fn value(datum: &Datum, field: &str) -> Result<Option<Text>, String> {
    match datum {
        Datum::Null => Ok(None),
        Datum::Text(text) if !text.is_data() => Ok(Some(text.clone())),
        Datum::Number(number) if !number.is_f64() => Ok(Some(number.to_string().into())),
        other => {
            let mut data = String::new();
            push(&mut data, other).map_err(|problem| format!("`{field}` is {other}; {problem}"))?;
            Ok(Some(Text::of_data(&data)))
        }
    }
}

/// A value that is something: a key, an element.
pub(in crate::format) fn text(datum: &Datum, field: &str) -> Result<Text, String> {
    value(datum, field)?.ok_or_else(|| format!("`{field}` is null; it must be a value"))
}

/// A text to append: a string, or an integer as its decimal text.
pub(super) fn suffix(datum: &Datum, field: &str) -> Result<Text, String> {
    match datum {
        Datum::Text(_) => text(datum, field),
        Datum::Number(number) if !number.is_f64() => text(datum, field),
        other => Err(format!(
            "`{field}` is {other}; it must be a string or an integer"
        )),
    }
}

/// The values of a list or a set.
pub(super) fn list<C: FromIterator<Text>>(datum: &Datum, field: &str) -> Result<C, String> {
    match datum {
        Datum::Null => Ok(C::from_iter([])),
        Datum::List(values) => values.iter().map(|value| text(value, field)).collect(),
        other => Err(format!("`{field}` is {other}; it must be a list of values")),
    }
}

/// An integer.
pub(super) fn integer(datum: &Datum, field: &str) -> Result<i64, String> {
    let found = match datum {
        Datum::Number(number) => number.as_i64(),
        Datum::Text(text) => text.parse().ok(),
        _ => None,
    };
    found.ok_or_else(|| format!("`{field}` is {datum}; it must be an integer of 64 bits"))
}

/// A value as data again.
pub(super) fn datum(text: &Text) -> Datum {
    let data = text.data().and_then(|data| serde_json::from_str(data).ok());
    data.map_or_else(
        || Datum::Text(text.clone()),
        |data: serde_json::Value| data.into(),
    )
}

/// Values as data again.
pub(super) fn data<'t>(texts: impl IntoIterator<Item = &'t Text>) -> Datum {
    Datum::List(texts.into_iter().map(datum).collect())
}

/// A value or nothing as data again.
pub(super) fn datum_or_null(text: Option<&Text>) -> Datum {
    text.map_or(Datum::Null, datum)
}

/// What an object holds, as data; `None` for text that stands for data and is none.
pub(super) fn held(text: Option<&Text>) -> Option<Datum> {
    let is_none = |text: &Text| text.is_data() && datum(text) == Datum::Text(text.clone());
    (!text.is_some_and(is_none)).then(|| datum_or_null(text))
}

/// Writes data as JSON that is the same for equal data.
fn push(json: &mut String, datum: &Datum) -> Result<(), String> {
    match datum {
        Datum::Text(text) if is_integer(text) => json.push_str(text),
        Datum::Null | Datum::Bool(_) | Datum::Text(_) => json.push_str(&datum.to_string()),
        Datum::Number(number) => {
            let is_rounded = number
                .as_f64()
                .is_some_and(|value| number.is_f64() && value.abs() >= INTEGERS_END);
            if is_rounded {
                return Err("it is too large to be told from its neighbours".to_owned());
            }
            json.push_str(&number.to_string());
        }
        Datum::List(values) => {
            json.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                push(json, value)?;
            }
            json.push(']');
        }
        Datum::Map(entries) => {
            let entries: std::collections::BTreeMap<&str, &Datum> = entries
                .iter()
                .map(|(name, value)| (&**name, value))
                .collect();
            json.push('{');
            for (place, (name, value)) in entries.into_iter().enumerate() {
                if place > 0 {
                    json.push(',');
                }
                json.push_str(&Datum::Text(name.into()).to_string());
                json.push(':');
                push(json, value)?;
            }
            json.push('}');
        }
    }
    Ok(())
}

/// Whether the text is what an integer is written as.
fn is_integer(text: &str) -> bool {
    let parsed = text.parse::<i64>().map(|number| number.to_string());
    parsed.is_ok_and(|number| number == text)
}
