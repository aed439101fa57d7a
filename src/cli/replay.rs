//! `omnisim replay`: the same run again, as far and as closely as one likes.

use simulated_clock::Instant;

use super::args::{Format, ReplayArgs};
use super::run::{colours, find};
use super::scenarios::print;
use super::source::Source;
use super::stopwatch::Stopwatch;
use super::{Exit, program};
use crate::report::{Build, Repro, Styled, Told, failure, replay_command, run_object, run_summary};
use crate::scenario::{Scenario, ScenarioError};
use crate::search::Systems;
use crate::world::{Outcome, RunOptions, Verdict};

pub(super) fn replay(options: &ReplayArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let repro = read(options)?;
    let source = Source {
        path: options.file.clone(),
        scenario: repro.scenario.clone(),
    };
    let runner = find(systems, &source)?;
    let run_options = RunOptions {
        plan: repro.plan().map_err(Exit::usage)?,
        trace: options.trace,
        until: options.until.map(|time| Instant::ZERO + time.0),
        ..RunOptions::default()
    };
    let clock = Stopwatch::start();
    let outcome = runner
        .run(&repro.scenario, repro.seed, run_options)
        .map_err(|(key, message)| {
            Exit::usage(format!(
                "{}: cluster.{key}: {message}",
                options.file.display()
            ))
        })?;
    tell(options, &repro, &outcome, clock.nanos())?;
    Ok(compare(options, &repro, &outcome))
}

/// A repro file as it is, a scenario as the repro of a run that is not known yet.
fn read(options: &ReplayArgs) -> Result<Repro, Exit> {
    let file = options.file.display().to_string();
    let text = std::fs::read_to_string(&options.file)
        .map_err(|error| ScenarioError::unreadable(&file, &error))?;
    if Repro::is_repro(&text) {
        let repro = Repro::parse(&file, &text)?;
        if options.seed.is_some_and(|seed| seed != repro.seed) {
            return Err(Exit::usage(format!(
                "{file}: is a repro file of seed {}: leave --seed away",
                repro.seed
            )));
        }
        return Ok(repro);
    }
    let scenario = Scenario::load(&options.file)?;
    let Some(seed) = options.seed else {
        return Err(Exit::usage(format!(
            "{file}: is a scenario, not a repro file: say which seed to replay, as --seed 42"
        )));
    };
    Ok(Repro {
        seed,
        digest: String::new(),
        violation: None,
        build: Build::current(),
        decisions: Default::default(),
        scenario,
    })
}

fn tell(options: &ReplayArgs, repro: &Repro, outcome: &Outcome, wall_ns: u64) -> Result<(), Exit> {
    let file = options.file.display().to_string();
    let told = Told {
        scenario: &repro.scenario,
        outcome,
        wall_ns,
        replay: &replay_command(&program(), &options.file, options.seed),
    };
    match options.format {
        Format::Json => print(&format!("{}\n", run_object(&told))),
        Format::Text => {
            let styled = Styled { colours: colours() };
            let mut text = String::new();
            for line in &outcome.trace {
                text.push_str(&format!("{line}\n"));
            }
            if outcome.cut_short {
                text.push_str(&format!("stopped at {}, as asked\n", outcome.ended));
            } else {
                text.push_str(&run_summary(&told, true, styled));
            }
            if outcome.verdict != Verdict::Pass {
                text.push_str(&failure(&told, &file, styled));
            }
            print(&text)
        }
    }
}

/// Whether the run is the one that the repro describes.
fn compare(options: &ReplayArgs, repro: &Repro, outcome: &Outcome) -> Exit {
    if outcome.cut_short {
        return Exit::OK;
    }
    let file = options.file.display();
    let digest = format!("{:#018x}", outcome.digest);
    let is_new = repro.digest.is_empty();
    let same_build = repro.build == Build::current();
    if !is_new && digest != repro.digest {
        if same_build {
            say!(
                "{file}: the digest is {digest}, not {}, although the build is the same: not deterministic, or edited",
                repro.digest
            );
        } else {
            say!(
                "{file}: the digest is {digest}, not {}: it was made by another build ({:?})",
                repro.digest,
                repro.build
            );
        }
    }
    let found = |wanted: &crate::report::ReproViolation| {
        let mut violations = outcome.violations.iter();
        violations
            .any(|violation| violation.check == wanted.check && violation.class == wanted.class)
    };
    match &repro.violation {
        Some(wanted) if !found(wanted) => {
            say!("{file}: the violation of {} does not come", wanted.check);
            Exit::NOT_REPRODUCED
        }
        _ if !is_new && same_build && digest != repro.digest => Exit::NOT_REPRODUCED,
        Some(_) => Exit::VIOLATION,
        None if outcome.verdict == Verdict::Unknown => Exit::INCOMPLETE,
        None if is_new && outcome.verdict == Verdict::Violation => Exit::VIOLATION,
        None => Exit::OK,
    }
}
