//! Failures that say that the operation was evaluated: it took place, and what it asked for was
//! not so.
//!
//! `:fail` alone means that an operation did not happen, for whatever reason. Some clients say
//! more: `:error :did-not-match` (ours), `[:precondition-failed "..."]` and
//! `[:key-does-not-exist "..."]` (those of Maelstrom), as a keyword, a string, a vector or a map.

use crate::format::datum::Datum;

/// What an evaluated operation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evaluated {
    /// Something else than what was expected.
    DidNotMatch,
    /// Nothing at all.
    FoundNothing,
}

impl Evaluated {
    /// What the error of a failure says.
    pub(super) fn by_error(error: &Datum) -> Option<Evaluated> {
        match error {
            Datum::Text(text) => Evaluated::named(text),
            Datum::List(parts) => parts.first().and_then(Evaluated::by_error),
            Datum::Map(_) => ["type", "error", "cause", "name"]
                .iter()
                .filter_map(|name| error.get(name))
                .find_map(Evaluated::by_error),
            Datum::Null | Datum::Bool(_) | Datum::Number(_) => None,
        }
    }

    /// What the value of a failure says, which may be what was asked: then it is no keyword.
    pub(super) fn by_value(value: &Datum) -> Option<Evaluated> {
        let is_keyword =
            |datum: &Datum| matches!(datum, Datum::Text(text) if text.starts_with(':'));
        let is_told = match value {
            Datum::List(parts) => parts.first().is_some_and(is_keyword),
            value => is_keyword(value),
        };
        is_told.then(|| Evaluated::by_error(value)).flatten()
    }

    /// A name, perhaps with more behind it.
    fn named(text: &str) -> Option<Evaluated> {
        let text = text.strip_prefix(':').unwrap_or(text);
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let name = text.split(|c| !is_part(c)).next()?;
        match name {
            "did-not-match" | "precondition-failed" => Some(Evaluated::DidNotMatch),
            "key-does-not-exist" => Some(Evaluated::FoundNothing),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_failure_is_evaluated_only_if_it_says_so() {
        use Evaluated::{DidNotMatch, FoundNothing};
        for (error, found) in [
            (json!(":did-not-match"), Some(DidNotMatch)),
            (json!("did-not-match"), Some(DidNotMatch)),
            (
                json!([":precondition-failed", "current value 3"]),
                Some(DidNotMatch),
            ),
            (json!(["precondition-failed"]), Some(DidNotMatch)),
            (json!("precondition-failed: is 3"), Some(DidNotMatch)),
            (
                json!({ "type": ":precondition-failed", "code": 22 }),
                Some(DidNotMatch),
            ),
            (
                json!([":key-does-not-exist", "not found"]),
                Some(FoundNothing),
            ),
            (json!(":timeout"), None),
            (json!("precondition-failedly"), None),
            (json!([1, ":did-not-match"]), None),
            (json!(null), None),
        ] {
            assert_eq!(Evaluated::by_error(&error.clone().into()), found, "{error}");
        }
        for (value, found) in [
            (json!(":did-not-match"), Some(DidNotMatch)),
            (json!([":key-does-not-exist", ""]), Some(FoundNothing)),
            (json!(["did-not-match", "b"]), None),
            (json!("did-not-match"), None),
            (json!([1, 2]), None),
        ] {
            assert_eq!(Evaluated::by_value(&value.clone().into()), found, "{value}");
        }
    }
}
