//! What `omnisim check` can be told.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use knossos::format::ReadOptions;

use super::reading::{FailedCas, InputFormat};
use super::shared::{Pace, report_format, wall_time};
use crate::check::Level;
use crate::histories::{Initial, Options, WriteOrder};
use crate::reporters;

/// Check histories of operations for consistency.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "What was assumed of the beginning is part of every verdict. A history in which \
                        nothing is known to have succeeded is unknown, not consistent (exit code 3).\n\n\
                        Exit codes: 0 all are consistent, 3 something is unknown, 1 a violation, 2 bad \
                        input, 74 a file or the output failed while it was read or written. Of several \
                        histories and levels the worst counts, in this order: 74, 2, 1, 3, 0; 128 + N \
                        after a signal N counts before all."
)]
pub(in crate::cli) struct CheckArgs {
    /// History files, or folders of them; - reads standard input.
    #[arg(required_unless_present = "list_models", value_name = "HISTORY|FOLDER")]
    pub(in crate::cli) histories: Vec<PathBuf>,
    /// The object that the operations were on; see --list-models.
    #[arg(long, required_unless_present = "list_models", value_name = "MODEL")]
    pub(in crate::cli) model: Option<String>,
    /// Tell which operations each model reads, with which values, and what it begins with.
    #[arg(long)]
    pub(in crate::cli) list_models: bool,
    /// What the object, or every key, holds before the first operation: a value as JSON or EDN,
    /// a text as it is, nil for nothing; or unknown, if nobody knows: then any first value is fine.
    /// The text "unknown" is written in quotes. By default what --list-models says.
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    pub(in crate::cli) initial: Option<Initial>,
    /// The same for one key; may be repeated for others. A key that contains = is written in
    /// quotes, as JSON. One that no history has is an error (exit code 2).
    #[arg(long, value_name = "KEY=VALUE", value_parser = initial_of)]
    pub(in crate::cli) initial_of: Vec<(String, Initial)>,
    /// Events have values [key value], each key an object of its own; by default, that is told
    /// from what reads, dequeues and acquires are invoked with. With false, pairs are values.
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub(in crate::cli) independent: Option<bool>,
    /// What a read or get saw that answers nil, with any model: nothing was there, or nobody
    /// knows (as Knossos takes it).
    #[arg(long, value_enum, value_name = "MEANING", default_value_t = NilRead::Nothing)]
    pub(in crate::cli) nil_read: NilRead,
    /// What the histories have to be: linearizable, sequential, monotonic-reads,
    /// monotonic-writes, read-your-writes, writes-follow-reads or bounded-staleness=DURATION.
    /// Several, with commas between them or repeated, are each a verdict of its own; each may be
    /// named once, bounded-staleness with one bound.
    #[arg(
        long,
        default_value = "linearizable",
        value_name = "LEVEL",
        value_delimiter = ','
    )]
    pub(in crate::cli) consistency: Vec<Level>,
    /// For the four guarantees of a session, what is taken for granted of the order of writes;
    /// program by default.
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(in crate::cli) write_order: Option<WriteOrder>,
    /// The longest that the check of one history at one level may take, as 60s.
    #[arg(long, value_parser = wall_time, value_name = "TIME")]
    pub(in crate::cli) time_limit: Option<Duration>,
    /// The format of the histories; by default, each is what its content looks like.
    #[arg(long, value_enum)]
    pub(in crate::cli) input_format: Option<InputFormat>,
    /// What a cas means that failed, in Jepsen events that say no more than that. One that says
    /// :did-not-match or :precondition-failed did not match, in any case.
    #[arg(long, value_enum, value_name = "MEANING", default_value_t = FailedCas::DidNotHappen)]
    pub(in crate::cli) failed_cas: FailedCas,
    /// Draw a picture into this HTML file: of the first history that is a violation, or of the
    /// first one if none is. Faults that a Jepsen history tells of (`:nemesis`) are shaded.
    #[arg(long, value_name = "FILE.html")]
    pub(in crate::cli) visualize: Option<PathBuf>,
    /// How results are printed.
    #[arg(long, value_parser = report_format(), default_value = "text", value_name = "FORMAT")]
    pub(in crate::cli) format: &'static reporters::Format,
    #[command(flatten)]
    pub(in crate::cli) manner: Pace,
}

