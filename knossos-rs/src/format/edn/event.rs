//! One event: the fields of its map, and whether they make sense.

use clojure_reader::edn::Edn;

use super::value::datum;
use crate::format::codec::text;
use crate::format::datum::Datum;
use crate::format::events::{Event, Kind, is_read};
use crate::format::texts::Texts;
use crate::text::Text;

/// How events are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// Where an event has no `:key`, its `:value` is `[key value]`.
    pub(super) is_keyed: bool,
    /// Reading `""` is reading an absent key.
    pub(super) empty_is_absent: bool,
}

/// What a form was.
#[derive(Debug)]
pub(super) enum Seen {
    /// An event of a client.
    Event(Event),
    /// An event of somebody else.
    Nothing,
}

/// The fields of an event as they come.
#[derive(Default)]
struct Fields<'edn> {
    kind: Option<&'edn Edn<'edn>>,
    process: Option<&'edn Edn<'edn>>,
    op: Option<&'edn Edn<'edn>>,
    key: Option<&'edn Edn<'edn>>,
    value: Option<&'edn Edn<'edn>>,
    output: Option<&'edn Edn<'edn>>,
    client: Option<&'edn Edn<'edn>>,
    time: Option<&'edn Edn<'edn>>,
    error: Option<&'edn Edn<'edn>>,
}

impl<'edn> Fields<'edn> {
    fn of(edn: &'edn Edn<'edn>) -> Result<Fields<'edn>, String> {
        let edn = match edn {
            Edn::Tagged(_, inner) => inner,
            edn => edn,
        };
        let Edn::Map(entries) = edn else {
            return Err(format!("an event is a map, and this is {edn}"));
        };
        let mut fields = Fields::default();
        for (name, value) in entries {
            let Edn::Key(name) = name else { continue };
            let field = match &**name {
                "type" => &mut fields.kind,
                "process" => &mut fields.process,
                "f" => &mut fields.op,
                "key" => &mut fields.key,
                "value" => &mut fields.value,
                "out" => &mut fields.output,
                "client" => &mut fields.client,
                "time" => &mut fields.time,
                "error" => &mut fields.error,
                _ => continue,
            };
            *field = Some(value);
        }
        Ok(fields)
    }
}

impl Reader {
    /// What a form on line `line` was.
    pub(super) fn event(
        self,
        edn: &Edn<'_>,
        line: usize,
        texts: &mut Texts,
    ) -> Result<Seen, String> {
        let fields = Fields::of(edn)?;
        let process = match fields.process {
            Some(Edn::Key(_)) => return Ok(Seen::Nothing),
            process => natural(process, "process")?
                .ok_or("`:process` is missing; an event has one, an integer or `:nemesis`")?,
        };
        let kind = match fields.kind {
            Some(Edn::Key(name)) => Kind::named(name),
            _ => None,
        };
        let kind = kind.ok_or_else(|| {
            let found = in_words(fields.kind);
            format!("`:type` is {found}; it must be :invoke, :ok, :fail or :info")
        })?;
        let op = match fields.op {
            Some(Edn::Key(name) | Edn::Symbol(name) | Edn::Str(name)) => texts.share(name),
            other => {
                let found = in_words(other);
                return Err(format!(
                    "`:f` is {found}; it must be the name of the operation"
                ));
            }
        };
        let value = fields.value.map(|value| datum(value, texts)).transpose()?;
        let (key, value) = match (kind, fields.key) {
            // Nothing more is asked of an operation that did not happen, or perhaps.
            (Kind::Fail | Kind::Info, _) => (None, Datum::Null),
            (_, Some(key)) => {
                let key = text(&datum(key, texts)?, ":key")?;
                (Some(key), value.unwrap_or_default())
            }
            (_, None) => keyed(value.unwrap_or_default(), self.is_keyed)?,
        };
        let is_empty = matches!(&value, Datum::Text(text) if text.is_empty());
        let reads_nothing = self.empty_is_absent && kind == Kind::Ok && is_read(&op) && is_empty;
        let did_not_match = &*op == "cas"
            && matches!(fields.error, Some(Edn::Key(error)) if *error == "did-not-match");
        Ok(Seen::Event(Event {
            line,
            kind,
            process,
            client: natural(fields.client, "client")?,
            op,
            key,
            value: if reads_nothing { Datum::Null } else { value },
            output: fields
                .output
                .map(|output| datum(output, texts))
                .transpose()?,
            time: natural(fields.time, "time")?,
            did_not_match,
        }))
    }
}

/// The key and the value of an event whose `:value` may be `[key value]`.
pub(in crate::format) fn keyed(
    value: Datum,
    is_keyed: bool,
) -> Result<(Option<Text>, Datum), String> {
    if !is_keyed {
        return Ok((None, value));
    }
    match value {
        Datum::List(mut pair) if pair.len() == 2 => {
            let value = pair.pop().unwrap_or_default();
            let key = match pair.pop() {
                None | Some(Datum::Null) => None,
                Some(key) => Some(text(&key, ":value[0]")?),
            };
            Ok((key, value))
        }
        other => Err(format!(
            "`:value` is {other}; with many keys it is [key value] (a history of one register is \
             read with the model `register` or `cas-register`)"
        )),
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
fn natural(edn: Option<&Edn<'_>>, field: &str) -> Result<Option<u64>, String> {
    match edn {
        None | Some(Edn::Nil) => Ok(None),
        Some(Edn::Int(value)) if *value >= 0 => Ok(Some(value.unsigned_abs())),
        Some(other) => Err(format!(
            "`:{field}` is {other}; it must be an integer from 0 to {}",
            i64::MAX
        )),
    }
}

fn in_words(edn: Option<&Edn<'_>>) -> String {
    edn.map_or_else(|| "missing".to_owned(), ToString::to_string)
}
