//! `omnisim replay`: the same run, or schedule, again, as far and as closely as one likes.

mod telling;

use std::path::Path;

use simulated_clock::Instant;

use super::Exit;
use super::args::ReplayArgs;
use super::stopwatch::Stopwatch;
use crate::check::Violation;
use crate::report::{Ended, ScheduleReport};
use crate::repro::{Body, Build, Repro, Reproduction, SeededRun, Source};
use crate::scenario::{Scenario, read_text};
use crate::search::{Replayed, Systems, choose, replay as take_again};
use crate::world::{RunOptions, Shown, Verdict};

pub(super) fn replay(options: &ReplayArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let (mut repro, mut source) = repro_of(&options.file, options.seed, "--seed")?;
    if repro.schedule().is_some() {
        refuse_what_no_schedule_knows(options)?;
    }
    let runner = choose(systems, options.tested.name(), &mut source)?;
    repro.scenario = source.scenario.clone();
    let run_options = RunOptions {
        trace: shown(options),
        until: options.until.map(|time| Instant::ZERO + time.0),
        ..RunOptions::default()
    };
    let clock = Stopwatch::start();
    let replayed = take_again(runner, &repro, run_options);
    let replayed = replayed.map_err(|error| error.located(&source))?;
    let wall_ns = clock.nanos();
    let compared = replayed.compare(&repro);
    let file = options.file.display();
    match &replayed {
        Replayed::Run(outcome) => {
            telling::run(
                options,
                &repro,
                outcome,
                wall_ns,
                ended(&compared, &replayed),
            )?;
        }
        Replayed::Schedule(played) => {
            telling::schedule(options, &repro, played, ended(&compared, &replayed))?;
            for (line, message) in &played.passed_over {
                say!("{file}: line {} of the schedule: {message}", line + 1);
            }
        }
    }
    if is_cut_short(&replayed) {
        return Ok(Exit::OK);
    }
    for remark in &compared.remarks {
        say!("{file}: {remark}");
    }
    Ok(exit(&compared, &replayed))
}

/// A repro file as it is; a scenario with a seed, given by this flag, as the repro of a run that
/// is not known yet.
pub(super) fn repro_of(
    path: &Path,
    seed: Option<u64>,
    flag: &str,
) -> Result<(Repro, Source), Exit> {
    let text = read_text(path)?;
    let file = path.display();
    let repro = if Repro::is_repro(&text) {
        let repro = Repro::parse(&file.to_string(), &text)?;
        match (&repro.body, seed) {
            (Body::Run(run), Some(seed)) if seed != run.seed => {
                return Err(Exit::usage(format!(
                    "{file}: is a repro file of seed {}: leave {flag} away",
                    run.seed
                )));
            }
            (Body::Schedule(_), Some(_)) => {
                return Err(Exit::usage(format!(
                    "{file}: is a schedule, which knows no seeds: leave {flag} away"
                )));
            }
            _ => repro,
        }
    } else {
        let scenario = Scenario::of_file(path, &text)?;
        let seed = seed.ok_or_else(|| {
            Exit::usage(format!(
                "{file}: is a scenario, not a repro file: say which seed to run, as {flag} 42"
            ))
        })?;
        Repro {
            body: Body::Run(SeededRun::of_seed(seed)),
            digest: None,
            violation: None,
            build: Build::current(),
            scenario,
        }
    };
    let source = Source {
        path: path.to_owned(),
        text,
        scenario: repro.scenario.clone(),
    };
    Ok((repro, source))
}

fn refuse_what_no_schedule_knows(options: &ReplayArgs) -> Result<(), Exit> {
    let refused = if options.until.is_some() {
        "which knows no times: leave --until away"
    } else if options.picture.is_some() {
        "of which there is no picture: use --trace instead of --picture"
    } else {
        return Ok(());
    };
    let file = options.file.display();
    Err(Exit::usage(format!("{file}: is a schedule, {refused}")))
}

/// How much of the run is traced, if anything.
fn shown(options: &ReplayArgs) -> Option<Shown> {
    let shown = if options.all {
        Shown::All
    } else {
        Shown::Telling
    };
    (options.trace || options.picture.is_some()).then_some(shown)
}

/// Whether only a part of the run was made, as asked: that is neither the same nor another.
fn is_cut_short(replayed: &Replayed) -> bool {
    matches!(replayed, Replayed::Run(outcome) if outcome.cut_short)
}

/// How it ended, where its repro tells; otherwise its scenario does.
fn ended(compared: &Reproduction, replayed: &Replayed) -> Option<Ended> {
    if is_cut_short(replayed) || !compared.is_comparable {
        return None;
    }
    Some(if compared.is_same {
        Ended::Reproduced
    } else {
        Ended::NotReproduced
    })
}

fn exit(compared: &Reproduction, replayed: &Replayed) -> Exit {
    if compared.is_comparable && !compared.is_same {
        return Exit::NOT_REPRODUCED;
    }
    let verdict = match replayed {
        Replayed::Run(outcome) => outcome.verdict,
        Replayed::Schedule(played) => ScheduleReport::verdict(played),
    };
    match verdict {
        Verdict::Pass => Exit::OK,
        Verdict::Violation => Exit::VIOLATION,
        Verdict::Unknown if replayed.violations().iter().any(Violation::is_own) => Exit::OWN_PANIC,
        Verdict::Unknown => Exit::INCOMPLETE,
    }
}
