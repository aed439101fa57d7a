//! How much a check may spend, and the meter that counts it.
//!
//! Deciding linearizability is NP-complete (Gibbons and Korach, "Testing shared memories",
//! 1997), so every check can be bounded; one that runs out answers "unknown", never "pass".
//! Steps and bytes are deterministic, time is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::deadline::Deadline;
use crate::report::Reason;
use crate::stop::StopFlag;

/// What a check may spend; `None` is no limit.
///
/// ```
/// use knossos::Limits;
///
/// let limits = Limits { steps: Some(1_000_000), ..Limits::none() };
/// assert_eq!(limits.time, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Calls of [`crate::Model::step`]; deterministic.
    pub steps: Option<u64>,
    /// Bytes for what the search remembers; deterministic, and an estimate.
    pub memory_bytes: Option<usize>,
    /// Wall-clock time; the one limit whose effect differs between runs.
    pub time: Option<Duration>,
    /// Set by somebody else when the check is to end: it then answers as if its time were over.
    pub stop: Option<StopFlag>,
}

impl Limits {
    /// No limit at all.
    #[must_use]
    pub fn none() -> Limits {
        Limits::default()
    }
}

/// Counts what one check, or one part of it, has spent.
#[derive(Clone)]
pub(crate) struct Meter {
    steps: u64,
    steps_max: u64,
    memory_bytes_max: usize,
    deadline: Deadline,
    /// Set when somebody else has the answer.
    stop: Option<Arc<AtomicBool>>,
    /// Set when nobody wants the answer any more.
    unwanted: Option<StopFlag>,
}

impl Meter {
    /// A meter that starts now.
    pub(crate) fn start(limits: &Limits) -> Meter {
        Meter {
            steps: 0,
            steps_max: limits.steps.unwrap_or(u64::MAX),
            memory_bytes_max: limits.memory_bytes.unwrap_or(usize::MAX),
            deadline: Deadline::after(limits.time),
            stop: None,
            unwanted: limits.stop.clone(),
        }
    }

    /// A meter whose time is over after so many looks at the clock; in the end, the number is how
    /// many looks were left, or how many too many there were.
    #[cfg(test)]
    pub(crate) fn until_looks(looks: &Arc<std::sync::atomic::AtomicI64>) -> Meter {
        Meter {
            deadline: Deadline::AfterLooks(Arc::clone(looks)),
            ..Meter::start(&Limits::none())
        }
    }

    /// A meter for a side question: its own steps, the same deadline and memory.
    pub(crate) fn aside(&self, steps_max: u64) -> Meter {
        Meter {
            steps: 0,
            steps_max,
            ..self.clone()
        }
    }

    /// The same, for a question that is worth so many bytes at most.
    pub(crate) fn aside_within(&self, steps_max: u64, memory_bytes: usize) -> Meter {
        Meter {
            memory_bytes_max: self.memory_bytes_max.min(memory_bytes),
            ..self.aside(steps_max)
        }
    }

    /// A meter with the same limits that also runs out when it is stopped.
    pub(crate) fn stopped_by(&self, stop: &Arc<AtomicBool>) -> Meter {
        Meter {
            steps: 0,
            steps_max: self.left(),
            stop: Some(Arc::clone(stop)),
            ..self.clone()
        }
    }

    /// Takes back steps that were counted and not taken.
    pub(crate) fn give_back(&mut self, steps: u64) {
        self.steps -= steps;
    }

    /// Bytes left when so many are in use.
    pub(crate) fn memory_left(&self, bytes: usize) -> usize {
        self.memory_bytes_max.saturating_sub(bytes)
    }

    /// Steps counted so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// Counts one step.
    pub(crate) fn step(&mut self) {
        self.steps += 1;
    }

    /// Counts steps that were counted elsewhere.
    pub(crate) fn spend(&mut self, steps: u64) {
        self.steps = self.steps.saturating_add(steps);
    }

    /// Steps left.
    pub(crate) fn left(&self) -> u64 {
        self.steps_max.saturating_sub(self.steps)
    }

    /// Whether the steps are used up.
    pub(crate) fn is_out_of_steps(&self) -> bool {
        self.steps >= self.steps_max
    }

    fn is_stopped(&self) -> bool {
        let stop = self.stop.as_ref();
        let unwanted = self.unwanted.as_ref();
        // Looked at in any case: that shows that the check is alive.
        unwanted.is_some_and(StopFlag::is_set)
            || stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// What has run out, given the bytes in use. Looks at the clock, so ask it rarely.
    pub(crate) fn ran_out(&self, memory_bytes: usize) -> Option<Reason> {
        if self.is_out_of_steps() {
            Some(Reason::Steps)
        } else if memory_bytes > self.memory_bytes_max {
            Some(Reason::Memory)
        } else if self.deadline.has_passed() || self.is_stopped() {
            Some(Reason::Time)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_runs_out_at_its_limit_and_not_before() {
        let mut meter = Meter::start(&Limits {
            steps: Some(2),
            memory_bytes: Some(8),
            ..Limits::none()
        });
        assert_eq!(meter.ran_out(8), None);
        assert_eq!(meter.ran_out(9), Some(Reason::Memory));
        meter.step();
        assert_eq!(meter.ran_out(0), None);
        meter.step();
        assert_eq!(meter.ran_out(0), Some(Reason::Steps));
    }

    #[test]
    fn a_meter_that_is_stopped_runs_out_and_counts_its_looks() {
        let stop = StopFlag::default();
        let meter = Meter::start(&Limits {
            stop: Some(stop.clone()),
            ..Limits::none()
        });
        let aside = meter.aside(10).stopped_by(&Arc::default());
        assert_eq!((meter.ran_out(0), aside.ran_out(0)), (None, None));
        assert_eq!(stop.looks(), 2);
        stop.set();
        let time = Some(Reason::Time);
        assert_eq!((meter.ran_out(0), aside.ran_out(0)), (time, time));
    }

    #[test]
    fn no_time_at_all_is_over_at_once() {
        let meter = Meter::start(&Limits {
            time: Some(Duration::ZERO),
            ..Limits::none()
        });
        assert_eq!(meter.ran_out(0), Some(Reason::Time));
    }
}
