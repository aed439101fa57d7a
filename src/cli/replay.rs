//! `omnisim replay`: the same run again, as far and as closely as one likes.

use std::path::Path;

use simulated_clock::Instant;

use super::args::ReplayArgs;
use super::printing::{Printer, print};
use super::stopwatch::Stopwatch;
use super::{Exit, program, replay_schedule};
use crate::check::Violation;
use crate::report::{Commands, Ended, RunReport, number};
use crate::reporters::picture;
use crate::repro::{
    Build, Repro, ReproViolation, ScheduleRepro, Source, digest_text, is_digest, write_atomically,
};
use crate::scenario::{Scenario, read_text};
use crate::search::{Systems, choose};
use crate::world::{Outcome, RunOptions, Shown, Verdict};

pub(super) fn replay(options: &ReplayArgs, systems: Systems<'static>) -> Result<Exit, Exit> {
    let text = read_text(&options.file)?;
    if ScheduleRepro::is_schedule(&text) {
        return replay_schedule::replay(options, text, systems);
    }
    let mut repro = run_of(&options.file, &text, options.seed, "--seed")?;
    let mut source = Source {
        path: options.file.clone(),
        text,
        scenario: repro.scenario,
    };
    let runner = choose(systems, options.tested.name(), &mut source)?;
    repro.scenario = source.scenario.clone();
    let run_options = RunOptions {
        plan: repro.plan().map_err(|(_, message)| Exit::usage(message))?,
        trace: shown(options),
        until: options.until.map(|time| Instant::ZERO + time.0),
        ..RunOptions::default()
    };
    let clock = Stopwatch::start();
    let outcome = runner
        .run(&repro.scenario, repro.seed, run_options)
        .map_err(|error| source.unsuited(error))?;
    let wall_ns = clock.nanos();
    let compared = compare(&repro, &outcome);
    tell(options, &repro, &outcome, wall_ns, &compared)?;
    for remark in &compared.remarks {
        say!("{}: {remark}", options.file.display());
    }
    Ok(compared.exit)
}

/// How much of the run is told, if any of it is.
fn shown(options: &ReplayArgs) -> Option<Shown> {
    let shown = if options.all {
        Shown::All
    } else {
        Shown::Telling
    };
    (options.trace || options.picture.is_some()).then_some(shown)
}

/// A repro file as it is, a scenario with a seed, given by this flag, as the repro of a run
/// that is not known yet.
pub(super) fn run_of(
    path: &Path,
    text: &str,
    seed: Option<u64>,
    flag: &str,
) -> Result<Repro, Exit> {
    let file = path.display().to_string();
    if Repro::is_repro(text) {
        let repro = Repro::parse(&file, text)?;
        if seed.is_some_and(|seed| seed != repro.seed) {
            return Err(Exit::usage(format!(
                "{file}: is a repro file of seed {}: leave {flag} away",
                repro.seed
            )));
        }
        return Ok(repro);
    }
    let scenario = Scenario::of_file(path, text)?;
    let Some(seed) = seed else {
        return Err(Exit::usage(format!(
            "{file}: is a scenario, not a repro file: say which seed to run, as {flag} 42"
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

fn tell(
    options: &ReplayArgs,
    repro: &Repro,
    outcome: &Outcome,
    wall_ns: u64,
    compared: &Compared,
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
    let report = report(options, repro, outcome, wall_ns, compared);
    Printer::with(format, false, !is_cut_short).print(|reporter| reporter.replayed(&report))
}

fn report(
    options: &ReplayArgs,
    repro: &Repro,
    outcome: &Outcome,
    wall_ns: u64,
    compared: &Compared,
) -> RunReport {
    let commands = Commands {
        program: &program(),
        file: &options.file,
        seed: options.seed,
        system: options.tested.name(),
    };
    // What keeps only some of its decisions is small already.
    let is_whole = repro.decisions == Default::default();
    let is_file = options.seed.is_none();
    RunReport {
        ended: compared.ended,
        wall_ns,
        replay: commands.replay(),
        shrink: (is_whole && !outcome.cut_short).then(|| commands.shrink()),
        repro: is_file.then(|| options.file.display().to_string()),
        ..RunReport::of(&repro.scenario, outcome)
    }
}

fn draw(path: &Path, repro: &Repro, outcome: &Outcome) -> Result<(), Exit> {
    let title = format!("{}, seed {}", repro.scenario.name, repro.seed);
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

/// How a run compares with the one that the repro describes.
struct Compared {
    exit: Exit,
    ended: Ended,
    /// What is said of it on standard error.
    remarks: Vec<String>,
}

fn compare(repro: &Repro, outcome: &Outcome) -> Compared {
    let mut compared = Compared {
        exit: Exit::OK,
        ended: Ended::Unexpected,
        remarks: Vec::new(),
    };
    if outcome.cut_short {
        return compared;
    }
    let is_violation = outcome.verdict == Verdict::Violation;
    let is_own = outcome.violations.iter().any(Violation::is_own);
    let unknown = if is_own {
        Exit::OWN_PANIC
    } else {
        Exit::INCOMPLETE
    };
    if repro.digest.is_empty() && repro.violation.is_none() {
        // A scenario with a seed: there is nothing to compare with.
        compared.exit = match outcome.verdict {
            Verdict::Pass => Exit::OK,
            Verdict::Violation => Exit::VIOLATION,
            Verdict::Unknown => unknown,
        };
        return compared;
    }
    let known = (repro.digest.as_str(), &repro.build);
    let same_digest = same_digest(known, outcome.digest, &mut compared.remarks);
    let same_violation = match &repro.violation {
        Some(wanted) if !shows(outcome, wanted) => {
            let remark = format!("the violation of {} does not come", wanted.check);
            compared.remarks.push(remark);
            false
        }
        None if is_violation => {
            let remark = "it is the repro of a run that passed, and this one does not";
            compared.remarks.push(remark.to_owned());
            false
        }
        Some(_) => {
            compared.ended = Ended::Reproduced;
            true
        }
        None => true,
    };
    let is_same = same_violation && same_digest;
    if !is_same {
        compared.ended = Ended::NotReproduced;
    }
    compared.exit = match outcome.verdict {
        _ if !is_same => Exit::NOT_REPRODUCED,
        Verdict::Pass => Exit::OK,
        Verdict::Violation => Exit::VIOLATION,
        Verdict::Unknown => unknown,
    };
    compared
}

/// Whether the violation is among those of the run: by check and class.
fn shows(outcome: &Outcome, wanted: &ReproViolation) -> bool {
    let mut violations = outcome.violations.iter();
    violations.any(|violation| wanted.is_shown_by(violation))
}

/// Whether every step is the same, or may differ because the build does.
pub(super) fn same_digest(
    (known, build): (&str, &Build),
    digest: u64,
    remarks: &mut Vec<String>,
) -> bool {
    if is_digest(known, digest) != Some(false) {
        return true;
    }
    let digest = digest_text(digest);
    let not = format!("the digest is {digest}, not {known}");
    let same_build = *build == Build::current();
    remarks.push(if same_build {
        format!("{not}, although the build is the same: not deterministic, or edited (take the line with its digest away, then only the violation counts)")
    } else {
        format!("{not}: it was made by another build ({build})")
    });
    !same_build
}