impl CheckArgs {
    /// How histories are read, and what is asked of them.
    pub(in crate::cli) fn options(&self) -> Options {
        Options {
            initial: self.initial.clone(),
            initial_of: self.initial_of.clone(),
            independent: self.independent,
            consistency: self.consistency.clone(),
            write_order: self.write_order,
            time_limit: self.time_limit,
            reading: ReadOptions {
                format: self.input_format.map(Into::into),
                failed_cas: self.failed_cas.into(),
                nil_read: self.nil_read.into(),
            },
        }
    }

    /// Why what is asked for contradicts itself, if it does.
    pub(in crate::cli) fn problem(&self) -> Option<String> {
        let keys: Vec<_> = self.initial_of.iter().map(|(key, _)| key).collect();
        if let Some(key) = first_repeated(&keys) {
            return Some(format!(
                "--initial-of: the key {key:?} is given twice; say once what it holds at first"
            ));
        }
        let levels: Vec<_> = self.consistency.iter().map(Level::check).collect();
        let level = &self.consistency[place_of_repeated(&levels)?];
        Some(format!(
            "--consistency: the level of {level} is asked for before it; name each once, with one \
             bound"
        ))
    }
}

/// The first that equals one before it.
fn place_of_repeated<T: PartialEq>(all: &[T]) -> Option<usize> {
    (0..all.len()).find(|place| all[..*place].contains(&all[*place]))
}

fn first_repeated<T: PartialEq + Copy>(all: &[T]) -> Option<T> {
    place_of_repeated(all).map(|place| all[place])
}

/// `KEY=VALUE`, up to the first `=` that is not in quotes.
fn initial_of(text: &str) -> Result<(String, Initial), String> {
    let wrong = || "it must be KEY=VALUE; a KEY that contains = is written in quotes".to_owned();
    let mut keys = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let (key, rest) = match keys.next() {
        Some(Ok(key)) => (key, &text[keys.byte_offset()..]),
        _ => {
            let place = text.find('=').ok_or_else(wrong)?;
            (text[..place].to_owned(), &text[place..])
        }
    };
    let value = rest.strip_prefix('=').ok_or_else(wrong)?;
    Ok((key, value.parse()?))
}

/// What a read that answers nil saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum NilRead {
    /// Nothing was there.
    Nothing,
    /// Nobody knows.
    Unknown,
}

impl From<NilRead> for knossos::format::NilRead {
    fn from(nil: NilRead) -> Self {
        match nil {
            NilRead::Nothing => Self::Nothing,
            NilRead::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use knossos::format::Datum;

    use super::*;

    fn value(text: &str) -> Datum {
        match text.parse() {
            Ok(Initial::Value(value)) => value,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_initial_value_is_json_or_a_text_or_nothing_or_unknown() {
        assert_eq!(value("0"), Datum::from(serde_json::json!(0)));
        assert_eq!(value("a=b c"), Datum::Text("a=b c".into()));
        assert_eq!(value("\"unknown\""), Datum::Text("unknown".into()));
        assert_eq!(value("nil"), Datum::Null);
        assert_eq!(value(""), Datum::Text("".into()));
        assert_eq!(value("[1,2]").to_string(), "[1,2]");
        assert_eq!("unknown".parse(), Ok(Initial::Unknown));
        assert_eq!(value("{0 10}"), value("{\"0\": 10}"), "EDN's map");
        assert!("{0 10".parse::<Initial>().is_err());
    }

    #[test]
    fn a_key_and_its_initial_value_are_parted_at_the_first_equals_sign_outside_of_quotes() {
        let one = |text: &str| initial_of(text).unwrap();
        assert_eq!(
            one("k=a=b"),
            ("k".into(), Initial::Value(Datum::Text("a=b".into())))
        );
        assert_eq!(one("\"a=b\"=unknown"), ("a=b".into(), Initial::Unknown));
        assert_eq!(one("k=").1, Initial::Value(Datum::Text("".into())));
        assert!(initial_of("k").unwrap_err().contains("KEY=VALUE"));
    }
}
