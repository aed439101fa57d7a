//! Histories as events: what a process invokes, and later how that ended.
//!
//! A process invokes one operation at a time. `ok`: it happened; `fail`: it did not; `info`, or
//! no end at all: nobody knows. Where a format has no times, an event's time is its number
//! times ten, in nanoseconds: only the order is known, and the order is kept.

use std::collections::BTreeMap;

use super::codec::{Codec, Line, OneKey};
use super::contents::{Contents, FailedOperation, Format};
use super::datum::Datum;
use crate::history::Operation;
use crate::model::OperationOf;
use crate::text::Text;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An operation begins.
    Invoke,
    /// It took effect.
    Ok,
    /// It did not take effect.
    Fail,
    /// Nobody knows.
    Info,
}

impl Kind {
    pub(super) fn named(name: &str) -> Option<Kind> {
        match name {
            "invoke" => Some(Kind::Invoke),
            "ok" => Some(Kind::Ok),
            "fail" => Some(Kind::Fail),
            "info" => Some(Kind::Info),
            _ => None,
        }
    }
}

/// One event of a client's process.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) process: u64,
    /// Who called, where that is more than the process.
    pub(super) client: Option<u64>,
    /// The name of the operation.
    pub(super) op: Text,
    pub(super) key: Option<Text>,
    /// Of an invocation, what is asked; of an end, what is answered.
    pub(super) value: Datum,
    /// What is answered, word for word, where the value does not tell.
    pub(super) output: Option<Datum>,
    /// In nanoseconds; `None` if the format has no times.
    pub(super) time: Option<u64>,
    /// A cas that failed was evaluated, and did not match.
    pub(super) did_not_match: bool,
}

/// An operation that has not ended.
struct Open {
    /// Its place among the operations.
    place: usize,
    line: usize,
    op: Text,
    key: Option<Text>,
    input: Datum,
}

/// Makes operations of events.
pub(super) struct Pairing<'c, C: Codec> {
    codec: &'c C,
    /// In the order of their invocations; `None` for those known to have failed.
    operations: Vec<Option<OperationOf<C>>>,
    open: BTreeMap<u64, Open>,
    one_key: OneKey,
    events: u64,
    failed: Vec<FailedOperation<C::Input>>,
    /// Whether events have times of their own, as the first one has or has not.
    has_times: Option<bool>,
}

impl<'c, C: Codec> Pairing<'c, C> {
    pub(super) fn new(codec: &'c C) -> Self {
        Pairing {
            codec,
            operations: Vec::new(),
            open: BTreeMap::new(),
            one_key: OneKey::default(),
            events: 0,
            failed: Vec::new(),
            has_times: None,
        }
    }

    /// The next event, of whoever it is, has a number.
    pub(super) fn count(&mut self) -> u64 {
        self.events += 1;
        self.events * 10
    }

    /// When an event of somebody else happened, given the time that it has; `None` if that is not
    /// known by the clock of the events so far.
    pub(super) fn time_of_other(&self, time: Option<u64>) -> Option<u64> {
        match self.has_times {
            Some(false) => time.is_none().then_some(self.events * 10),
            Some(true) | None => time,
        }
    }

    /// Takes the next event of a client, which happened at `now` if it has no time of its own.
    pub(super) fn take(&mut self, event: Event, now: u64) -> Result<(), String> {
        let has_time = event.time.is_some();
        if *self.has_times.get_or_insert(has_time) != has_time {
            let (this, those) = if has_time {
                ("a", "none")
            } else {
                ("no", "one")
            };
            return Err(format!(
                "this event has {this} time, and those before it have {those}; give one to all \
                 events, or to none"
            ));
        }
        let time = event.time.unwrap_or(now);
        if event.kind == Kind::Invoke {
            self.invoke(event, time)
        } else {
            self.complete(event, time)
        }
    }

    fn invoke(&mut self, event: Event, time: u64) -> Result<(), String> {
        let Event { line, process, .. } = event;
        if let Some(open) = self.open.get(&process) {
            return Err(format!(
                "process {process} invokes `{}` before its `{}` of line {} has ended; a process \
                 does one thing at a time",
                event.op, open.op, open.line
            ));
        }
        let written = Line {
            op: event.op,
            key: event.key,
            input: event.value,
            output: None,
        };
        let (input, _) = self.codec.parse(&written)?;
        self.one_key.admit(self.codec, written.key.as_ref(), line)?;
        let client = event.client.unwrap_or(process);
        let open = Open {
            place: self.operations.len(),
            line,
            op: written.op,
            key: written.key,
            input: written.input,
        };
        let operation = Operation::unknown(client, input, time);
        self.operations.push(Some(operation));
        self.open.insert(process, open);
        Ok(())
    }

    fn complete(&mut self, event: Event, time: u64) -> Result<(), String> {
        let Event { kind, process, .. } = event;
        let Some(open) = self.open.remove(&process) else {
            return Err(format!(
                "process {process} ends `{}`, and has not invoked it; each end comes after an \
                 `invoke` of the same process",
                event.op
            ));
        };
        if open.op != event.op {
            return Err(format!(
                "process {process} ends `{}`, and on line {} it invoked `{}`",
                event.op, open.line, open.op
            ));
        }
        if kind == Kind::Ok && event.key != open.key {
            return Err(format!(
                "process {process} ends `{}` of another key than it invoked on line {}",
                event.op, open.line
            ));
        }
        if kind == Kind::Ok && self.says_otherwise(&event, &open) {
            return Err(format!(
                "process {process} ends `{}` of {}, and on line {} it invoked it with {}",
                event.op, event.value, open.line, open.input
            ));
        }
        let answer = match kind {
            Kind::Invoke | Kind::Info => return Ok(()),
            Kind::Fail if event.did_not_match => Datum::entry("ok", false),
            Kind::Fail => {
                let operation = self.operations[open.place].take();
                self.failed.extend(operation.map(|failed| FailedOperation {
                    client: failed.client,
                    input: failed.input,
                    call: failed.call,
                    invoked_line: open.line,
                    failed_line: event.line,
                }));
                return Ok(());
            }
            Kind::Ok => event.output.unwrap_or_else(|| {
                let mut answer = Datum::entry("value", event.value);
                if let (false, Datum::Map(entries)) = (is_read(&open.op), &mut answer) {
                    entries.insert(0, ("ok".into(), true.into()));
                }
                answer
            }),
        };
        let operation = self.operations[open.place].as_mut();
        let operation = operation.expect("what is open has not failed");
        if time < operation.call {
            return Err(format!(
                "`{}` ends at {time} ns, before its invocation on line {}, at {} ns; time does \
                 not run backwards",
                event.op, open.line, operation.call
            ));
        }
        let written = Line {
            op: open.op,
            key: open.key,
            input: open.input,
            output: Some(answer),
        };
        let (input, output) = self.codec.parse(&written)?;
        operation.input = input;
        operation.output = output;
        operation.ret = Some(time);
        Ok(())
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

    /// The operations; those that are open have an unknown outcome.
    pub(super) fn finish(self, format: Format) -> Contents<C> {
        Contents {
            format,
            operations: self.operations.into_iter().flatten().collect(),
            failed: self.failed,
            has_times: self.has_times.unwrap_or(true),
            faults: Vec::new(),
        }
    }
}

/// Whether the value of an operation that ended is what it was invoked with, told again.
fn is_written(op: &str) -> bool {
    matches!(op, "write" | "put" | "cas")
}

/// Whether the value of an operation that ended is what it read.
pub(super) fn is_read(op: &str) -> bool {
    matches!(op, "get" | "read")
}
