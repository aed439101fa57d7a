//! One history: read, checked, and what came of it.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use knossos::format::{Codec, Contents, FailedOperation, Format, LeftOut, ReadError, ReadOptions};
use knossos::{
    AnyBeginning, Consistency, Limits, Model as Object, OperationOf, Report, StopFlag, Text,
    Verdict, check_from,
};

use super::assumed::{self, Assumed};
use super::tell;
use super::visualize::Draws;
use super::watch::Watch;
use crate::cli::Exit;
use crate::cli::args::{CheckArgs, Model, WriteOrder};
use crate::cli::interrupt::signalled;
use crate::cli::stopwatch::Stopwatch;

/// How long it may take to find out what a violation would be with another beginning.
const HINT_TIME: Duration = Duration::from_secs(10);

/// A judged history.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) file: String,
    pub(super) model: Model,
    /// The level, as it was named.
    pub(super) consistency: String,
    /// Whether a read may not see what was over before it was asked for.
    pub(super) demands_real_time: bool,
    /// For a guarantee of a session, what was taken for granted of the order of writes.
    pub(super) write_order: Option<WriteOrder>,
    pub(super) report: Report,
    /// Whether a signal came before the verdict stood.
    pub(super) was_stopped: bool,
    /// Whether the file says when things happened.
    pub(super) has_times: bool,
    /// The format in which it was read.
    pub(super) format: Format,
    /// Operations known to have failed, which were left out.
    pub(super) failed: usize,
    /// Operations of unknown outcome.
    pub(super) unknown: usize,
    /// What the object held at first.
    pub(super) initial: Assumed,
    /// For a violation that another beginning explains, how to say so.
    pub(super) hint: Option<String>,
    /// What else was left out.
    pub(super) left_out: LeftOut,
    /// The names of clients that have no number of their own.
    pub(super) client_names: BTreeMap<u64, Text>,
    /// The operations of the violation, in words.
    pub(super) violating: Vec<String>,
    /// The picture of it, if it is to be seen.
    pub(super) picture: Option<String>,
    /// What reading took.
    pub(super) read_ns: u64,
    /// What checking took.
    pub(super) wall_ns: u64,
}

impl Judged {
    /// How the program ends if this is all.
    pub(super) fn exit(&self) -> Exit {
        match self.report.verdict {
            Verdict::Consistent if self.proves_nothing() => Exit::INCOMPLETE,
            Verdict::Consistent => Exit::OK,
            Verdict::Violation(_) => Exit::VIOLATION,
            Verdict::Unknown { .. } => Exit::INCOMPLETE,
        }
    }

    /// Whether that there is no violation says nothing.
    pub(super) fn proves_nothing(&self) -> bool {
        self.has_no_success()
            || self.left_out.transactions > 0
            || self.has_contradicting_revisions()
    }

    /// Whether revisions contradict the order of time, where that is asked for.
    pub(super) fn has_contradicting_revisions(&self) -> bool {
        self.left_out.revisions > 0 && self.demands_real_time
    }

    /// Whether no operation is known to have succeeded, so that there was nothing to check.
    pub(super) fn has_no_success(&self) -> bool {
        self.report.operations == self.unknown
    }
}

/// The level that was asked for.
fn level(options: &CheckArgs) -> Result<Consistency, Exit> {
    let level = &options.consistency;
    let Some(order) = options.write_order else {
        return Ok(level.consistency());
    };
    level.under(order.into()).ok_or_else(|| {
        Exit::usage(format!(
            "--write-order goes with the guarantees of a session (monotonic-reads, \
             monotonic-writes, read-your-writes, writes-follow-reads); {level} says itself how \
             writes are ordered"
        ))
    })
}

