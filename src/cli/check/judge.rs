//! One history: read, checked, and what came of it.

use std::io::BufReader;
use std::path::Path;

use knossos::format::{Codec, Contents, FailedOperation, ReadError, ReadOptions};
use knossos::{Consistency, Limits, Model as Object, OperationOf, Report, Verdict};

use super::files::open;
use super::visualize::Draws;
use super::watch::Watch;
use crate::cli::Exit;
use crate::cli::args::{CheckArgs, Model, WriteOrder};
use crate::cli::stopwatch::Stopwatch;

/// A judged history.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) file: String,
    pub(super) model: Model,
    /// The level, as it was named.
    pub(super) consistency: String,
    /// For a guarantee of a session, what was taken for granted of the order of writes.
    pub(super) write_order: Option<WriteOrder>,
    pub(super) report: Report,
    /// Whether the file says when things happened.
    pub(super) has_times: bool,
    /// Operations known to have failed, which were left out.
    pub(super) failed: usize,
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
            Verdict::Consistent => Exit::OK,
            Verdict::Violation(_) => Exit::VIOLATION,
            Verdict::Unknown { .. } => Exit::INCOMPLETE,
        }
    }
}

/// Judges one history.
pub(super) fn judge<M: Codec>(
    model: &M,
    path: &Path,
    options: &CheckArgs,
    draws: Draws,
    watch: &Watch,
) -> Result<Judged, Exit> {
    let file = path.display().to_string();
    let level = options
        .consistency
        .under(options.write_order.map(Into::into))
        .map_err(Exit::usage)?;
    let reading = Stopwatch::start();
    let contents = read(model, path, options, watch)?;
    let read_ns = reading.nanos();

    if !contents.has_times && matches!(level, Consistency::BoundedStaleness(_)) {
        return Err(Exit::usage(format!(
            "{file}: says nothing about when things happened, so nobody can say how stale a read \
             was: check another level"
        )));
    }

    let history = contents.operations;
    watch.checks(&file, history.len());
    let limits = Limits {
        time: options.time_limit,
        ..Limits::none()
    };
    let checking = Stopwatch::start();
    let mut report = knossos::check_consistency(model, &history, level, &limits);
    let wall_ns = checking.nanos();
    report.blame_failed(model, &history, &contents.failed);
    let consistency = options.consistency.to_string();
    let picture = draws.draw(
        model,
        &history,
        &report,
        &contents.faults,
        path,
        &consistency,
    );

    let violating = violating(model, &history, &contents.failed, &report.verdict);
    Ok(Judged {
        file,
        model: options.model,
        consistency,
        write_order: match level {
            Consistency::Session(_, knossos::WriteOrder::Program) => Some(WriteOrder::Program),
            Consistency::Session(_, knossos::WriteOrder::RealTime) => Some(WriteOrder::RealTime),
            _ => None,
        },
        report,
        has_times: contents.has_times,
        failed: contents.failed.len(),
        violating,
        picture,
        read_ns,
        wall_ns,
    })
}

/// The operations of a violation in words, and those known to have failed that have to do with it.
fn violating<M: Object>(
    model: &M,
    history: &[OperationOf<M>],
    failed: &[FailedOperation<M::Input>],
    verdict: &Verdict,
) -> Vec<String> {
    let Verdict::Violation(violation) = verdict else {
        return Vec::new();
    };
    let of_history = violation.excerpt.iter().map(|place| {
        let operation = &history[*place];
        let what = model.describe(&operation.input, operation.output.as_ref());
        let ends = operation.ret.map_or_else(
            || "never returned".to_owned(),
            |ret| format!("returned {ret}"),
        );
        let (client, call) = (operation.client, operation.call);
        format!("client {client}: {what}, called {call}, {ends}")
    });
    let of_failed = violation.failed.iter().map(|place| {
        let operation = &failed[*place];
        let what = operation.asked(model);
        let (client, call, line) = (operation.client, operation.call, operation.failed_line);
        format!("client {client}: {what}, called {call}, failed (line {line})")
    });
    of_history.chain(of_failed).collect()
}

/// Reads a history that holds something.
fn read<M: Codec>(
    model: &M,
    path: &Path,
    options: &CheckArgs,
    watch: &Watch,
) -> Result<Contents<M>, Exit> {
    let file = path.display();
    let reader = watch.reads(&file.to_string(), open(path)?);
    let reader = BufReader::with_capacity(1 << 16, reader);
    let reading = ReadOptions {
        format: options.input_format.map(Into::into),
    };
    let contents =
        knossos::format::read_with(model, reader, &reading).map_err(|error| match error {
            ReadError::Io(error) => Exit::io(format!("{file}: {error}")),
            ReadError::Line { line, problem } => Exit::usage(format!("{file}:{line}: {problem}")),
        })?;
    if contents.is_empty() {
        return Err(Exit::usage(format!(
            "{file}: is empty; there is no operation to check"
        )));
    }
    Ok(contents)
}
