//! A fault in the words of a trace.

use std::fmt;

use simulated_clock::Duration;

use super::Fault;

impl Fault {
    /// What happens, for people. The words of its `Display` are those that the digest of a run
    /// folds: they stay as they are, nanoseconds included.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::ClockStep { target, by_ns } => {
                format!("step the clock of {target} by {}", Signed(*by_ns))
            }
            Self::ClockLie { target, by_ns } => {
                format!("let the clock of {target} lie by {}", Signed(*by_ns))
            }
            other => other.to_string(),
        }
    }
}

/// A duration in either direction, as scenarios write them.
struct Signed(i64);

impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", Duration::from_nanos(self.0.unsigned_abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Target;
    use super::*;

    #[test]
    fn a_clock_is_said_to_be_moved_by_a_duration_in_either_direction() {
        let told = |by_ns| {
            let target = Target::Replica(2);
            Fault::ClockStep { target, by_ns }.told()
        };
        let (back, on) = (told(-1_500_000), told(2_000_000_000));
        assert!(back.ends_with("by -1.500ms"), "{back}");
        assert!(on.ends_with("by 2s"), "{on}");
    }
}