/// Judges one history.
pub(super) fn judge<M>(
    mut model: M,
    name: Model,
    (path, options, draws, watch, source): (&Path, &CheckArgs, Draws, &Watch, impl Read),
) -> Result<Judged, Exit>
where
    M: Codec + AnyBeginning + Clone,
    M::Input: Clone,
    M::Output: Clone,
{
    let file = path.display().to_string();
    let mut level = level(options)?;
    let (mut beginnings, mut initial) = assumed::beginnings(&model, options)?;
    let reading = Stopwatch::start();
    let contents = read(&model, path, options, source)?;
    let read_ns = reading.nanos();
    if let Some(text) = &contents.begins_with {
        initial.say_by_format(&model, text, &mut beginnings);
    }

    if !contents.has_times && matches!(level, Consistency::BoundedStaleness(_)) {
        return Err(Exit::usage(format!(
            "{file}: says nothing about when things happened, so nobody can say how stale a read \
             was: check another level"
        )));
    }

    if let Consistency::BoundedStaleness(bound) = &mut level {
        // Times are as exact as the order of the file lets them be.
        *bound = bound.saturating_add(Duration::from_nanos(contents.late_by));
    }

    let mut history = contents.operations;
    if history
        .iter()
        .any(|operation| model.is_compound(&operation.input))
    {
        history = model.expand(history, level);
    }
    model.describe_history(&history);
    watch.checks(&file, history.len());
    let limits = Limits {
        time: options.time_limit,
        stop: Some(StopFlag::sharing(signalled())),
        ..Limits::none()
    };
    let checking = Stopwatch::start();
    let (begun, mut report) = check_from(model.clone(), &history, &beginnings, level, &limits);
    let wall_ns = checking.nanos();
    let was_stopped = signalled().load(Ordering::Relaxed);
    let hint = match &report.verdict {
        Verdict::Violation(violation) => {
            let partition = violation.partition.as_deref();
            let limits = Limits {
                time: Some(
                    options
                        .time_limit
                        .map_or(HINT_TIME, |time| time.min(HINT_TIME)),
                ),
                stop: limits.stop.clone(),
                ..Limits::none()
            };
            assumed::hint(model, &history, &beginnings, (level, &limits), partition)
        }
        _ => None,
    };
    report.blame_failed(&begun, &history, &contents.failed);
    let consistency = options.consistency.to_string();
    let picture = draws.draw(
        &begun,
        &history,
        &report,
        &contents.faults,
        path,
        &consistency,
    );

    let violating = violating(
        &begun,
        &history,
        &contents.client_names,
        &contents.failed,
        &report.verdict,
    );
    Ok(Judged {
        file,
        model: name,
        consistency,
        demands_real_time: level == Consistency::Linearizable,
        write_order: match level {
            Consistency::Session(_, knossos::WriteOrder::Program) => Some(WriteOrder::Program),
            Consistency::Session(_, knossos::WriteOrder::RealTime) => Some(WriteOrder::RealTime),
            _ => None,
        },
        report,
        was_stopped,
        has_times: contents.has_times,
        format: contents.format,
        failed: contents.failed.len(),
        unknown: history
            .iter()
            .filter(|operation| operation.ret.is_none())
            .count(),
        initial,
        hint,
        left_out: contents.left_out,
        client_names: contents.client_names,
        violating,
        picture,
        read_ns,
        wall_ns,
    })
}

/// How files are read.
pub(super) fn reading(options: &CheckArgs) -> ReadOptions {
    ReadOptions {
        format: options.input_format.map(Into::into),
        failed_cas: options.failed_cas.into(),
        nil_read: options.nil_read.into(),
    }
}

/// The operations of a violation in words, and those known to have failed that have to do with it.
fn violating<M: Object>(
    model: &M,
    history: &[OperationOf<M>],
    names: &BTreeMap<u64, Text>,
    failed: &[FailedOperation<M::Input>],
    verdict: &Verdict,
) -> Vec<String> {
    let Verdict::Violation(violation) = verdict else {
        return Vec::new();
    };
    let named = |client: u64| match names.get(&client) {
        Some(name) => format!("{client} ({name})"),
        None => client.to_string(),
    };
    let of_history = violation.excerpt.iter().map(|place| {
        let operation = &history[*place];
        let what = model.describe(&operation.input, operation.output.as_ref());
        let ends = operation.ret.map_or_else(
            || "never returned".to_owned(),
            |ret| format!("returned {ret}"),
        );
        let (client, call) = (named(operation.client), operation.call);
        format!("client {client}: {what}, called {call}, {ends}")
    });
    let of_failed = violation.failed.iter().map(|place| {
        let operation = &failed[*place];
        let what = operation.asked(model);
        let (client, call) = (named(operation.client), operation.call);
        let line = operation.failed_line;
        format!("client {client}: {what}, called {call}, failed (line {line})")
    });
    of_history.chain(of_failed).collect()
}

/// Reads a history that holds something.
fn read<M: Codec>(
    model: &M,
    path: &Path,
    options: &CheckArgs,
    reader: impl Read,
) -> Result<Contents<M>, Exit> {
    let file = path.display();
    let reader = BufReader::with_capacity(1 << 16, reader);
    let contents = knossos::format::read_with(model, reader, &reading(options)).map_err(
        |error| match error {
            ReadError::Io(error) => Exit::io(format!("{file}: {error}")),
            ReadError::Line { line, problem } => Exit::usage(format!("{file}:{line}: {problem}")),
        },
    )?;
    if contents.is_empty() {
        let what = match tell::left_out(0, &contents.left_out) {
            others if others.is_empty() => "is empty".to_owned(),
            others => format!("holds {others} and nothing else"),
        };
        return Err(Exit::usage(format!(
            "{file}: {what}; there is no operation to check"
        )));
    }
    Ok(contents)
}
