//! Makes operations of events.
//!
//! Where a file has no times, an event's time is its number times ten, in nanoseconds: only the
//! order is known, and the order is kept. Whether it has times is as its first event says; an
//! event without one among others is as late as the one before it. Where times contradict the
//! order of the file, the order counts: no event is earlier than one before it, and what is
//! invoked after an end is later than that.

use std::collections::BTreeMap;

use super::ends::{Ends, fill_absent, keeps_time};
use super::fields::Fields;
use super::nemesis::{Deed, Nemesis};
use super::open::Open;
use super::process::{Numbers, Process};
use super::{Event, Kind};
use crate::format::codec::{Codec, Line, OneKey};
use crate::format::contents::{Contents, FailedOperation, LeftOut};
use crate::format::datum::Datum;
use crate::format::kind::Format;
use crate::format::options::ReadOptions;
use crate::history::Operation;
use crate::model::OperationOf;

/// Makes operations of events.
pub(in crate::format) struct Pairing<'c, C: Codec> {
    codec: &'c C,
    format: Format,
    ends: Ends<'c, C>,
    /// In the order of their invocations; `None` for those known to have failed.
    operations: Vec<Option<OperationOf<C>>>,
    open: BTreeMap<u64, Open>,
    numbers: Numbers,
    one_key: OneKey,
    nemesis: Nemesis,
    events: u64,
    failed: Vec<FailedOperation<C::Input>>,
    left_out: LeftOut,
    /// Whether events have times of their own, as the first one has or has not.
    has_times: Option<bool>,
    /// When the last event happened.
    latest: u64,
    /// When the last operation ended with an answer.
    ended: Option<u64>,
    /// By how much an event is later at most than the file says.
    late_by: u64,
}

impl<'c, C: Codec> Pairing<'c, C> {
    pub(in crate::format) fn new(codec: &'c C, options: &'c ReadOptions, format: Format) -> Self {
        Pairing {
            codec,
            format,
            ends: Ends {
                codec,
                options,
                format,
            },
            operations: Vec::new(),
            open: BTreeMap::new(),
            numbers: Numbers::default(),
            one_key: OneKey::default(),
            nemesis: Nemesis::default(),
            events: 0,
            failed: Vec::new(),
            left_out: LeftOut::default(),
            has_times: None,
            latest: 0,
            ended: None,
            late_by: 0,
        }
    }

    /// Takes note of a line that is no event.
    pub(in crate::format) fn pass_over(&mut self) {
        self.left_out.lines += 1;
    }

    /// Whether no event was taken yet.
    pub(in crate::format) fn has_no_events(&self) -> bool {
        self.events == 0 && self.left_out.nemesis_events == 0
    }

    /// Takes the next event, which begins on line `line`.
    pub(in crate::format) fn take(&mut self, fields: Fields, line: usize) -> Result<(), String> {
        self.take_event(fields, line).map_err(in_words_of_events)
    }

    fn take_event(&mut self, mut fields: Fields, line: usize) -> Result<(), String> {
        let process = match Process::of(fields.take_process()) {
            Process::Nemesis(name) => {
                self.take_deed(&name, fields);
                return Ok(());
            }
            Process::Number(number) => {
                self.numbers.admit(number);
                Some(number)
            }
            Process::Named(name) if fields.is_info() && !self.numbers.knows(&name) => {
                // Who never invokes anything is no client.
                self.take_deed(&name, fields);
                return Ok(());
            }
            Process::Named(name) => Some(self.numbers.of(&name)),
            Process::Missing => None,
        };
        let mut event = fields.event(line, self.codec)?;
        if self.format == Format::KvLog {
            fill_absent(&mut event);
        }
        self.events += 1;
        let time = self.time_of(&event)?;
        match (event.kind, process) {
            (Kind::Invoke, Some(process)) => self.invoke(event, process, time),
            (Kind::Invoke, None) => {
                let process = self.numbers.nobody();
                self.invoke(event, process, time)
            }
            (Kind::Info, process) => {
                self.lose(&event, process);
                Ok(())
            }
            (_, process) => {
                let process = process.map_or_else(|| self.only_one_open(&event), Ok)?;
                self.complete(event, process, time)
            }
        }
    }

    /// Takes an event of the nemesis.
    fn take_deed(&mut self, name: &str, fields: Fields) {
        self.left_out.nemesis_events += 1;
        let Some((op, value, time)) = fields.deed() else {
            return;
        };
        let time = match self.has_times {
            Some(false) => time.is_none().then_some(self.events * 10),
            Some(true) | None => time,
        };
        if let Some(time) = time {
            let process = name.strip_prefix(':').unwrap_or(name).to_owned();
            self.nemesis.take(Deed { process, op, value }, time);
        }
    }

