//! What faults struck: in which phase of the protocol, and over which messages.
//!
//! A hunt that says "nothing found" says with it where it looked.

use std::collections::BTreeMap;
use std::fmt;

use super::FaultKind;

/// What the cluster was doing when a fault began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Nobody leads.
    #[default]
    NoLeader,
    /// Somebody prepares to lead, and synchronises logs.
    Electing,
    /// A leader replicates.
    Leading,
}

impl Moment {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::NoLeader, Self::Electing, Self::Leading];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoLeader => "no leader",
            Self::Electing => "electing",
            Self::Leading => "leading",
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How often each kind of fault began at each moment, while each kind of message
/// was under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(BTreeMap<(FaultKind, Moment, &'static str), u64>);

/// Stands for the kind of message where none was under way.
pub const NO_MESSAGE: &str = "none";

impl Coverage {
    /// A fault begins.
    pub fn count(
        &mut self,
        fault: FaultKind,
        moment: Moment,
        messages: impl IntoIterator<Item = &'static str>,
    ) {
        let mut any = false;
        for message in messages {
            any = true;
            *self.0.entry((fault, moment, message)).or_default() += 1;
        }
        if !any {
            *self.0.entry((fault, moment, NO_MESSAGE)).or_default() += 1;
        }
    }

    /// Every place that was struck, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (FaultKind, Moment, &'static str, u64)> {
        self.0
            .iter()
            .map(|((fault, moment, message), count)| (*fault, *moment, *message, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_counts_for_every_kind_of_message_under_way_or_for_none() {
        let mut coverage = Coverage::default();
        coverage.count(FaultKind::Crash, Moment::Leading, ["Promise", "Accepted"]);
        coverage.count(FaultKind::Crash, Moment::Leading, ["Promise"]);
        coverage.count(FaultKind::Cut, Moment::NoLeader, []);
        let all: Vec<_> = coverage.iter().collect();
        assert_eq!(
            all,
            [
                (FaultKind::Cut, Moment::NoLeader, NO_MESSAGE, 1),
                (FaultKind::Crash, Moment::Leading, "Accepted", 1),
                (FaultKind::Crash, Moment::Leading, "Promise", 2),
            ]
        );
    }
}
