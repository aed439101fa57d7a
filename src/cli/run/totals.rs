//! What many runs of a scenario add up to.

use crate::report::{counted, number};
use crate::world::Outcome;

/// Sums over runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    events: u64,
    operations: u64,
    faults: u64,
    leader_changes: u64,
    simulated_ns: u64,
    wall_ns: u64,
    longest_unavailability: f64,
    /// Runs that were made twice.
    pub(super) twice: u64,
    /// Those of them that took other steps, or were judged otherwise, the second time.
    pub(super) diverged: u64,
}

impl Totals {
    /// Adds one run, made once or twice.
    pub(super) fn add(&mut self, outcome: &Outcome, wall_ns: u64, twice: bool) {
        self.events += outcome.events;
        self.operations += outcome.operations.ok;
        self.faults += outcome.faults.values().sum::<u64>();
        self.leader_changes += outcome.leader_changes;
        self.simulated_ns += outcome.ended.as_nanos();
        self.wall_ns += wall_ns;
        self.twice += u64::from(twice);
        let timeouts = outcome.unavailability.as_nanos() as f64
            / outcome.election_timeout.as_nanos().max(1) as f64;
        self.longest_unavailability = self.longest_unavailability.max(timeouts);
    }

    /// All of it, for the end of a scenario's line.
    pub(super) fn line(&self, seeds: u64) -> String {
        format!(
            "({}{}, {}, {}, {}, unavailable up to {:.1} election timeouts, {}, {} times real time per core)",
            counted(seeds, "seed"),
            self.made_twice(seeds),
            counted(self.operations, "operation"),
            counted(self.faults, "fault"),
            counted(self.leader_changes, "leader change"),
            self.longest_unavailability,
            counted(self.simulated_ns / 1_000_000_000, "simulated second"),
            number(self.simulated_ns / self.wall_ns.max(1)),
        )
    }

    fn made_twice(&self, seeds: u64) -> String {
        match self.twice {
            // Said of all together, at the end.
            twice if twice < seeds || self.diverged > 0 => String::new(),
            _ => ", each run twice with the same steps".to_owned(),
        }
    }

    /// How many of the runs that were made twice differ.
    pub(super) fn differing(&self) -> String {
        format!(
            ": {} of {} that ran twice differ",
            number(self.diverged),
            counted(self.twice, "seed")
        )
    }
}
