//! What `omnisim replay` prints and draws.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::args::ReplayArgs;
use crate::cli::printing::{Printer, print};
use crate::cli::program::program;
use crate::explore::Played;
use crate::report::{Commands, Ended, RunReport, ScheduleReport, number};
use crate::reporters::picture;
use crate::repro::{Repro, write_atomically};
use crate::world::Outcome;

/// A schedule.
pub(super) fn schedule(
    options: &ReplayArgs,
    repro: &Repro,
    played: &Played,
    ended: Option<Ended>,
) -> Result<(), Exit> {
    let file = options.file.display().to_string();
    let mut report = ScheduleReport::of(&repro.scenario, played, &file);
    report.ended = ended.unwrap_or(report.ended);
    let mut printer = Printer::new(options.format, false);
    printer.print(|reporter| reporter.schedule(&report, options.trace))
}

/// A run: its picture, its steps, and what there is to say of it.
pub(super) fn run(
    options: &ReplayArgs,
    repro: &Repro,
    outcome: &Outcome,
    wall_ns: u64,
    ended: Option<Ended>,
) -> Result<(), Exit> {
    if let Some(path) = &options.picture {
        draw(path, repro, outcome)?;
    }
    let format = options.format;
    let told_lines = outcome.trace.iter().filter(|_| options.trace);
    let trace: String = told_lines.map(|line| format!("{line}\n")).collect();
    if !format.is_for_people && !trace.is_empty() {
        // Data alone goes to standard output.
        say!("{}", trace.trim_end());
    } else {
        print(&trace)?;
    }
    let is_cut_short = outcome.cut_short && format.is_for_people;
    if is_cut_short {
        print(&format!(
            "stopped at {}, as asked: what only the end shows is not judged\n",
            outcome.ended
        ))?;
    }
    let mut report = report(options, repro, outcome);
    report.wall_ns = wall_ns;
    report.ended = ended.unwrap_or(report.ended);
    Printer::with(format, false, !is_cut_short).print(|reporter| reporter.replayed(&report))
}

fn report(options: &ReplayArgs, repro: &Repro, outcome: &Outcome) -> RunReport {
    let commands = Commands {
        program: &program(),
        file: &options.file,
        seed: options.seed,
        system: options.tested.name(),
    };
    // What keeps only some of its decisions is small already.
    let is_whole = repro
        .run()
        .is_some_and(|run| run.decisions == Default::default());
    let is_file = options.seed.is_none();
    RunReport {
        replay: commands.replay(),
        shrink: (is_whole && !outcome.cut_short).then(|| commands.shrink()),
        repro: is_file.then(|| options.file.display().to_string()),
        ..RunReport::of(&repro.scenario, outcome)
    }
}

fn draw(path: &Path, repro: &Repro, outcome: &Outcome) -> Result<(), Exit> {
    let title = format!("{}, seed {}", repro.scenario.name, outcome.seed);
    let drawn = picture(&title, &outcome.trace);
    write_atomically(path, drawn.svg.as_bytes())?;
    say!("picture   {}", path.display());
    if drawn.left_out > 0 {
        say!(
            "{}: shows the end: the first {} of {} steps are left out; --until TIME ends the run earlier",
            path.display(),
            number(drawn.left_out as u64),
            number(outcome.trace.len() as u64)
        );
    }
    Ok(())
}
