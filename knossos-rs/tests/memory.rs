//! The memory limit, held against what the allocator counts. One test, as the counter is global.

use knossos::{Limits, Model, Operation, Reason, Verdict, check};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// A sum to which numbers are added; a model that tells nothing about its operations, so
/// every subset of the numbers is tried.
struct Sum;

impl Model for Sum {
    type Input = u64;
    type Output = Option<u64>;
    type State = u64;

    fn initial(&self) -> u64 {
        0
    }

    fn step(&self, state: &u64, add: &u64, seen: Option<&Option<u64>>) -> Option<u64> {
        let sum = state + add;
        seen.copied()
            .flatten()
            .is_none_or(|seen| seen == sum)
            .then_some(sum)
    }

    fn describe(&self, add: &u64, seen: Option<&Option<u64>>) -> String {
        format!("add {add}: {seen:?}")
    }
}

#[test]
fn a_search_stays_within_its_memory_and_makes_use_of_it() {
    let mut history: Vec<_> = (0..26)
        .map(|bit| Operation::completed(bit, 1 << bit, None, 0, 10))
        .collect();
    // No subset of the numbers has this sum.
    history.push(Operation::completed(99, 0, Some(1 << 40), 20, 30));
    for megabytes in [2, 8, 30] {
        let limit = megabytes * 1_000_000;
        let limits = Limits {
            memory_bytes: Some(limit),
            ..Limits::none()
        };
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let report = check(&Sum, &history, None, &limits);
        let used = ALLOCATOR.peak_usage() - before;
        let Verdict::Unknown { reason, progress } = report.verdict else {
            panic!("{report:?}");
        };
        assert_eq!(reason, Reason::Memory);
        assert_eq!((progress.operations_ordered, progress.operations), (26, 27));
        assert!(used <= limit / 10 * 11, "{used} bytes of {limit}");
        assert!(used >= limit / 10 * 7, "{used} bytes of {limit}");
    }
}
