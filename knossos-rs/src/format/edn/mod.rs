//! Histories in EDN: those of Jepsen, and the text logs of key-value stores.
//!
//! ```text
//! {:type :invoke, :f :write, :value 3, :process 0, :time 10, :index 0}
//! {:type :ok, :f :write, :value 3, :process 0, :time 25, :index 1}
//! ```
//!
//! The events of a Jepsen history, as in its `history.edn`: one map per line, or all maps within
//! one vector, tagged or not. `:ok` happened; `:fail` did not, and is left out; after `:info`,
//! or without an end, the outcome is unknown. A `cas` that failed with `:error :did-not-match`
//! was evaluated and did not match, as [`write`](fn@write) says it. Events of processes that are no
//! integers (`:nemesis`) are not operations; from one that starts something to one that stops it
//! is a [fault](Contents::faults). Where no event has a `:time`, an event's time is its number
//! times ten; some with and some without are refused.
//!
//! With a model of many keys, `:value` is `[key value]`, as in Jepsen's independent histories,
//! unless the event has a `:key`. Key-value logs are told by that `:key`:
//!
//! ```text
//! {:process 1, :type :invoke, :f :append, :key "5", :value "x 1 0 y"}
//! ```
//!
//! In them, reading `""` is reading an absent key.

mod event;
mod forms;
mod nemesis;
mod quick;
mod value;
mod write;

#[cfg(test)]
mod tests;

use std::io::BufRead;

use super::ReadError;
use super::codec::Codec;
use super::contents::{Contents, Format};
use super::events::Pairing;
use super::texts::Texts;
use event::{Reader, Seen, any_fields};
use forms::Forms;
use nemesis::Nemesis;

pub(super) use event::in_words_of_events;
pub use write::write;

/// Reads a history of events in EDN.
pub(super) fn read<C: Codec>(
    codec: &C,
    reader: impl BufRead,
    format: Format,
) -> Result<Contents<C>, ReadError> {
    let mut forms = Forms::new(reader);
    let mut pairing = Pairing::new(codec);
    let events = Reader {
        empty_is_absent: format == Format::KvLog,
    };
    let mut texts = Texts::default();
    let mut nemesis = Nemesis::default();
    while let Some((begin, form)) = forms.next()? {
        if form.starts_with("#_") {
            continue;
        }
        let fields = match quick::fields(form, &mut texts) {
            Some(fields) => fields,
            None => any_fields(form, begin, &mut texts)
                .map_err(|(line, problem)| ReadError::at(line, problem))?,
        };
        let taken = match events.event(codec, fields, begin) {
            Ok(Seen::Other(deed)) => {
                if let Some(deed) = deed
                    && let Some(time) = pairing.time_of_other(deed.time)
                {
                    nemesis.take(deed, time);
                }
                Ok(())
            }
            Ok(Seen::Event(event)) => {
                let now = pairing.count();
                pairing.take(event, now).map_err(in_words_of_events)
            }
            Err(problem) => Err(in_words_of_events(problem)),
        };
        taken.map_err(|problem| ReadError::at(begin, problem))?;
    }
    Ok(Contents {
        faults: nemesis.bands(),
        ..pairing.finish(format)
    })
}

/// Reads one value of EDN, and what follows it.
pub(super) fn value<'text>(
    text: &'text str,
    texts: &mut Texts,
) -> Result<(super::Datum, &'text str), String> {
    forms::refuse_depths(text)?;
    let (edn, rest) =
        clojure_reader::edn::read(text).map_err(|error| value::mistake(&error, 1).1)?;
    Ok((value::datum(&edn, texts)?, rest))
}
