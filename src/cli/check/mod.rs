//! `omnisim check`: verdicts on histories, from our runs or from a real cluster.

mod visualize;
mod watch;

use std::time::Duration;

use super::Exit;
use super::args::CheckArgs;
use super::interrupt::{Interrupt, signalled};
use super::printing::{Printer, print};
use super::stopwatch::Stopwatch;
use crate::histories::{
    Absent, Draws, Found, HistoryModel, Job as HistoryJob, Judged, ModelChoice, Options, find,
    judge_by, model_objects, model_table,
};
use crate::report::{HistoryVerdict, counted_as};
use crate::search::{Job, SearchError, run_all};
use visualize::Gallery;
use watch::Watch;

/// How long after a signal a verdict may still come: reading, and a model that hangs, are not
/// waited for.
const GRACE: Duration = Duration::from_millis(1_500);

pub(super) fn check(options: &CheckArgs, models: &'static [HistoryModel]) -> Result<Exit, Exit> {
    if options.list_models {
        return list_models(options, models);
    }
    let model = options.model.as_deref();
    let model = model.and_then(|name| ModelChoice::named(name, models));
    let model = model
        .ok_or_else(|| Exit::usage("--model is missing; --list-models tells which there are"))?;
    if let Some(problem) = options.problem() {
        return Err(Exit::usage(problem));
    }
    let found = find(&options.histories, &mut |note| say!("note: {note}"));
    let mut gallery = Gallery::new(options, &found)?;
    let watch = Watch::new(found.len(), options.manner.quiet);
    let interrupt = Interrupt::watch()?;
    interrupt.ends_within(GRACE);
    let (asked, clock) = (options.options(), Stopwatch::start());
    let jobs: Vec<History> = found
        .into_iter()
        .enumerate()
        .map(|(place, file)| History {
            file,
            options,
            asked: &asked,
            model,
            clock,
            is_first: place == 0,
            watch: watch.clone(),
        })
        .collect();
    let threads = options.manner.threads().min(jobs.len());
    let mut exit = Exit::OK;
    let mut output = Ok(());
    let (mut judged, stop) = (0, interrupt.stop_flag());
    let mut absent = Absent::new(&asked);
    // A verdict is not told before it is known that what was said of its beginning is of use.
    let mut waiting = Vec::new();
    let mut printer = Printer::with(options.format, options.manner.quiet, jobs.len() == 1);
    run_all(&jobs, threads, stop, |place, result| {
        judged += 1;
        let mut results = result.unwrap_or_else(|error| vec![Err(error)]);
        for result in &mut results {
            absent.see(result.as_ref().ok());
            if let Ok(judged) = result {
                gallery.see(judged);
            }
        }
        waiting.extend(results.into_iter().map(|result| (place, result)));
        let ready = match absent.may_be_a_problem() {
            true => Vec::new(),
            false => std::mem::take(&mut waiting),
        };
        let told = watch.done(|| tell_all(ready, &jobs, &mut printer));
        match told {
            Ok(end) => exit = std::mem::replace(&mut exit, Exit::OK).worse(end),
            Err(error) => {
                stop.store(true, std::sync::atomic::Ordering::Relaxed);
                output = Err(error);
            }
        }
    });
    watch.finish();
    output?;
    if let Some(problem) = absent.problem().filter(|_| judged == jobs.len()) {
        say!("error: {problem}");
        exit = exit.worse(Exit::usage("").silent());
    }
    exit = exit.worse(tell_all(waiting, &jobs, &mut printer)?);
    printer.print(|reporter| reporter.histories())?;
    let exit = match gallery.hang() {
        Ok(()) => exit,
        Err(error) => exit.worse(error),
    };
    if let Some(signal) = interrupt.exit() {
        say!(
            "stopped after {judged} of {}",
            counted_as(jobs.len() as u64, "history", "histories")
        );
        return Ok(signal);
    }
    Ok(exit)
}

/// Prints which models there are.
fn list_models(options: &CheckArgs, models: &[HistoryModel]) -> Result<Exit, Exit> {
    if options.format.is_for_people {
        print(&model_table(models))?;
        return Ok(Exit::OK);
    }
    for object in model_objects(models) {
        print(&format!("{object}\n"))?;
    }
    Ok(Exit::OK)
}

/// One history to be judged, or why there is none.
struct History<'run> {
    file: Result<Found, SearchError>,
    options: &'run CheckArgs,
    asked: &'run Options,
    model: ModelChoice,
    clock: Stopwatch,
    is_first: bool,
    watch: Watch,
}

impl Job for History<'_> {
    type Output = Result<Vec<Result<Judged, Exit>>, Exit>;

    fn run(&self) -> Self::Output {
        let found = self.file.as_ref().map_err(|error| error.clone().into());
        let found = found.map_err(|error: Exit| error)?;
        let job = HistoryJob {
            path: &found.path,
            options: self.asked,
            draws: Draws::new(self.options.visualize.is_some(), self.is_first),
            reading: &self.watch,
            stop: &signalled(),
            clock: &|| self.clock.nanos(),
        };
        let judged = judge_by(self.model, job).map_err(Exit::from);
        let judged = judged.map_err(|error| match found.is_beside {
            true => error.unless_usage(),
            false => error,
        })?;
        Ok(judged
            .into_iter()
            .map(|one| one.map_err(Exit::from))
            .collect())
    }
}

/// Tells verdicts on histories, one for each level; how the worst ends.
fn tell_all(
    results: Vec<(usize, Result<Judged, Exit>)>,
    jobs: &[History<'_>],
    printer: &mut Printer,
) -> Result<Exit, Exit> {
    let results = results.into_iter();
    let mut ends = results.map(|(place, result)| tell_one(&jobs[place], result, printer));
    ends.try_fold(Exit::OK, |worst, end| Ok(worst.worse(end?)))
}

/// Tells one verdict on one history, or why there is none; how both end.
fn tell_one(
    history: &History<'_>,
    result: Result<Judged, Exit>,
    printer: &mut Printer,
) -> Result<Exit, Exit> {
    let judged = match result {
        Ok(judged) => judged,
        // The other histories still get their verdict.
        Err(error) if error.clone().silent() == Exit::OK => {
            say!("note: {}; it was passed over", error.message);
            return Ok(Exit::OK);
        }
        Err(error) => {
            let file = history.file.as_ref();
            let file = file.map_or("history".to_owned(), |found| {
                found.path.display().to_string()
            });
            printer.print(|reporter| reporter.no_history(&file, &error.message))?;
            return Ok(error.silent());
        }
    };
    printer.print(|reporter| reporter.history(&judged.report))?;
    Ok(match judged.report.verdict {
        HistoryVerdict::Consistent => Exit::OK,
        HistoryVerdict::Violation => Exit::VIOLATION,
        HistoryVerdict::Unknown => Exit::INCOMPLETE,
    })
}
