//! One history: read, checked, and what came of it.

use std::borrow::Cow;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use knossos::format::{Codec, Contents, ReadError};
use knossos::{
    AnyBeginning, Beginnings, Consistency, Limits, Model as Object, OperationOf, StopFlag, Verdict,
    check_from,
};

use super::assumed::{self, Assumed};
use super::verdict::{decided, verdict, violation, write_order};
use super::{Job, Options};
use crate::check::Level;
use crate::report::{HistoryReport, LeftOut};
use crate::search::SearchError;

/// How long it may take to find out what a violation would be with another beginning.
const HINT_TIME: Duration = Duration::from_secs(10);

/// A history judged at each level that was asked for.
pub(crate) type Levels = Vec<Result<Judged, SearchError>>;

/// A judged history.
#[derive(Debug)]
pub(crate) struct Judged {
    /// What is said of it.
    pub(crate) report: HistoryReport,
    /// The picture of it, if it is to be seen.
    pub(crate) picture: Option<String>,
}

/// The levels that are asked for, each as it was named.
fn levels(options: &Options) -> Result<Vec<(String, Consistency)>, SearchError> {
    let orders = |level: &Level| level.under(options.write_order?.into());
    let all = &options.consistency;
    if options.write_order.is_some() && !all.iter().any(|level| orders(level).is_some()) {
        let names: Vec<_> = all.iter().map(ToString::to_string).collect();
        return Err(SearchError::Input(format!(
            "--write-order goes with the guarantees of a session (monotonic-reads, \
             monotonic-writes, read-your-writes, writes-follow-reads); {} says itself how \
             writes are ordered",
            names.join(", ")
        )));
    }
    let own = |level: &Level| orders(level).unwrap_or_else(|| level.consistency());
    Ok(all
        .iter()
        .map(|level| (level.to_string(), own(level)))
        .collect())
}

/// A history that was read, and what is assumed of its beginning.
struct History<'a, M: Codec> {
    job: Job<'a>,
    model: M,
    name: String,
    contents: Contents<M>,
    beginnings: Beginnings<M::State>,
    initial: Assumed,
    read_ns: u64,
}

/// Judges one history at every level that is asked for.
pub(super) fn judge<M>(
    model: M,
    name: &str,
    job: Job<'_>,
    source: impl Read,
) -> Result<Levels, SearchError>
where
    M: Codec + AnyBeginning + Clone,
    M::Input: Clone,
    M::Output: Clone,
{
    let levels = levels(job.options)?;
    let (mut beginnings, mut initial) = assumed::beginnings(&model, job.options)?;
    let began = (job.clock)();
    let contents = read(&model, job, source)?;
    let read_ns = (job.clock)().saturating_sub(began);
    if let Some(text) = &contents.begins_with {
        initial.say_by_format(&model, text, &mut beginnings);
    }
    initial.note_absent(&model, &contents);
    let history = History {
        job,
        model,
        name: name.to_owned(),
        contents,
        beginnings,
        initial,
        read_ns,
    };
    let judged = levels.into_iter().map(|level| history.judge_at(level));
    Ok(judged.collect())
}