    /// When the present event happened.
    fn time_of(&mut self, event: &Event) -> Result<u64, String> {
        if !*self.has_times.get_or_insert(event.time.is_some()) {
            return Ok(self.events * 10);
        }
        let mut time = self.latest.max(event.time.unwrap_or(0));
        if let Some(ended) = self.ended.filter(|ended| *ended == time)
            && event.kind == Kind::Invoke
        {
            time = ended.checked_add(1).ok_or_else(|| {
                format!(
                    "`:time` is no later than {ended}, when an operation ended in an event before; \
                     what is invoked after that has a later time, and there is none"
                )
            })?;
        }
        let told = event.time.unwrap_or(time);
        self.late_by = self.late_by.max(time - told);
        self.latest = time;
        Ok(time)
    }

    fn invoke(&mut self, event: Event, process: u64, time: u64) -> Result<(), String> {
        if let Some(open) = self.open.get(&process) {
            return Err(format!(
                "process {} invokes `{}` before its `{}` of line {} has ended; a process does one \
                 thing at a time",
                self.name(process),
                event.op,
                open.op,
                open.line
            ));
        }
        let Event { line, .. } = event;
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
            told: event.time,
            op: written.op,
            key: written.key,
            input: written.input,
        };
        let operation = Operation::unknown(client, input, time);
        self.operations.push(Some(operation));
        self.open.insert(process, open);
        Ok(())
    }

    /// Takes the end of what a process has open.
    fn complete(&mut self, event: Event, process: u64, time: u64) -> Result<(), String> {
        let Some(open) = self.open.remove(&process) else {
            return Err(format!(
                "process {} ends `{}`, and has not invoked it; each end comes after an `invoke` \
                 of the same process",
                self.name(process),
                event.op
            ));
        };
        let name = || self.name(process);
        self.ends.check(&event, &open, name)?;
        self.numbers.release(process);
        let keeps_time = keeps_time(&event, &open);
        let line = event.line;
        match self.ends.answer(event, &open) {
            Some(answer) => keeps_time.and_then(|()| self.end(open, answer, time)),
            None => {
                self.fail(&open, line);
                Ok(())
            }
        }
    }

    /// An operation did not happen, as line `line` says.
    fn fail(&mut self, open: &Open, line: usize) {
        let operation = self.operations[open.place].take();
        self.failed.extend(operation.map(|failed| FailedOperation {
            client: failed.client,
            input: failed.input,
            call: failed.call,
            invoked_line: open.line,
            failed_line: line,
        }));
    }

    /// An operation ended with an answer.
    fn end(&mut self, open: Open, answer: Datum, time: u64) -> Result<(), String> {
        let operation = self.operations[open.place].as_mut();
        let operation = operation.expect("what is open has not failed");
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
        self.ended = Some(time);
        Ok(())
    }

    /// Takes an `info`: what its process has open stays without an end, whatever its name is.
    fn lose(&mut self, event: &Event, process: Option<u64>) {
        let process = process.or_else(|| self.only_one_open(event).ok());
        match process.and_then(|process| self.open.remove(&process)) {
            Some(_) => {}
            None => self.left_out.unmatched_events += 1,
        }
    }

    /// The process of the only operation that an event without a process can end.
    fn only_one_open(&self, event: &Event) -> Result<u64, String> {
        let can_end =
            |open: &Open| open.op == event.op && (event.key.is_none() || event.key == open.key);
        let mut open = self.open.iter().filter(|(_, open)| can_end(open));
        match (open.next(), open.next()) {
            (Some((process, _)), None) => Ok(*process),
            (None, _) => Err(format!(
                "`{}` ends, and no `{}` is open; an event without a `:process` ends the only \
                 operation of its name that was invoked",
                event.op, event.op
            )),
            (Some((_, one)), Some((_, other))) => Err(format!(
                "this event can end the `{}` of line {} or that of line {}; say which by giving \
                 events a `:process`",
                event.op, one.line, other.line
            )),
        }
    }

    /// The process of this number in words.
    fn name(&self, process: u64) -> String {
        self.numbers.name(process)
    }

    /// The operations; those that are open have an unknown outcome.
    pub(in crate::format) fn finish(mut self) -> Contents<C> {
        let mut operations: Vec<_> = self.operations.into_iter().flatten().collect();
        if self.numbers.any() {
            let clients = operations.iter_mut().map(|operation| &mut operation.client);
            let failed = self.failed.iter_mut().map(|failed| &mut failed.client);
            for client in clients.chain(failed) {
                *client = self.numbers.last(*client);
            }
        }
        let begins_with = (self.format == Format::KvLog).then(|| "".into());
        Contents {
            operations,
            failed: self.failed,
            left_out: self.left_out,
            client_names: self.numbers.names(),
            has_times: self.has_times.unwrap_or(true),
            late_by: self.late_by,
            faults: self.nemesis.bands(),
            begins_with,
            format: self.format,
        }
    }
}

/// The problem of an operation, its parts named as events name them.
fn in_words_of_events(problem: String) -> String {
    problem
        .replace("`op`", "`:f`")
        .replace("`key`", "the key")
        .replace("`in`", "`:value` of the invocation")
        .replace("`in[", "`:value[")
        .replace("`out.value`", "`:value`")
        .replace("`out`", "the outcome")
}
