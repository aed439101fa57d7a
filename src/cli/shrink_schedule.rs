//! `omnisim shrink` of a schedule: actions that the violation can do without go.

use serde_json::json;

use super::args::{Format, ShrinkArgs};
use super::interrupt::Interrupt;
use super::replay_schedule::player;
use super::run::colours;
use super::scenarios::print;
use super::shrink::{small_path, spinner};
use super::source::Source;
use super::system::choose;
use super::{Exit, program};
use crate::report::{
    ScheduleRepro, Styled, number, replay_command, schedule_lines, write_atomically, wrong_line,
};
use crate::search::{ShrunkSchedule, Systems, shrink_schedule};

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
    choose(systems, &options.tested, &mut source)?;
    repro.scenario = source.scenario.clone();
    let player = player(&source, systems)?;
    let interrupt = Interrupt::watch()?;
    interrupt.after(options.budget);
    let spinner = spinner(options.manner.quiet);
    let shrunk = shrink_schedule(
        &player,
        &repro.schedule,
        interrupt.stop_flag(),
        &mut |actions, tries| {
            spinner.set_message(format!("{actions} actions, after {tries} tries"));
            spinner.tick();
        },
    );
    spinner.finish_and_clear();
    let shrunk = shrunk.map_err(|wrong| wrong_line(&file, &source.text, wrong))?;
    let Some(shrunk) = shrunk else {
        say!("{file}: the schedule does not show any violation");
        return Ok(Exit::NOT_REPRODUCED);
    };
    tell(options, &repro, &shrunk)?;
    Ok(interrupt.exit().unwrap_or(Exit::OK))
}

fn tell(options: &ShrinkArgs, repro: &ScheduleRepro, shrunk: &ShrunkSchedule) -> Result<(), Exit> {
    let after = &shrunk.after;
    let violation = after.violation.as_ref();
    let small = ScheduleRepro::of(&repro.scenario, &after.schedule, after.digest, violation);
    let path = small_path(&options.out, &options.file);
    write_atomically(&path, small.to_text(&after.schedule).as_bytes())?;
    let replay = replay_command(&program(), &path, None);
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
    let styled = Styled { colours: colours() };
    let message = violation.map_or("", |violation| &violation.message);
    let end = if shrunk.complete {
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
        schedule_lines(&after.schedule, false),
        path.display(),
    ))
}