impl<M> History<'_, M>
where
    M: Codec + AnyBeginning + Clone,
    M::Input: Clone,
    M::Output: Clone,
{
    /// Judges it at one level.
    fn judge_at(&self, (consistency, level): (String, Consistency)) -> Result<Judged, SearchError> {
        let contents = &self.contents;
        let level = self.as_exact_as_its_times(level)?;
        let mut model = self.model.clone();
        let mut operations = Cow::Borrowed(&contents.operations[..]);
        if operations
            .iter()
            .any(|operation| model.is_compound(&operation.input))
        {
            operations = Cow::Owned(model.expand(operations.into_owned(), level));
        }
        let history: &[OperationOf<M>] = &operations;
        model.describe_history(history);
        let file = self.job.path.display().to_string();
        self.job.reading.checks(&file, history.len());
        let limits = Limits {
            time: self.job.options.time_limit,
            stop: Some(StopFlag::sharing(Arc::clone(self.job.stop))),
            ..Limits::none()
        };
        let began = (self.job.clock)();
        let (begun, mut report) =
            check_from(model.clone(), history, &self.beginnings, level, &limits);
        let wall_ns = (self.job.clock)().saturating_sub(began);
        let was_stopped = self.job.stop.load(Ordering::Relaxed);
        let hint = self.hint(model, history, level, &report.verdict);
        report.blame_failed(&begun, history, &contents.failed);
        let Job { draws, path, .. } = self.job;
        let faults = &contents.faults;
        let picture = draws.draw(&begun, history, &report, faults, path, &consistency);
        let unknown = history.iter().filter(|operation| operation.ret.is_none());
        let unknown = unknown.count();
        let (verdict, reason) = verdict(&report, contents.left_out, unknown, level);
        let violating = violating(&begun, history, contents, &report.verdict);
        let names = contents.client_names.iter();
        let report = HistoryReport {
            file,
            model: self.name.clone(),
            consistency,
            write_order: write_order(level),
            verdict,
            reason,
            was_stopped,
            initial: self.initial.told(),
            operations: report.operations as u64,
            format: contents.format.name().to_owned(),
            format_told: contents.format.to_string(),
            failed: contents.failed.len() as u64,
            unknown: unknown as u64,
            left_out: contents.left_out.into(),
            client_names: names
                .map(|(client, name)| (*client, name.to_string()))
                .collect(),
            keys: report.partitions as u64,
            keys_decided: decided(&report),
            clients: report.clients as u64,
            has_times: contents.has_times,
            wall_ns,
            read_ns: self.read_ns,
            violation: violation(&report.verdict, hint, violating),
        };
        Ok(Judged { report, picture })
    }

    /// The level, with a bound of staleness as exact as the order of the file lets times be.
    fn as_exact_as_its_times(&self, level: Consistency) -> Result<Consistency, SearchError> {
        let Consistency::BoundedStaleness(bound) = level else {
            return Ok(level);
        };
        if !self.contents.has_times {
            return Err(SearchError::Input(format!(
                "{}: says nothing about when things happened, so nobody can say how stale a read \
                 was: check another level",
                self.job.path.display()
            )));
        }
        let late_by = Duration::from_nanos(self.contents.late_by);
        Ok(Consistency::BoundedStaleness(bound.saturating_add(late_by)))
    }

    /// For a violation that another beginning explains, how to say so.
    fn hint(
        &self,
        model: M,
        history: &[OperationOf<M>],
        level: Consistency,
        verdict: &Verdict,
    ) -> Option<String> {
        let Verdict::Violation(violation) = verdict else {
            return None;
        };
        let longest = self.job.options.time_limit.unwrap_or(HINT_TIME);
        let limits = Limits {
            time: Some(longest.min(HINT_TIME)),
            stop: Some(StopFlag::sharing(Arc::clone(self.job.stop))),
            ..Limits::none()
        };
        let partition = violation.partition.as_deref();
        assumed::hint(
            model,
            history,
            &self.beginnings,
            (level, &limits),
            partition,
        )
    }
}

/// The operations of a violation in words, and those known to have failed that have to do with it.
fn violating<M: Object>(
    model: &M,
    history: &[OperationOf<M>],
    contents: &Contents<impl Codec<Input = M::Input>>,
    verdict: &Verdict,
) -> Vec<String> {
    let Verdict::Violation(violation) = verdict else {
        return Vec::new();
    };
    let (names, failed) = (&contents.client_names, &contents.failed);
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
fn read<M: Codec>(model: &M, job: Job<'_>, reader: impl Read) -> Result<Contents<M>, SearchError> {
    let file = job.path.display();
    let reader = BufReader::with_capacity(1 << 16, reader);
    let contents = knossos::format::read_with(model, reader, &job.options.reading).map_err(
        |error| match error {
            ReadError::Io(error) => SearchError::Output(format!("{file}: {error}")),
            ReadError::Line { line, problem } => {
                SearchError::Input(format!("{file}:{line}: {problem}"))
            }
            other => SearchError::Input(format!("{file}: {other}")),
        },
    )?;
    if contents.is_empty() {
        let what = match LeftOut::from(contents.left_out).told(0) {
            others if others.is_empty() => "is empty".to_owned(),
            others => format!("holds {others} and nothing else"),
        };
        return Err(SearchError::Input(format!(
            "{file}: {what}; there is no operation to check"
        )));
    }
    Ok(contents)
}
