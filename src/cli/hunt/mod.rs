//! `omnisim hunt`: many seeds, until something breaks.

mod against;
mod beginning;
mod prey;
mod words;

use super::Exit;
use super::args::HuntArgs;
use super::follower::Follower;
use super::interrupt::Interrupt;
use super::printing::Printer;
use super::program::program;
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use crate::report::counted;
use crate::search::{HuntEnd, HuntPlan, Surroundings, Systems, UnderWay, hunt_through};
use beginning::first_seed;
use prey::prey;
use words::words_of;

pub(super) fn hunt(
    options: &HuntArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    if let Some(other) = &options.against {
        note_in(under_way, &options.out);
        return against::compare(options, other, systems);
    }
    let (prey, clock) = (prey(options, systems)?, Stopwatch::start());
    let interrupt = Interrupt::watch()?;
    if let Some(budget) = options.budget {
        interrupt.after(budget);
    }
    let (program, words) = (program(), words_of(options).join(" "));
    let around = Surroundings {
        clock: &|| clock.nanos(),
        stop: interrupt.stop_flag(),
        within: &|time| interrupt.within(time),
        is_ending: &|| interrupt.exit().is_some(),
        begins: &|| note_in(under_way, &options.out),
    };
    let plan = HuntPlan {
        prey: &prey,
        around,
        systems,
        out: &options.out,
        first_seed: first_seed(options),
        seeds: options.seeds.as_ref(),
        resumes: options.resume,
        keep_going: options.keep_going,
        repeats: options.twice.repeats(),
        threads: options.manner.threads(),
        deepen: options.deepen,
        shrink_for: (!options.no_shrink).then_some(options.shrink_for),
        program: &program,
        words: &words,
    };
    let mut printer = Printer::new(options.format, options.manner.quiet);
    let mut follower = Follower::new(&mut printer, interrupt.stop_flag(), options.manner.quiet);
    let report = hunt_through(plan, &mut follower);
    printer.whole()?;
    let report = report?;
    let signal = interrupt.exit();
    if signal.is_some() {
        let after = counted(report.runs, "run");
        printer.print(|reporter| reporter.stopped(&after))?;
    }
    printer.print(|reporter| reporter.hunt(&report))?;
    let exit = match report.end() {
        HuntEnd::OwnPanic => Exit::OWN_PANIC,
        HuntEnd::NotDeterministic => Exit::NOT_REPRODUCED,
        HuntEnd::Violation => Exit::VIOLATION,
        HuntEnd::Incomplete => Exit::INCOMPLETE,
        HuntEnd::Nothing => Exit::OK,
    };
    Ok(signal.unwrap_or(exit))
}
