//! `omnisim shrink`: a failing run, reduced to the choices that matter.

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{Format, ShrinkArgs};
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::replay::run_of;
use super::run::colours;
use super::scenarios::print;
use super::source::Source;
use super::stopwatch::Stopwatch;
use super::system::choose;
use super::watchdog::note_in;
use super::{Exit, program, progress, shrink_schedule};
use crate::report::{
    Repro, ScheduleRepro, Styled, counted, number, replay_command, repro_path, write_atomically,
};
use crate::scenario::read_text;
use crate::search::{
    Found, ShrinkError, Shrinking, Shrunk, Signature, Systems, UnderWay, shrink as reduce,
};

pub(super) fn shrink(
    options: &ShrinkArgs,
    systems: Systems<'static>,
    under_way: &UnderWay,
) -> Result<Exit, Exit> {
    let text = read_text(&options.file)?;
    if ScheduleRepro::is_schedule(&text) {
        return shrink_schedule::shrink(options, text, systems);
    }
    let file = options.file.display();
    let mut repro = run_of(&options.file, &text, options.seed, "--seed")?;
    let mut source = Source {
        path: options.file.clone(),
        text,
        scenario: repro.scenario,
    };
    let runner = choose(systems, &options.tested, &mut source)?;
    repro.scenario = source.scenario;
    let plan = repro.plan().map_err(|(_, message)| Exit::usage(message))?;
    tell_left(&options.out);
    note_in(under_way, &options.out);
    let interrupt = Interrupt::watch()?;
    let shrinking = Shrinking {
        runner,
        scenario: &repro.scenario,
        seed: repro.seed,
        plan: &plan,
        signature: None,
        threads: options.manner.threads(),
        stop: &interrupt.within(options.budget),
    };
    let small = match options.seed {
        // A scenario: its seeds are told apart.
        Some(seed) => small_path(
            &options.out,
            &repro_path(&options.out, &repro.scenario.name, seed),
        ),
        None => small_path(&options.out, &options.file),
    };
    let shrunk = shrink_visibly(&shrinking, Some(&small), options.manner.quiet);
    let shrunk = shrunk.map_err(|error| match error {
        ShrinkError::Stopped => {
            say!("{file}: {error}");
            interrupt.exit().unwrap_or(Exit::INCOMPLETE)
        }
        ShrinkError::Unsuited(_) => Exit::usage(format!("{file}: {error}")),
        ShrinkError::DoesNotFail(_) => {
            say!("{file}: {error}");
            Exit::NOT_REPRODUCED
        }
    })?;
    save(&small, &shrunk.after)?;
    let slips = save_slips(options, &shrunk)?;
    tell(options, &shrunk, &small, &slips)?;
    Ok(interrupt.exit().unwrap_or(Exit::OK))
}

/// How long the best so far may wait to be kept, in nanoseconds of the wall clock.
const KEEP_EVERY_NS: u64 = 200_000_000;

/// Shrinks, shows how far it has come, and keeps the best so far in a file, which is what is
/// left if somebody kills it.
pub(super) fn shrink_visibly(
    shrinking: &Shrinking<'_>,
    best: Option<&Path>,
    quiet: bool,
) -> Result<Shrunk, ShrinkError> {
    let spinner = spinner(quiet);
    let clock = Stopwatch::start();
    let mut kept_at = None;
    let shrunk = reduce(shrinking, &mut |found, runs| {
        let (size, runs) = (size(found), number(runs));
        spinner.set_message(format!("shrinking: {size}, after {runs} runs"));
        spinner.tick();
        let Some(best) = best else { return };
        let now = clock.nanos();
        if kept_at.is_none_or(|kept| now > kept + KEEP_EVERY_NS) {
            kept_at = Some(now);
            // That it cannot be written is told when the result is.
            let _ = save(best, found);
        }
    });
    spinner.finish_and_clear();
    shrunk
}

pub(super) fn spinner(quiet: bool) -> ProgressBar {
    let bar = progress::bar(usize::MAX, quiet);
    let style = ProgressStyle::with_template("{elapsed_precise} {spinner} {msg}");
    bar.with_style(style.expect("the template is a constant"))
}

/// `NAME.repro.toml` becomes `NAME.small.repro.toml`.
pub(super) fn small_path(out: &Path, file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let stem = name
        .strip_suffix(".repro.toml")
        .or_else(|| name.strip_suffix(".toml"))
        .unwrap_or(&name);
    let stem = stem.strip_suffix(".small").unwrap_or(stem);
    out.join(format!("{stem}.small.repro.toml"))
}

pub(super) fn save(path: &Path, found: &Found) -> Result<(), Exit> {
    let repro = Repro::planned(&found.scenario, &found.outcome, &found.plan);
    write_atomically(path, repro.to_text().as_bytes())?;
    Ok(())
}

fn save_slips(options: &ShrinkArgs, shrunk: &Shrunk) -> Result<Vec<(Signature, PathBuf)>, Exit> {
    let mut saved = Vec::new();
    for slip in &shrunk.slips {
        let name = format!(
            "{}-{}-{}.repro.toml",
            slip.found.scenario.name, slip.found.outcome.seed, slip.signature.check
        );
        let path = options.out.join(name);
        save(&path, &slip.found)?;
        saved.push((slip.signature.clone(), path));
    }
    Ok(saved)
}

/// How large a run is, in words.
fn size(found: &Found) -> String {
    format!(
        "{}, {}, {}, {}, {}",
        counted(found.outcome.events, "event"),
        counted(found.faults(), "fault"),
        counted(found.operations(), "operation"),
        counted(found.scenario.cluster.replicas, "replica"),
        counted(found.outcome.decisions.len() as u64, "choice"),
    )
}

fn tell(
    options: &ShrinkArgs,
    shrunk: &Shrunk,
    small: &Path,
    slips: &[(Signature, PathBuf)],
) -> Result<(), Exit> {
    let (before, after) = (&shrunk.before, &shrunk.after);
    let violation = after.outcome.violations.first();
    let message = violation.map_or("", |violation| &violation.message);
    let replay = replay_command(&program(), small, None);
    if options.manner.format == Format::Json {
        let object = json!({
            "events_before": before.outcome.events,
            "events_after": after.outcome.events,
            "faults": after.faults(),
            "operations": after.operations(),
            "replicas": after.scenario.cluster.replicas,
            "choices": after.outcome.decisions.len(),
            "runs": shrunk.runs,
            "complete": shrunk.complete,
            "violation": violation,
            "repro": small.display().to_string(),
            "slips": slips.iter().map(|(signature, path)| json!({
                "check": signature.check,
                "repro": path.display().to_string(),
            })).collect::<Vec<_>>(),
            "replay": replay,
        });
        return print(&format!("{object}\n"));
    }
    let styled = Styled { colours: colours() };
    let end = if shrunk.complete {
        "nothing more can be taken away"
    } else {
        "stopped before its end; a longer --for may take more away"
    };
    let mut text = format!(
        "{}\n  before    {}\n  after     {}\n  took      {} runs; {end}\n  repro     {}\n  replay    {} --trace\n",
        styled.bad(message),
        size(before),
        size(after),
        number(shrunk.runs),
        small.display(),
        replay,
    );
    for (signature, path) in slips {
        text.push_str(&format!(
            "  met       another violation, {signature}: {}\n",
            path.display()
        ));
    }
    print(&text)
}
