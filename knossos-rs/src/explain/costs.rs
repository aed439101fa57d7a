//! What explaining may cost.

use crate::limits::Meter;

/// What finding the moment may cost, in steps for each operation and in any case; and what
/// finding the contradiction may cost, likewise.
const STEPS_PER_OPERATION: u64 = 40;
const STEPS_BASE: u64 = 20_000;

/// What finding the moment may cost beside that, in any case, as a multiple of what deciding cost,
/// and at most: to see that the prefix which ends with the culprit is impossible is about as
/// hard as to decide the whole history, and others have to be looked at until it is found.
const STEPS_OF_MOMENT: u64 = 200_000;
const TIMES_DECIDED: u64 = 16;
const STEPS_OF_MOMENT_MAX: u64 = 10_000_000;

/// What each of them may hold: a step can be to a state as large as the history.
pub(super) const BYTES_MAX: usize = 256 << 20;

/// What looking among so many operations may cost, in steps.
pub(super) fn steps_for(operations: usize) -> u64 {
    STEPS_BASE + STEPS_PER_OPERATION * operations as u64
}

/// A meter for looking among so many operations.
pub(super) fn aside(meter: &Meter, operations: usize) -> Meter {
    meter.aside_within(steps_for(operations), BYTES_MAX)
}

/// A meter for looking for the moment among so many operations; `meter` is that of the decision.
pub(super) fn aside_for_moment(meter: &Meter, operations: usize) -> Meter {
    let as_decided = meter.steps().saturating_mul(TIMES_DECIDED);
    let more = as_decided.clamp(STEPS_OF_MOMENT, STEPS_OF_MOMENT_MAX);
    let steps = steps_for(operations) + more;
    meter.aside_within(steps, BYTES_MAX)
}
