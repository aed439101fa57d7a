//! `omnisim replay` of a schedule: the same actions again, on the real code.

use super::Exit;
use super::args::ReplayArgs;
use super::printing::Printer;
use super::replay::same_digest;
use crate::check::Violation;
use crate::explore::{Limits, Played, Player};
use crate::report::ScheduleReport;
use crate::repro::{ScheduleRepro, Source, wrong_line};
use crate::search::{Systems, choose, find};

pub(super) fn replay(
    options: &ReplayArgs,
    text: String,
    systems: Systems<'static>,
) -> Result<Exit, Exit> {
    let file = options.file.display().to_string();
    if options.until.is_some() || options.seed.is_some() {
        return Err(Exit::usage(format!(
            "{file}: is a schedule, which knows neither times nor seeds: leave --until and --seed away"
        )));
    }
    if options.picture.is_some() {
        return Err(Exit::usage(format!(
            "{file}: is a schedule, which is told and not drawn: use --trace instead of --picture"
        )));
    }
    let (mut repro, mut source) = read(&file, text, options)?;
    choose(systems, options.tested.name(), &mut source)?;
    repro.scenario = source.scenario.clone();
    let player = player(&source, systems)?;
    let played = player.play(&repro.schedule);
    let played = played.map_err(|wrong| wrong_line(&file, &source.text, wrong))?;
    tell(options, &repro, &played)?;
    let (exit, remarks) = compare(&repro, &played);
    for (place, message) in &played.passed_over {
        say!("{file}: line {} of the schedule: {message}", place + 1);
    }
    for remark in remarks {
        say!("{file}: {remark}");
    }
    Ok(exit)
}

fn read(file: &str, text: String, options: &ReplayArgs) -> Result<(ScheduleRepro, Source), Exit> {
    let repro = ScheduleRepro::parse(file, &text)?;
    let source = Source {
        path: options.file.clone(),
        text,
        scenario: repro.scenario.clone(),
    };
    Ok((repro, source))
}

/// What takes the schedules of a repro file's scenario.
pub(super) fn player(source: &Source, systems: Systems<'static>) -> Result<Player, Exit> {
    let player = find(systems, source)?.player(&source.scenario, &Limits::default());
    Ok(player.map_err(|error| source.unsuited(error))?)
}

fn tell(options: &ReplayArgs, repro: &ScheduleRepro, played: &Played) -> Result<(), Exit> {
    let file = options.file.display().to_string();
    let report = ScheduleReport::of(&repro.scenario, played, &file);
    let mut printer = Printer::new(options.format, false);
    printer.print(|reporter| reporter.schedule(&report, options.trace))
}

/// How it ends, and what is said of it on standard error.
fn compare(repro: &ScheduleRepro, played: &Played) -> (Exit, Vec<String>) {
    let mut remarks = Vec::new();
    if let Some(flaw) = &played.flaw {
        remarks.push(format!("not deterministic: {flaw}"));
        return (Exit::NOT_REPRODUCED, remarks);
    }
    let known = (repro.digest.as_str(), &repro.build);
    let same_digest = same_digest(known, played.digest, &mut remarks);
    let same_violation = match (&repro.violation, &played.violation) {
        (Some(wanted), Some(shown)) if wanted.is_shown_by(shown) => true,
        (None, None) => true,
        (Some(wanted), _) => {
            remarks.push(format!("the violation of {} does not come", wanted.check));
            false
        }
        (None, Some(_)) => {
            let remark = "it is the repro of a schedule that broke nothing, and this one does";
            remarks.push(remark.to_owned());
            false
        }
    };
    let exit = if !same_violation || !same_digest {
        Exit::NOT_REPRODUCED
    } else if played.violation.as_ref().is_some_and(Violation::is_own) {
        Exit::OWN_PANIC
    } else if played.violation.is_some() {
        Exit::VIOLATION
    } else {
        Exit::OK
    };
    (exit, remarks)
}
