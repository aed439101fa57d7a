//! What a person reads of something that was made smaller.

use super::model::schedule_lines;
use crate::report::{RunSizes, ScheduleSizes, ShrinkReport, Sizes, SlipReport, number};
use crate::reporters::Styled;

/// The lines that `shrink` prints.
pub(super) fn shrink_summary(shrunk: &ShrinkReport, styled: Styled) -> String {
    let mut text = format!("{}\n", styled.bad(&shrunk.violation.message));
    text.push_str(&match &shrunk.sizes {
        Sizes::Run(sizes) => run(shrunk, sizes),
        Sizes::Schedule(sizes) => schedule(shrunk, sizes),
    });
    text.push_str(&format!(
        "  repro     {}\n  replay    {} --trace\n",
        shrunk.repro, shrunk.replay
    ));
    for slip in &shrunk.slips {
        text.push_str(&if slip.schedule.is_empty() {
            let (signature, repro) = (&slip.signature, &slip.repro);
            format!("  met       another violation, {signature}: {repro}\n")
        } else {
            another_schedule(slip, styled)
        });
    }
    text
}

fn run(shrunk: &ShrinkReport, sizes: &RunSizes) -> String {
    let end = if shrunk.complete {
        "nothing more can be taken away"
    } else {
        "stopped before its end; a longer --for may take more away"
    };
    format!(
        "  before    {}\n  after     {}\n  took      {} runs; {end}\n",
        sizes.before(),
        sizes.after(),
        number(sizes.runs),
    )
}

fn schedule(shrunk: &ShrinkReport, sizes: &ScheduleSizes) -> String {
    let end = if shrunk.hang().is_some() {
        "ended by a schedule that does not return"
    } else if shrunk.complete {
        "no action can be taken away"
    } else {
        "stopped by its time; a longer --for may take more away"
    };
    format!(
        "  before    {} actions\n  after     {} actions\n  took      {} tries; {end}\n{}",
        sizes.actions_before,
        sizes.actions_after,
        number(sizes.tries),
        schedule_lines(&sizes.schedule, &[]),
    )
}

fn another_schedule(slip: &SlipReport, styled: Styled) -> String {
    let broken = format!("VIOLATION {}: {}", slip.check, slip.message);
    format!(
        "{}\n{}  repro     {}\n  replay    {}\n",
        styled.bad(&broken),
        schedule_lines(&slip.schedule, &[]),
        slip.repro,
        slip.replay,
    )
}
