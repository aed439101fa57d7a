//! What the parser of TOML says, in words of a file.

use std::ops::Range;

use crate::units::key_at;

/// What the parser says of a key with too many parts.
const TOO_MANY_DOTS: &str = "recursion limit";
/// The dots of the shortest such key.
const MOST_DOTS: usize = 79;
const UNKNOWN_FIELD: &str = "unknown field";
/// How it is said that a table has no such key.
pub(super) const UNKNOWN_KEY: &str = "unknown key";
const NESTED: &str = "is nested too deeply: no key is more than a few tables down";

/// Phrases of the parser, and what is said instead.
const PHRASES: [(&str, &str); 12] = [
    (UNKNOWN_FIELD, UNKNOWN_KEY),
    ("missing field", "missing key"),
    ("string \"", "the text \""),
    ("unknown variant", "unknown value"),
    ("invalid type: map", "wrong type: a table"),
    ("invalid type: sequence", "wrong type: a list"),
    ("floating point `", "the number `"),
    ("integer `", "the number `"),
    ("invalid type", "wrong type"),
    ("invalid value", "wrong value"),
    (TOO_MANY_DOTS, NESTED),
    ("cannot recurse further; max recursion depth met", NESTED),
];

/// What the parser says, in words of the file instead of those of Rust.
pub(super) fn in_words(message: &str) -> String {
    let message = message.trim().replace('\n', " ");
    let message = PHRASES
        .into_iter()
        .fold(message, |message, (theirs, ours)| {
            message.replace(theirs, ours)
        });
    let Some((found, expected)) = message.rsplit_once("expected ") else {
        return message;
    };
    if let Some(given) = found.strip_prefix("invalid length ")
        && let Some(needed) = length(expected)
    {
        let given = given.trim_end_matches([',', ' ']);
        return format!("{needed} values are needed, and {given} are given");
    }
    let expected = match expected {
        "u8" => whole(0, u8::MAX.into()),
        "u16" => whole(0, u16::MAX.into()),
        "u32" => whole(0, u32::MAX.into()),
        // The whole numbers of TOML have 64 bits, with their sign.
        "u64" | "usize" => whole(0, i64::MAX),
        "i8" => whole(i8::MIN.into(), i8::MAX.into()),
        "i16" => whole(i16::MIN.into(), i16::MAX.into()),
        "i32" => whole(i32::MIN.into(), i32::MAX.into()),
        "i64" | "isize" => whole(i64::MIN, i64::MAX),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" => "text in quotes".to_owned(),
        "a map" => "a table".to_owned(),
        "a sequence" => "a list".to_owned(),
        name if name.starts_with("struct ") => "a table".to_owned(),
        name if name.starts_with("enum ") || name.contains("variant") => {
            "one of its values".to_owned()
        }
        other => other.to_owned(),
    };
    format!("{found}expected {expected}")
}

/// How many values a list must have: `an array of length 2`, `a tuple of size 2`.
fn length(expected: &str) -> Option<&str> {
    let (list, length) = expected.rsplit_once(' ')?;
    let is_list = list == "an array of length" || list.ends_with("tuple of size");
    is_list.then_some(length)
}

fn whole(least: i64, most: i64) -> String {
    format!("a whole number from {least} to {most}")
}

/// Says how the table is written for which a list stands there.
pub(super) fn table_for_list(text: &str, span: Option<&Range<usize>>, message: String) -> String {
    let Some(span) = span.filter(|_| message == "wrong type: a list, expected a table") else {
        return message;
    };
    let key = key_at(text, span.start);
    if text[span.start..].starts_with(&format!("[[{key}]]")) {
        return format!("there is one such table, and no list of them: write [{key}]");
    }
    format!("{message}, as {{ key = value }}")
}

/// Where a key has too many dots, which the parser does not say.
pub(super) fn too_deep(text: &str, error: &toml::de::Error) -> Option<Range<usize>> {
    if error.message() != TOO_MANY_DOTS {
        return None;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.matches('.').count() >= MOST_DOTS {
            return Some(start..start + line.len());
        }
        start += line.len();
    }
    None
}
