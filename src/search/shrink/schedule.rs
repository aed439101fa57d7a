//! Shrinking a schedule: actions are taken away as long as the same violation comes.
//!
//! What was done by the actions that are taken away is missing afterwards, so that
//! others may be impossible; they go, too.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::chunks;
use super::signature::Signature;
use super::{ShrinkError, Wanted};
use crate::check::HANG;
use crate::explore::{Played, Player};
use crate::search::ReplayError;

/// A shrunken schedule.
#[derive(Clone, Debug)]
pub(super) struct ShrunkSchedule {
    /// How many actions there were.
    pub(super) before: usize,
    /// The shortest schedule that was found, and what it breaks.
    pub(super) after: Played,
    /// How many schedules were tried.
    pub(super) tries: u64,
    /// Whether no single action can be taken away; otherwise it was stopped.
    pub(super) complete: bool,
    /// A schedule that was tried and does not return; nothing was tried after it.
    pub(super) hang: Option<Played>,
}

/// Shrinks a schedule that breaks something; `progress` hears of every shorter one, after how
/// many tries.
///
/// # Errors
/// When it breaks nothing, or something else than its repro tells of, or a line of it is none.
pub(super) fn shrink_schedule(
    player: &Player,
    lines: &[String],
    wanted: Wanted<'_>,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&Played, u64),
) -> Result<ShrunkSchedule, ShrinkError> {
    let first = player.play(lines);
    let first = first.map_err(|(line, message)| ReplayError::Line { line, message })?;
    let wanted = wanted.of(first.violation.as_slice(), "schedule")?;
    let (before, mut after, mut tries) = (first.schedule.len(), first, 1);
    let (mut complete, mut hang) = (false, hangs(&after).then(|| after.clone()));
    while !complete && hang.is_none() && !stop.load(Ordering::Relaxed) {
        let length = after.schedule.len();
        let lines = lines_of(&after);
        let mut shortest = after.clone();
        chunks::take_away(lines, 1, |mut candidates| {
            let candidate = candidates.pop().expect("one is tried at a time");
            if stop.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            tries += 1;
            let played = player
                .play(&candidate)
                .expect("these lines were read before");
            if hangs(&played) {
                hang = Some(played);
                return ControlFlow::Break(());
            }
            let violation = played.violation.as_ref();
            if violation.map(Signature::of).as_ref() != Some(&wanted) {
                return ControlFlow::Continue(None);
            }
            if played.schedule.len() < shortest.schedule.len() {
                progress(&played, tries);
                shortest = played;
            }
            ControlFlow::Continue(Some(0))
        });
        after = shortest;
        let is_over = hang.is_none() && !stop.load(Ordering::Relaxed);
        complete = after.schedule.len() == length && is_over;
    }
    Ok(ShrunkSchedule {
        before,
        after,
        tries,
        complete,
        hang,
    })
}

/// Whether code under test did not return, and takes no other schedule.
fn hangs(played: &Played) -> bool {
    let violation = played.violation.as_ref();
    violation.is_some_and(|violation| violation.check == HANG)
}

fn lines_of(played: &Played) -> Vec<String> {
    let lines = played.schedule.iter().map(|step| step.line.clone());
    lines.collect()
}
