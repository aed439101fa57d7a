//! What is left of a failing run when it was shrunk.

use crate::report::{Shrunken, counted};

/// What [`cells`] are.
pub(super) const HEAD: [&str; 3] = ["faults", "operations", "lines"];

/// The cells of a table.
pub(super) fn cells(shrunken: &Shrunken) -> [String; 3] {
    [shrunken.faults, shrunken.operations, shrunken.trace_lines].map(|number| number.to_string())
}

/// The medians over many runs; nothing of none.
pub(super) fn summary(all: &[&Shrunken]) -> String {
    let median = |number: fn(&Shrunken) -> u64| {
        let mut numbers: Vec<_> = all.iter().map(|shrunken| number(shrunken)).collect();
        numbers.sort_unstable();
        numbers.get(all.len() / 2).copied()
    };
    let medians = [median(|one| one.faults), median(|one| one.operations)];
    let ([Some(faults), Some(operations)], Some(lines)) = (medians, median(|one| one.trace_lines))
    else {
        return String::new();
    };
    let count = |is: fn(&Shrunken) -> bool| all.iter().filter(|shrunken| is(shrunken)).count();
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
            summary(&all),
            "shrunken, in the median: 1 fault, 2 operations, 30 lines of trace; 2 of 3 replay \
             exactly, 3 could be taken no further\n"
        );
        assert_eq!(summary(&[]), "");
    }
}
