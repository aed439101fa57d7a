//! What the end of an operation says: whether it fits what was invoked, and what was answered.

use super::evaluated::Evaluated;
use super::open::Open;
use super::{Event, Kind};
use crate::format::codec::{Codec, Line, is_read};
use crate::format::datum::Datum;
use crate::format::kind::Format;
use crate::format::options::{FailedCas, ReadOptions};

/// Reads the ends of a history of events.
pub(super) struct Ends<'c, C> {
    pub(super) codec: &'c C,
    pub(super) options: &'c ReadOptions,
    pub(super) format: Format,
}

impl<C: Codec> Ends<'_, C> {
    /// Refuses an end that is not that of the operation which its process has open; `name` tells
    /// what the process is called.
    pub(super) fn check(
        &self,
        event: &Event,
        open: &Open,
        name: impl Fn() -> String,
    ) -> Result<(), String> {
        if open.op != event.op {
            return Err(format!(
                "process {} ends `{}`, and on line {} it invoked `{}`",
                name(),
                event.op,
                open.line,
                open.op
            ));
        }
        if event.kind == Kind::Ok && event.key != open.key {
            return Err(format!(
                "process {} ends `{}` of another key than it invoked on line {}",
                name(),
                event.op,
                open.line
            ));
        }
        if event.kind == Kind::Ok && self.says_otherwise(event, open) {
            return Err(format!(
                "process {} ends `{}` of {}, and on line {} it invoked it with {}",
                name(),
                event.op,
                event.value,
                open.line,
                open.input
            ));
        }
        Ok(())
    }

    /// What the operation answered; `None` if it did not happen.
    pub(super) fn answer(&self, event: Event, open: &Open) -> Option<Datum> {
        let mut nothing = Datum::Null;
        if self.format == Format::KvLog {
            fill(&mut nothing);
        }
        let expects_nothing = || matches!(&open.input, Datum::List(asked) if matches!(asked.first(), Some(Datum::Null)));
        let is_mismatch = self.options.failed_cas == FailedCas::DidNotMatch && event.is_bare;
        match (event.kind, event.evaluated) {
            (Kind::Fail, Some(Evaluated::FoundNothing)) if is_read(&open.op) => {
                Some(Datum::entry("value", nothing))
            }
            (Kind::Fail, Some(Evaluated::DidNotMatch)) if &*open.op == "cas" => {
                Some(Datum::entry("ok", false))
            }
            (Kind::Fail, Some(Evaluated::FoundNothing)) if &*open.op == "cas" => {
                // It says more than that the value is another one, unless nothing was expected.
                (!expects_nothing()).then(|| Datum::entry("ok", false))
            }
            (Kind::Fail, _) if &*open.op == "cas" && is_mismatch => Some(Datum::entry("ok", false)),
            (Kind::Fail, _) => None,
            (_, _) => Some(event.output.unwrap_or_else(|| {
                let mut answer = Datum::entry("value", event.value);
                if let (false, Datum::Map(entries)) = (is_read(&open.op), &mut answer) {
                    entries.insert(0, ("ok".into(), true.into()));
                }
                let nil_read = self.options.nil_read;
                nil_read.understood(self.codec, &open.op, answer)
            })),
        }
    }

    /// Whether an end tells another value than the invocation, where that value can be nothing
    /// but what was written: the model hears no answer in it.
    fn says_otherwise(&self, event: &Event, open: &Open) -> bool {
        let is_told_again = event.value == Datum::Null || event.value == open.input;
        if is_told_again || !is_written(&event.op) || event.output.is_some() {
            return false;
        }
        let read = |input: &Datum, output: Datum| {
            let written = Line {
                op: open.op.clone(),
                key: open.key.clone(),
                input: input.clone(),
                output: Some(output),
            };
            self.codec.parse(&written).ok()
        };
        let (done, told) = (Datum::entry("ok", true), event.value.clone());
        let with_value = Datum::Map(vec![("ok".into(), true.into()), ("value".into(), told)]);
        let invoked = read(&open.input, done.clone());
        let is_no_answer = read(&open.input, with_value) == invoked;
        is_no_answer && read(&event.value, done).is_some_and(|told| Some(told) != invoked)
    }
}

/// Refuses an end that is earlier than its invocation.
pub(super) fn keeps_time(end: &Event, open: &Open) -> Result<(), String> {
    match (end.time, open.told) {
        (Some(ends), Some(begins)) if ends < begins => Err(format!(
            "`{}` ends at {ends} ns, before its invocation on line {}, at {begins} ns; time does \
             not run backwards",
            open.op, open.line
        )),
        _ => Ok(()),
    }
}

/// Puts `""` where a key is absent: a key-value log knows nothing else.
pub(super) fn fill_absent(event: &mut Event) {
    match (&*event.op, &mut event.value) {
        ("cas", Datum::List(asked)) => asked.iter_mut().for_each(fill),
        ("delete", value) => {
            fill(value);
            event.op = "put".into();
        }
        (op, value) if is_read(op) && event.kind == Kind::Ok => fill(value),
        _ => {}
    }
}

fn fill(value: &mut Datum) {
    if value.is_null() {
        *value = Datum::Text("".into());
    }
}

/// Whether the value of an operation that ended is what it was invoked with, told again.
fn is_written(op: &str) -> bool {
    matches!(op, "write" | "put" | "cas")
}
