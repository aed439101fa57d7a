//! `omnisim shrink`: a failing run, or schedule, reduced to the choices that matter.

use std::path::{Path, PathBuf};

use super::args::ShrinkArgs;
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::Printer;
use super::program::program;
use super::replay::repro_of;
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use super::{Exit, progress};
use crate::repro::{Source, repro_path};
use crate::search::{ReproShrinking, ShrinkError, Systems, UnderWay, choose, shrink_repro};

pub(super) fn shrink(
    options: &ShrinkArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let (mut repro, mut source) = repro_of(&options.file, options.seed, "--seed")?;
    let runner = choose(systems, options.tested.name(), &mut source)?;
    repro.scenario = source.scenario.clone();
    tell_left(&options.out);
    note_in(under_way, &options.out);
    let interrupt = Interrupt::watch()?;
    let (spinner, clock) = (progress::spinner(options.manner.quiet), Stopwatch::start());
    let shrinking = ReproShrinking {
        runner,
        repro: &repro,
        small: &small_path(options, &repro.scenario.name),
        out: &options.out,
        threads: options.manner.threads(),
        stop: &interrupt.within(options.budget),
        clock: &|| clock.nanos(),
        program: &program(),
    };
    let shrunk = shrink_repro(&shrinking, &mut |told| {
        spinner.set_message(told);
        spinner.tick();
    });
    spinner.finish_and_clear();
    let shrunk = match shrunk {
        Ok(shrunk) => shrunk,
        Err(error) => return ended(error, &source, &interrupt),
    };
    Printer::new(options.format, false).print(|reporter| reporter.shrunk(&shrunk))?;
    match shrunk.hang() {
        Some(_) => Ok(Exit::VIOLATION),
        None => Ok(interrupt.exit().unwrap_or(Exit::OK)),
    }
}

/// How it ends where nothing could be shrunk.
fn ended(error: ShrinkError, source: &Source, interrupt: &Interrupt) -> Result<Exit, Exit> {
    let file = source.path.display();
    let exit = match error {
        ShrinkError::Stopped => interrupt.exit().unwrap_or(Exit::INCOMPLETE),
        ShrinkError::DoesNotFail(_) => Exit::NOT_REPRODUCED,
        ShrinkError::Unwritten(message) => return Err(Exit::io(message)),
        ShrinkError::Unmade(error) => return Err(error.located(source).into()),
    };
    say!("{file}: {error}");
    Ok(exit)
}

/// `NAME.repro.toml` becomes `NAME.small.repro.toml`; for a scenario, the name contains the seed.
fn small_path(options: &ShrinkArgs, scenario: &str) -> PathBuf {
    match options.seed {
        Some(seed) => small_of(&options.out, &repro_path(&options.out, scenario, seed)),
        None => small_of(&options.out, &options.file),
    }
}

fn small_of(out: &Path, file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let stem = name
        .strip_suffix(".repro.toml")
        .or_else(|| name.strip_suffix(".toml"))
        .unwrap_or(&name);
    let stem = stem.strip_suffix(".small").unwrap_or(stem);
    out.join(format!("{stem}.small.repro.toml"))
}
