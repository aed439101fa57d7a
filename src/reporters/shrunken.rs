//! What is left of a failing run when it was shrunk.

use serde::Serialize;

use crate::report::counted;

/// How small a failing run became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shrunken {
    /// How many faults begin in it.
    pub faults: u64,
    /// How many operations clients issue.
    pub operations: u64,
    /// How many replicas there are.
    pub replicas: u64,
    /// How many events there were before.
    pub events_before: u64,
    /// How many events there are.
    pub events: u64,
    /// The lines of its trace, as `replay --trace` prints them.
    pub trace_lines: u64,
    /// How many runs it took.
    pub runs: u64,
    /// Whether nothing more could be taken away; otherwise its time was over.
    pub complete: bool,
    /// Whether the run as it was and the smaller one, read from their repro files, take
    /// the same steps again and violate the same.
    pub replays: bool,
}

impl Shrunken {
    /// What [`Self::cells`] are.
    pub const HEAD: [&'static str; 3] = ["faults", "operations", "lines"];

    /// The cells of a table.
    pub fn cells(&self) -> [String; 3] {
        [self.faults, self.operations, self.trace_lines].map(|number| number.to_string())
    }

    /// The medians over many runs; nothing of none.
    pub fn summary(all: &[&Self]) -> String {
        let median = |number: fn(&Self) -> u64| {
            let mut numbers: Vec<_> = all.iter().map(|shrunken| number(shrunken)).collect();
            numbers.sort_unstable();
            numbers.get(all.len() / 2).copied()
        };
        let medians = [median(|one| one.faults), median(|one| one.operations)];
        let ([Some(faults), Some(operations)], Some(lines)) =
            (medians, median(|one| one.trace_lines))
        else {
            return String::new();
        };
        let count = |is: fn(&Self) -> bool| all.iter().filter(|shrunken| is(shrunken)).count();
        format!(
            "shrunken, in the median: {}, {}, {} of \
             trace; {} of {} replay exactly, {} could be taken no further\n",
            counted(faults, "fault"),
            counted(operations, "operation"),
            counted(lines, "line"),
            count(|one| one.replays),
            all.len(),
            count(|one| one.complete),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_of_each_number_by_itself() {
        let of = |faults, trace_lines, replays| Shrunken {
            faults,
            operations: 2,
            replicas: 3,
            events_before: 1_000,
            events: 10,
            trace_lines,
            runs: 7,
            complete: true,
            replays,
        };
        let all = [of(0, 90, true), of(5, 20, true), of(1, 30, false)];
        let all: Vec<_> = all.iter().collect();
        assert_eq!(
            Shrunken::summary(&all),
            "shrunken, in the median: 1 fault, 2 operations, 30 lines of trace; 2 of 3 replay \
             exactly, 3 could be taken no further\n"
        );
        assert_eq!(Shrunken::summary(&[]), "");
    }
}
