//! `omnisim shrink` of a schedule: actions that the violation can do without go.

use std::path::Path;

use serde_json::json;

use super::args::{Format, ShrinkArgs};
use super::interrupt::Interrupt;
use super::printing::{print, styled};
use super::replay_schedule::player;
use super::shrink::{small_path, spinner};
use super::{Exit, program};
use crate::explore::Played;
use crate::report::{number, replay_command};
use crate::reporters::schedule_lines;
use crate::repro::{ScheduleRepro, Source, write_atomically, wrong_line};
use crate::search::{ShrunkSchedule, Systems, choose, shrink_schedule};

pub(super) fn shrink(
    options: &ShrinkArgs,
    text: String,
    systems: Systems<'static>,
) -> Result<Exit, Exit> {
    let file = options.file.display().to_string();
    if options.seed.is_some() {
        return Err(Exit::usage(format!(
            "{file}: is a schedule, which knows no seeds: leave --seed away"
        )));
    }
    let mut repro = ScheduleRepro::parse(&file, &text)?;
    let mut source = Source {
        path: options.file.clone(),
        text,
        scenario: repro.scenario,
    };
    choose(systems, options.tested.name(), &mut source)?;
    repro.scenario = source.scenario.clone();
    let player = player(&source, systems)?;
    let small = small_path(&options.out, &options.file);
    let interrupt = Interrupt::watch()?;
    interrupt.after(options.budget);
    let spinner = spinner(options.manner.pace.quiet);
    let shrunk = shrink_schedule(
        &player,
        &repro.schedule,
        interrupt.stop_flag(),
        &mut |shorter, tries| {
            let actions = shorter.schedule.len();
            spinner.set_message(format!("{actions} actions, after {tries} tries"));
            spinner.tick();
            // What is left if somebody kills it; that it cannot be written is said at the end.
            let _ = save(&small, &repro, shorter);
        },
    );
    spinner.finish_and_clear();
    let shrunk = shrunk.map_err(|wrong| wrong_line(&file, &source.text, wrong))?;
    let Some(shrunk) = shrunk else {
        say!("{file}: the schedule does not show any violation");
        return Ok(Exit::NOT_REPRODUCED);
    };
    save(&small, &repro, &shrunk.after)?;
    tell(options, &shrunk, &small)?;
    match &shrunk.hang {
        Some(hang) => tell_hang(options, &repro, hang),
        None => Ok(interrupt.exit().unwrap_or(Exit::OK)),
    }
}

fn save(path: &Path, repro: &ScheduleRepro, played: &Played) -> Result<(), Exit> {
    let violation = played.violation.as_ref();
    let small = ScheduleRepro::of(&repro.scenario, &played.schedule, played.digest, violation);
    write_atomically(path, small.to_text(&played.schedule).as_bytes())?;
    Ok(())
}

/// Tells of a schedule that does not return, and keeps it.
fn tell_hang(options: &ShrinkArgs, repro: &ScheduleRepro, hang: &Played) -> Result<Exit, Exit> {
    let name = format!("{}-schedule-hang.repro.toml", repro.scenario.name);
    let path = options.out.join(name);
    save(&path, repro, hang)?;
    let message = hang.violation.as_ref().map_or("", |hang| &hang.message);
    let replay = replay_command(&program(), &path, None);
    if options.manner.format == Format::Json {
        let object = json!({ "violation": hang.violation, "repro": path.display().to_string(), "replay": replay });
        print(&format!("{object}\n"))?;
        return Ok(Exit::VIOLATION);
    }
    let styled = styled();
    print(&format!(
        "{}\n{}  repro     {}\n  replay    {replay}\n",
        styled.bad(&format!("VIOLATION hang: {message}")),
        schedule_lines(&words(hang), &[]),
        path.display()
    ))?;
    Ok(Exit::VIOLATION)
}

fn tell(options: &ShrinkArgs, shrunk: &ShrunkSchedule, path: &Path) -> Result<(), Exit> {
    let after = &shrunk.after;
    let violation = after.violation.as_ref();
    let replay = replay_command(&program(), path, None);
    if options.manner.format == Format::Json {
        let object = json!({
            "actions_before": shrunk.before,
            "actions_after": after.schedule.len(),
            "tries": shrunk.tries,
            "complete": shrunk.complete,
            "violation": violation,
            "repro": path.display().to_string(),
            "replay": replay,
        });
        return print(&format!("{object}\n"));
    }
    let styled = styled();
    let message = violation.map_or("", |violation| &violation.message);
    let end = if shrunk.hang.is_some() {
        "ended by a schedule that does not return"
    } else if shrunk.complete {
        "no action can be taken away"
    } else {
        "stopped by its time; a longer --for may take more away"
    };
    print(&format!(
        "{}\n  before    {} actions\n  after     {} actions\n  took      {} tries; {end}\n{}  repro     {}\n  replay    {replay} --trace\n",
        styled.bad(message),
        shrunk.before,
        after.schedule.len(),
        number(shrunk.tries),
        schedule_lines(&words(after), &[]),
        path.display(),
    ))
}

fn words(played: &Played) -> Vec<String> {
    played
        .schedule
        .iter()
        .map(|step| step.words.clone())
        .collect()
}
