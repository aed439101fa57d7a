//! What was found before is looked at first.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use knossos::StopFlag;

use super::source::Source;
use super::system::find;
use super::{Exit, folder};
use crate::check::{HANG, Violation};
use crate::explore::Limits;
use crate::report::{Build, Repro, ReproViolation, ScheduleRepro, counted};
use crate::scenario::{Scenario, ScenarioError, read_text};
use crate::search::{Runner, Signature, Systems};
use crate::world::RunOptions;

/// A repro file of either kind.
enum Found {
    Run(Box<Repro>),
    Schedule(Box<ScheduleRepro>),
}

/// What a repro file is about, and what comes of it today.
struct Again<'a> {
    build: &'a Build,
    wanted: &'a ReproViolation,
    violations: Vec<Violation>,
    /// Whether every step is as it was; nothing if the file does not say.
    same_steps: Option<bool>,
}

/// Runs every repro file in the folder and below it, and says of each whether its
/// violation still comes. One that is no known finding counts as caught. What its
/// scenario expects anyway tells nothing, and is left out.
pub(super) fn run(
    out: &Path,
    systems: Systems<'static>,
    stop: &Arc<AtomicBool>,
    quiet: bool,
) -> Result<Exit, Exit> {
    let is_repro = |path: &Path| path.to_string_lossy().ends_with(".repro.toml");
    let files = match folder::files(out, &is_repro) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        files => files.map_err(|error| Exit::usage(format!("{}: {error}", out.display())))?,
    };
    let mut exit = Exit::OK;
    let mut expected = 0;
    for file in &files {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match read(file) {
            Ok(found) if found.is_expected() => expected += 1,
            Ok(found) if found.hangs() => say!(
                "{}: left out, because it does not return: replay it alone",
                file.display()
            ),
            Ok(found) => exit = exit.worse(once_more(file, &found, systems, stop, quiet)?),
            Err(error) => say!("{error}: left out"),
        }
    }
    if expected > 0 && !quiet {
        let (out, repros) = (out.display(), counted(expected, "repro file"));
        say!("{out}: {repros} left out, of violations that their scenarios expect");
    }
    Ok(exit)
}

impl Found {
    fn scenario(&self) -> &Scenario {
        match self {
            Self::Run(repro) => &repro.scenario,
            Self::Schedule(repro) => &repro.scenario,
        }
    }

    fn violation(&self) -> Option<&ReproViolation> {
        match self {
            Self::Run(repro) => repro.violation.as_ref(),
            Self::Schedule(repro) => repro.violation.as_ref(),
        }
    }

    /// Whether it would never end.
    fn hangs(&self) -> bool {
        let violation = self.violation();
        violation.is_some_and(|violation| violation.check == HANG)
    }

    /// Whether its scenario says that the violation comes.
    fn is_expected(&self) -> bool {
        let Some(violation) = self.violation() else {
            return false;
        };
        let (scenario, check) = (self.scenario(), &violation.check);
        let model = scenario.model.as_ref();
        scenario.check.expects(check) || model.is_some_and(|model| model.expects(check))
    }
}

fn read(file: &Path) -> Result<Found, ScenarioError> {
    let (name, text) = (file.display().to_string(), read_text(file)?);
    Ok(if ScheduleRepro::is_schedule(&text) {
        Found::Schedule(Box::new(ScheduleRepro::parse(&name, &text)?))
    } else {
        Found::Run(Box::new(Repro::parse(&name, &text)?))
    })
}

fn once_more(
    file: &Path,
    found: &Found,
    systems: Systems<'static>,
    stop: &Arc<AtomicBool>,
    quiet: bool,
) -> Result<Exit, Exit> {
    let source = Source {
        path: file.to_owned(),
        text: String::new(),
        scenario: found.scenario().clone(),
    };
    let Ok(runner) = find(systems, &source) else {
        // Of a system that another binary has.
        return Ok(Exit::OK);
    };
    let again = match found {
        Found::Run(repro) => run_again(repro, runner, stop),
        Found::Schedule(repro) => schedule_again(repro, runner),
    };
    let again = again.map_err(|message| Exit::usage(format!("{}: {message}", file.display())))?;
    Ok(again.map_or(Exit::OK, |again| tell(file, &again, quiet)))
}

/// Nothing if it is the repro of a run that passed, or was stopped.
fn run_again<'a>(
    repro: &'a Repro,
    runner: &'static dyn Runner,
    stop: &Arc<AtomicBool>,
) -> Result<Option<Again<'a>>, String> {
    let Some(wanted) = &repro.violation else {
        return Ok(None);
    };
    let options = RunOptions {
        plan: repro.plan().map_err(|(_, message)| message)?,
        stop: Some(StopFlag::sharing(Arc::clone(stop))),
        ..RunOptions::default()
    };
    let outcome = runner
        .run(&repro.scenario, repro.seed, options)
        .map_err(|error| error.to_string())?;
    if outcome.stopped {
        return Ok(None);
    }
    Ok(Some(Again {
        build: &repro.build,
        wanted,
        same_steps: repro.has_digest(outcome.digest),
        violations: outcome.violations,
    }))
}

fn schedule_again<'a>(
    repro: &'a ScheduleRepro,
    runner: &'static dyn Runner,
) -> Result<Option<Again<'a>>, String> {
    let Some(wanted) = &repro.violation else {
        return Ok(None);
    };
    let player = runner
        .player(&repro.scenario, &Limits::default())
        .map_err(|error| error.to_string())?;
    let played = player
        .play(&repro.schedule)
        .map_err(|(_, message)| message)?;
    Ok(Some(Again {
        build: &repro.build,
        wanted,
        same_steps: repro.has_digest(played.digest),
        violations: played.violation.into_iter().collect(),
    }))
}

fn tell(file: &Path, again: &Again<'_>, quiet: bool) -> Exit {
    let (file, wanted) = (file.display(), again.wanted);
    let mut violations = again.violations.iter();
    let Some(violation) = violations.find(|violation| wanted.is_shown_by(violation)) else {
        say!(
            "{file}: {} does not come any more: mended, or out of its reach",
            wanted.check
        );
        return Exit::OK;
    };
    let how = match (again.same_steps, *again.build == Build::current()) {
        (None, _) => "in the run as it was edited",
        (Some(true), _) => "step for step",
        (Some(false), true) => "by other steps: the code changed",
        (Some(false), false) => "by other steps: it was made by another build",
    };
    let signature = Signature::of(violation);
    let is_finding = signature.finding.is_some();
    if !quiet || !is_finding {
        say!("{file}: still shows {signature}, {how}");
    }
    if is_finding {
        Exit::OK
    } else {
        Exit::VIOLATION
    }
}
