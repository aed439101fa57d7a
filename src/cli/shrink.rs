//! `omnisim shrink`: a failing run, reduced to the choices that matter.

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{Format, ShrinkArgs};
use super::interrupt::Interrupt;
use super::notes::tell_left;
use super::printing::{print, styled};
use super::replay::run_of;
use super::stopwatch::Stopwatch;
use super::watchdog::note_in;
use super::{Exit, program, progress, shrink_schedule};
use crate::report::{number, replay_command};
use crate::repro::{ScheduleRepro, Source, repro_path};
use crate::scenario::read_text;
use crate::search::{
    ShrinkError, Shrinking, Shrunk, Signature, Systems, UnderWay, choose, save_found, shrink_kept,
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
    let runner = choose(systems, options.tested.name(), &mut source)?;
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
        threads: options.manner.pace.threads(),
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
    let shrunk = shrink_visibly(&shrinking, Some(&small), options.manner.pace.quiet);
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
    save_found(&small, &shrunk.after)?;
    let slips = save_slips(options, &shrunk)?;
    tell(options, &shrunk, &small, &slips)?;
    Ok(interrupt.exit().unwrap_or(Exit::OK))
}

/// Shrinks, shows how far it has come, and keeps the best so far.
pub(super) fn shrink_visibly(
    shrinking: &Shrinking<'_>,
    best: Option<&Path>,
    quiet: bool,
) -> Result<Shrunk, ShrinkError> {
    let (spinner, clock) = (spinner(quiet), Stopwatch::start());
    let shrunk = shrink_kept(shrinking, best, &|| clock.nanos(), &mut |told| {
        spinner.set_message(told);
        spinner.tick();
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

fn save_slips(options: &ShrinkArgs, shrunk: &Shrunk) -> Result<Vec<(Signature, PathBuf)>, Exit> {
    let mut saved = Vec::new();
    for slip in &shrunk.slips {
        let name = format!(
            "{}-{}-{}.repro.toml",
            slip.found.scenario.name, slip.found.outcome.seed, slip.signature.check
        );
        let path = options.out.join(name);
        save_found(&path, &slip.found)?;
        saved.push((slip.signature.clone(), path));
    }
    Ok(saved)
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
    let styled = styled();
    let end = if shrunk.complete {
        "nothing more can be taken away"
    } else {
        "stopped before its end; a longer --for may take more away"
    };
    let mut text = format!(
        "{}\n  before    {}\n  after     {}\n  took      {} runs; {end}\n  repro     {}\n  replay    {} --trace\n",
        styled.bad(message),
        before.told(),
        after.told(),
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
