//! `omnisim bugs`: how quickly planted bugs are found, and by which check.

use super::Exit;
use super::args::BugsArgs;
use super::follower::Follower;
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::Printer;
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use crate::check;
use crate::report::BugReport;
use crate::search::{
    BugsMeasured, BugsPlan, Column, Runner, Surroundings, Systems, UnderWay, asked_for,
    measure_bugs,
};
use crate::system::PlantedBug;

/// Hunts for a bug in the short version.
const HUNTS_SHORT: u64 = 2;

pub(super) fn bugs(
    options: &BugsArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let runner = asked_for(systems, options.tested.name())?;
    let bugs = chosen(runner, &options.bugs)?;
    let mut printer = Printer::new(options.format, options.manner.quiet);
    if options.list {
        let cards: Vec<_> = bugs.iter().map(|bug| (*bug).into()).collect();
        printer.print(|reporter| reporter.bug_cards(&cards))?;
        return Ok(Exit::OK);
    }
    is_a_check(options, runner)?;
    tell_left(&options.folder());
    note_in(under_way, &options.folder());
    let (interrupt, clock) = (Interrupt::watch()?, Stopwatch::start());
    let plan = BugsPlan {
        runner,
        bugs: &bugs,
        columns: columns(options),
        hunts: options.hunts.unwrap_or(HUNTS_SHORT),
        seeds_max: options.seeds_limit,
        without: options.without.as_deref(),
        twins: !options.no_twins,
        shrink_for: options.shrink.then_some(options.shrink_for),
        out: options.out.as_deref(),
        threads: options.manner.threads(),
        around: Surroundings {
            clock: &|| clock.nanos(),
            stop: interrupt.stop_flag(),
            within: &|time| interrupt.within(time),
            is_ending: &|| interrupt.exit().is_some(),
            begins: &|| {},
        },
    };
    let quiet = options.manner.quiet;
    let mut follower = Follower::new(&mut printer, interrupt.stop_flag(), quiet);
    let measured = measure_bugs(plan, &mut follower)?;
    printer.print(|reporter| reporter.bugs(&measured.reports))?;
    if let Some(name) = options.without.as_ref().filter(|_| !measured.was_blinded) {
        say!(
            "--without {name}: it had nothing to evaluate in any run, and leaving it out hid nothing"
        );
    }
    if let Some(stopped) = interrupt.exit() {
        let (tried, all) = (measured.reports.len(), bugs.len());
        say!("stopped after some hunts for {tried} of {all} planted bugs");
        return Ok(stopped);
    }
    Ok(judge(&measured))
}

/// That the check that is to be blind is one.
fn is_a_check(options: &BugsArgs, runner: &dyn Runner) -> Result<(), Exit> {
    let Some(name) = &options.without else {
        return Ok(());
    };
    let all: Vec<_> = check::run_names().chain(runner.own_checks()).collect();
    if all.contains(&name.as_str()) {
        return Ok(());
    }
    Err(Exit::usage(format!(
        "--without {name}: there is no such check; the checks are {}",
        all.join(", ")
    )))
}

fn judge(measured: &BugsMeasured) -> Exit {
    let reports = &measured.reports;
    let mut exit = Exit::OK;
    if !reports.iter().all(BugReport::is_detected) {
        exit = exit.worse(Exit::VIOLATION);
    }
    if !reports.iter().all(BugReport::replays) {
        exit = exit.worse(Exit::NOT_REPRODUCED);
    }
    if measured.is_own {
        exit = exit.worse(Exit::OWN_PANIC);
    }
    exit
}

/// The bugs of a system with these names; all of them where none is named.
fn chosen(runner: &dyn Runner, names: &[String]) -> Result<Vec<&'static PlantedBug>, Exit> {
    let info = runner.info();
    let all: Vec<_> = info.bugs().collect();
    if all.is_empty() {
        return Err(Exit::usage(format!("{:?} has no bugs to plant", info.name)));
    }
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        info.bug(name).ok_or_else(|| {
            let all: Vec<_> = all.iter().map(|bug| bug.name).collect();
            Exit::usage(format!(
                "unknown planted bug {name:?} of {:?}; expected one of {}",
                info.name,
                all.join(", ")
            ))
        })
    };
    names.iter().map(find).collect()
}

fn columns(options: &BugsArgs) -> &'static [Column] {
    if options.all_columns {
        &Column::ALL
    } else {
        &Column::ALL[..1]
    }
}
