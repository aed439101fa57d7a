//! One event: the fields of its map, and whether they make sense.

use std::fmt;

use clojure_reader::edn::Edn;

use super::nemesis::Deed;
use super::value::{datum, mistake};
use crate::format::codec::{Codec, split, text};
use crate::format::datum::Datum;
use crate::format::events::{Event, Kind, is_read};
use crate::format::texts::Texts;
use crate::text::Text;

/// How events are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// Reading `""` is reading an absent key.
    pub(super) empty_is_absent: bool,
}

/// What a form was.
#[derive(Debug)]
pub(super) enum Seen {
    /// An event of a client.
    Event(Event),
    /// An event of somebody else; `None` if nothing is known of what was done.
    Other(Option<Deed>),
}

/// What a field holds: keywords are told from everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Key(Text),
    Other(Datum),
}

impl Raw {
    fn of(edn: &Edn<'_>, texts: &mut Texts) -> Result<Raw, String> {
        match edn {
            Edn::Key(name) => Ok(Raw::Key(texts.share(name))),
            other => datum(other, texts).map(Raw::Other),
        }
    }

    fn datum(self) -> Datum {
        match self {
            Raw::Key(name) => Datum::Text(format!(":{name}").into()),
            Raw::Other(value) => value,
        }
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Raw::Key(name) => write!(formatter, ":{name}"),
            Raw::Other(value) => value.fmt(formatter),
        }
    }
}

/// The fields of an event as they come.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    kind: Option<Raw>,
    process: Option<Raw>,
    op: Option<Raw>,
    key: Option<Raw>,
    value: Option<Raw>,
    output: Option<Raw>,
    client: Option<Raw>,
    time: Option<Raw>,
    error: Option<Raw>,
}

impl Fields {
    /// The field of this name, if anybody asks for it.
    pub(super) fn named(&mut self, name: &str) -> Option<&mut Option<Raw>> {
        Some(match name {
            "type" => &mut self.kind,
            "process" => &mut self.process,
            "f" => &mut self.op,
            "key" => &mut self.key,
            "value" => &mut self.value,
            "out" => &mut self.output,
            "client" => &mut self.client,
            "time" => &mut self.time,
            "error" => &mut self.error,
            _ => return None,
        })
    }
}

/// The fields of any event, in a form that begins on line `begin`; or the line of a mistake, and
/// the mistake.
pub(super) fn any_fields(
    form: &str,
    begin: usize,
    texts: &mut Texts,
) -> Result<Fields, (usize, String)> {
    let edn = clojure_reader::edn::read_string(form).map_err(|error| mistake(&error, begin))?;
    let map = match &edn {
        Edn::Tagged(_, inner) => inner,
        edn => edn,
    };
    let Edn::Map(entries) = map else {
        return Err((begin, format!("an event is a map, and this is {edn}")));
    };
    let mut fields = Fields::default();
    for (name, value) in entries {
        let Edn::Key(name) = name else { continue };
        if let Some(field) = fields.named(name) {
            *field = Some(Raw::of(value, texts).map_err(|problem| (begin, problem))?);
        }
    }
    Ok(fields)
}

impl Reader {
    /// What the event on line `line` was.
    pub(super) fn event<C: Codec>(
        self,
        codec: &C,
        fields: Fields,
        line: usize,
    ) -> Result<Seen, String> {
        let process = match fields.process {
            Some(Raw::Key(process)) => {
                let Some(Raw::Key(op)) = fields.op else {
                    return Ok(Seen::Other(None));
                };
                return Ok(Seen::Other(Some(Deed {
                    process: process.to_string(),
                    op: op.to_string(),
                    value: fields.value.map_or(Datum::Null, Raw::datum),
                    // The time of somebody else is not worth an error.
                    time: natural(fields.time, "time").ok().flatten(),
                })));
            }
            process => natural(process, "process")?
                .ok_or("`:process` is missing; an event has one, an integer or `:nemesis`")?,
        };
        let kind = match &fields.kind {
            Some(Raw::Key(name)) => Kind::named(name),
            _ => None,
        };
        let kind = kind.ok_or_else(|| {
            let found = in_words(fields.kind);
            format!("`:type` is {found}; it must be :invoke, :ok, :fail or :info")
        })?;
        let op = match fields.op {
            Some(Raw::Key(name) | Raw::Other(Datum::Text(name))) => name,
            other => {
                let found = in_words(other);
                return Err(format!(
                    "`:f` is {found}; it must be the name of the operation"
                ));
            }
        };
        let value = fields.value.map_or(Datum::Null, Raw::datum);
        let (key, value) = match (kind, fields.key) {
            // Nothing more is asked of an operation that did not happen, or perhaps.
            (Kind::Fail | Kind::Info, _) => (None, Datum::Null),
            (_, Some(key)) => (Some(text(&key.datum(), ":key")?), value),
            (_, None) => split(codec, &op, value)?,
        };
        let is_empty = matches!(&value, Datum::Text(text) if text.is_empty());
        let reads_nothing = self.empty_is_absent && kind == Kind::Ok && is_read(&op) && is_empty;
        let did_not_match = &*op == "cas"
            && matches!(&fields.error, Some(Raw::Key(error)) if &**error == "did-not-match");
        Ok(Seen::Event(Event {
            line,
            kind,
            process,
            client: natural(fields.client, "client")?,
            op,
            key,
            value: if reads_nothing { Datum::Null } else { value },
            output: fields.output.map(Raw::datum),
            time: natural(fields.time, "time")?,
            did_not_match,
        }))
    }
}

/// The problem of an operation, its parts named as events name them.
pub(in crate::format) fn in_words_of_events(problem: String) -> String {
    problem
        .replace("`op`", "`:f`")
        .replace("`key`", "the key")
        .replace("`in`", "`:value` of the invocation")
        .replace("`in[", "`:value[")
        .replace("`out.value`", "`:value`")
        .replace("`out`", "the outcome")
}

/// An integer from 0 on, where there is one.
fn natural(found: Option<Raw>, field: &str) -> Result<Option<u64>, String> {
    match found {
        None | Some(Raw::Other(Datum::Null)) => Ok(None),
        Some(Raw::Other(Datum::Number(number))) if number.is_u64() => Ok(number.as_u64()),
        Some(other) => Err(format!(
            "`:{field}` is {other}; it must be an integer from 0 to {}",
            i64::MAX
        )),
    }
}

fn in_words(found: Option<Raw>) -> String {
    found.map_or_else(|| "missing".to_owned(), |found| found.to_string())
}
