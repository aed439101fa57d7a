//! `omnisim run`: scenarios over seeds, on all cores, judged by their expectation.

use std::sync::atomic::Ordering;

use super::args::RunArgs;
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::Printer;
use super::program::program;
use super::source::load_runs;
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use super::{Exit, progress};
use crate::report::{Judged, RunsReport};
use crate::search::{RunNews, RunPlan, Seeds, Subject, Systems, UnderWay, choose, run_scenarios};

pub(super) fn run(
    options: &RunArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let clock = Stopwatch::start();
    let subjects = subjects(options, systems)?;
    tell_left(&options.out);
    let interrupt = Interrupt::watch()?;
    note_in(under_way, &options.out);
    let (program, seeds, nanos) = (program(), seeds(options), || clock.nanos());
    let plan = RunPlan {
        subjects: &subjects,
        seeds: &seeds,
        repeats: options.twice.repeats(),
        save: options.save,
        out: &options.out,
        program: &program,
        system: options.tested.name(),
        threads: options.manner.threads(),
        clock: &nanos,
    };
    let runs = plan.len();
    let bar = progress::bar(runs, options.manner.quiet);
    let mut printer = Printer::with(options.format, options.manner.quiet, runs == 1);
    let mut ended = Ended::default();
    let mut done = 0;
    let stop = interrupt.stop_flag();
    let report = run_scenarios(plan, stop, |news| {
        bar.inc(1);
        done += 1;
        if bar.suspend(|| ended.take(&news, &mut printer)).is_err() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    bar.finish_and_clear();
    printer.whole()?;
    let report = report?;
    if done < runs {
        let after = format!("{done} of {runs} runs");
        printer.print(|reporter| reporter.stopped(&after))?;
    }
    if ended.unsaved > 1 {
        say!("{} runs could not be kept", ended.unsaved);
    }
    printer.print(|reporter| reporter.runs(&report))?;
    let exit = ended.exit.worse(judge(&report));
    Ok(interrupt.exit().unwrap_or(exit))
}

fn subjects(options: &RunArgs, systems: Systems<'static>) -> Result<Vec<Subject>, Exit> {
    let sources = load_runs(&options.scenarios)?;
    let subject = |mut source: crate::repro::Source| {
        source.scenario.budget = options.run_budget.over(source.scenario.budget);
        let runner = choose(systems, options.tested.name(), &mut source)?;
        Ok(Subject { source, runner })
    };
    sources.into_iter().map(subject).collect()
}

fn seeds(options: &RunArgs) -> Seeds {
    match (options.seed, &options.seeds) {
        (Some(seed), _) => Seeds::One(seed),
        (None, Some(seeds)) => Seeds::Range(seeds.clone()),
        (None, None) => Seeds::AsAsked,
    }
}

/// How runs ended that say more than their verdicts.
struct Ended {
    exit: Exit,
    unsaved: usize,
}

impl Default for Ended {
    fn default() -> Self {
        Self {
            exit: Exit::OK,
            unsaved: 0,
        }
    }
}

impl Ended {
    fn take(&mut self, news: &RunNews, printer: &mut Printer) -> Result<(), Exit> {
        let report = &news.report;
        printer.print(|reporter| reporter.run(report))?;
        if news.is_own {
            self.ends_with(Exit::OWN_PANIC);
        }
        if let Some(error) = &news.unsaved {
            if self.unsaved == 0 {
                say!("{error}: name another folder with --out");
            }
            self.unsaved += 1;
            self.ends_with(Exit::io(""));
        }
        if let Some((difference, again)) = &news.difference {
            say!(
                "{}, seed {}: NOT deterministic: {difference}\n  again     {again}",
                report.scenario,
                report.seed
            );
            self.ends_with(Exit::NOT_REPRODUCED);
        }
        Ok(())
    }

    fn ends_with(&mut self, exit: Exit) {
        self.exit = std::mem::replace(&mut self.exit, Exit::OK).worse(exit);
    }
}

/// What the verdicts over all seeds come to.
fn judge(report: &RunsReport) -> Exit {
    let of_one = |judged: &Judged| match judged {
        Judged::AsExpected => Exit::OK,
        Judged::NotAsExpected(_) => Exit::VIOLATION,
        Judged::Incomplete(_) => Exit::INCOMPLETE,
    };
    let exits = report.scenarios.iter().map(|one| of_one(&one.judged));
    exits.fold(Exit::OK, Exit::worse)
}
