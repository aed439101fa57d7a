//! The events of a Jepsen history as JSON: objects (or lists of process, type, name and value),
//! within an array or not, however they are laid out.
//!
//! ```text
//! {"process":0,"type":"invoke","f":"write","value":3}
//! {"process":0,"type":"ok","f":"write","value":3}
//! ```

use std::io::BufRead;

use serde::de::DeserializeSeed;

use super::object::{known_fields, mistake};
use crate::format::ReadError;
use crate::format::codec::Codec;
use crate::format::contents::Contents;
use crate::format::datum::{Datum, DatumSeed};
use crate::format::events::{FIELDS, Fields, Pairing};
use crate::format::kind::Format;
use crate::format::options::ReadOptions;
use crate::format::source::{Forms, Notation};
use crate::format::texts::Texts;

/// What an event looks like.
const EXAMPLE: &str = r#"{"process":0,"type":"invoke","f":"read","value":null}"#;

/// Reads the events of a Jepsen history in JSON.
pub(in crate::format) fn read<C: Codec>(
    codec: &C,
    reader: impl BufRead,
    options: &ReadOptions,
) -> Result<Contents<C>, ReadError> {
    let mut forms = Forms::new(reader, Notation::Json, EXAMPLE);
    let mut pairing = Pairing::new(codec, options, Format::JsonEvents);
    let mut texts = Texts::default();
    while let Some((begin, form)) = forms.next()? {
        let fields = fields(form, &mut texts)
            .map_err(|(lines, problem)| ReadError::at(begin + lines, in_words_of_json(problem)))?;
        pairing
            .take(fields, begin)
            .map_err(|problem| ReadError::at(begin, in_words_of_json(problem)))?;
    }
    Ok(pairing.finish())
}

/// The fields of an event.
fn fields(form: &str, texts: &mut Texts) -> Result<Fields, (usize, String)> {
    if form.starts_with('{') {
        return known_fields(form, &FIELDS, EXAMPLE, texts).map(Fields);
    }
    let mut json = serde_json::Deserializer::from_str(form);
    match DatumSeed(texts).deserialize(&mut json) {
        Ok(Datum::List(values)) => Ok(Fields::of_list(values)),
        Ok(other) => Err((0, format!("{other} is no event; one is {EXAMPLE}"))),
        Err(error) => Err(mistake(&error, EXAMPLE)),
    }
}

/// The problem of an event, its fields named as JSON names them.
fn in_words_of_json(problem: String) -> String {
    problem
        .replace("`:", "`")
        .replace(":invoke, :ok, :fail or :info", "invoke, ok, fail or info")
        .replace("as :read", "as read")
}
