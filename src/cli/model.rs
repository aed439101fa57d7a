//! `omnisim model`: every schedule of a small scenario, up to its bounds.

use std::sync::atomic::Ordering;

use super::args::ModelArgs;
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::Printer;
use super::program::program;
use super::source;
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use super::{Exit, explorer, going_on, progress};
use crate::explore::{Explored, Limits, Progress};
use crate::report::{ModelEnd, ModelReport, number, replay_command, size};
use crate::repro::{Source, save_schedule, save_suspected};
use crate::scenario::Scenario;
use crate::search::{Noted, Systems, UnderWay, choose};

pub(super) fn model(
    options: &ModelArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let order = options.order().map_err(Exit::usage)?;
    let mut source = read(options)?;
    let runner = choose(systems, options.tested.name(), &mut source)?;
    let scenario = &source.scenario;
    let model = scenario
        .model
        .as_ref()
        .ok_or_else(|| going_on::no_bounds(&source))?;
    if let Some(address) = &options.explore {
        return explorer::serve(options, &source, address, runner);
    }
    let suspect = suspect(options, scenario);
    note_in(under_way, &options.out);
    let interrupt = Interrupt::watch()?;
    if let Some(limit) = options.time_limit {
        interrupt.after(limit);
    }
    let shortest = !model.violates.is_empty();
    let mut limits = Limits {
        threads: if shortest {
            1
        } else {
            options.manner.threads()
        },
        stop: interrupt.shared_flag(),
        search: order,
        without: options.without_reduction.clone(),
        suspect,
        ..Limits::default()
    };
    let spinner = progress::spinner(options.manner.quiet);
    let stopwatch = Stopwatch::start();
    let mut bound = None;
    let mut watch = |progress: Progress| {
        if let Some(reached) = bound_reached(options, progress) {
            bound.get_or_insert(reached);
            limits.stop.store(true, Ordering::Relaxed);
        }
        spinner.set_message(told(progress, stopwatch));
        spinner.tick();
    };
    let unsuited = |error| source.unsuited(error);
    let explored = runner.explore(scenario, &limits, &mut watch);
    let mut explored = explored.map_err(unsuited)?;
    if explored.is_suspected {
        leave_behind(options, scenario, &explored)?;
        limits.suspect = None;
        explored = runner
            .explore(scenario, &limits, &mut watch)
            .map_err(unsuited)?;
    }
    let wall_ns = stopwatch.nanos();
    spinner.finish_and_clear();
    let stopped_by = stopped_by(options, &explored, &interrupt, bound);
    let repro = save_schedule(&options.out, scenario, &explored)?;
    let report = ModelReport {
        stopped_by,
        wall_ns,
        replay: repro
            .as_deref()
            .map(|path| replay_command(&program(), path, None)),
        repro: repro.map(|path| path.display().to_string()),
        ..ModelReport::of(scenario, &explored)
    };
    Printer::new(options.format, options.manner.quiet).print(|reporter| reporter.model(&report))?;
    let exit = match report.end() {
        ModelEnd::AsExpected => Exit::OK,
        ModelEnd::Violation | ModelEnd::Missed => Exit::VIOLATION,
        ModelEnd::Incomplete => Exit::INCOMPLETE,
        ModelEnd::OwnPanic => Exit::OWN_PANIC,
    };
    Ok(interrupt.exit().unwrap_or(exit))
}

/// The key of what was under way when an earlier search of the same ended.
fn suspect(options: &ModelArgs, scenario: &Scenario) -> Option<u64> {
    let mut left = tell_left(&options.out).into_iter().filter_map(|left| {
        let Noted::Search(key) = left.noted else {
            return None;
        };
        (left.scenario == scenario.name && key != 0).then_some(key)
    });
    left.next_back()
}

/// Keeps the schedule that led to where an earlier search ended, before its last step is repeated:
/// it may end this process, too.
fn leave_behind(options: &ModelArgs, scenario: &Scenario, explored: &Explored) -> Result<(), Exit> {
    let path = save_suspected(&options.out, scenario, explored)?;
    let replay = replay_command(&program(), &path, None);
    say!(
        "{}: the schedule that led there is kept; its last step is now repeated, which may end this process: {replay}",
        scenario.name
    );
    Ok(())
}

fn read(options: &ModelArgs) -> Result<Source, Exit> {
    match (&options.from, options.until, &options.scenario) {
        (Some(run), Some(until), bounds) => {
            going_on::source(run, options.from_seed, until, bounds.as_deref())
        }
        (_, _, Some(scenario)) => source::one(scenario),
        _ => unreachable!("a scenario is required without a run"),
    }
}

/// The bound that a search has reached, if any.
fn bound_reached(options: &ModelArgs, progress: Progress) -> Option<String> {
    if progress.unique_states >= options.states {
        return Some(format!("the limit of {} states", number(options.states)));
    }
    let memory = options.memory_limit?;
    (progress.bytes >= memory).then(|| format!("the memory limit of {}", size(memory)))
}

/// What ended a search that is not complete, and found nothing.
fn stopped_by(
    options: &ModelArgs,
    explored: &Explored,
    interrupt: &Interrupt,
    bound: Option<String>,
) -> Option<String> {
    if explored.complete || explored.violation.is_some() || explored.flaw.is_some() {
        return None;
    }
    let by_signal = interrupt.exit().map(|_| "a signal".to_owned());
    let by_time = || {
        let stopped = interrupt.stop_flag().load(Ordering::Relaxed);
        let limit = options.time_limit.filter(|_| stopped)?;
        Some(format!("the time limit of {limit:?}"))
    };
    by_signal.or(bound).or_else(by_time)
}

fn told(progress: Progress, stopwatch: Stopwatch) -> String {
    let rate = progress.states.saturating_mul(1_000_000_000) / stopwatch.nanos().max(1);
    let found = match progress.walks {
        Some(walks) => format!(
            "{} states on {} walks",
            number(progress.states),
            number(walks)
        ),
        None => format!(
            "{} different states of {}",
            number(progress.unique_states),
            number(progress.states)
        ),
    };
    format!(
        "{found}, depth {}, {} per second, about {}",
        progress.depth,
        number(rate),
        size(progress.bytes)
    )
}
