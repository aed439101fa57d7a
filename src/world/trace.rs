//! A line per step, for those who look.

use std::fmt;

use simulated_clock::Instant;

/// One line of an annotated trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceLine {
    /// When.
    pub at: Instant,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
}

impl fmt::Display for TraceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.at.as_nanos();
        let (seconds, micros) = (nanos / 1_000_000_000, nanos / 1_000 % 1_000_000);
        write!(
            f,
            "{seconds:>5}.{micros:06}s  {:<8} {}",
            self.who, self.what
        )
    }
}

/// Collects the lines of a run.
#[derive(Debug)]
pub(super) struct Tracer {
    /// Whether messages that are sent all the time are shown.
    pub(super) with_routine: bool,
    lines: Vec<TraceLine>,
}

impl Tracer {
    pub(super) fn new(with_routine: bool) -> Self {
        Self {
            with_routine,
            lines: Vec::new(),
        }
    }

    pub(super) fn line(&mut self, at: Instant, who: impl fmt::Display, what: impl fmt::Display) {
        self.lines.push(TraceLine {
            at,
            who: who.to_string(),
            what: what.to_string(),
        });
    }

    pub(super) fn into_lines(self) -> Vec<TraceLine> {
        self.lines
    }
}
