use super::super::testing::names_only;
use super::*;

/// Entry i is request i of client 1, and its result is 10 i.
struct Log {
    last: u64,
    reads: bool,
    twice: bool,
}

const LOG: Log = Log {
    last: 3,
    reads: true,
    twice: false,
};

impl WitnessLog for Log {
    fn executed_at(&self, request: RequestId) -> Option<u64> {
        (request.client == 1 && request.sequence <= self.last).then_some(request.sequence)
    }

    fn executed_twice(&self) -> bool {
        self.twice
    }

    fn reply(&self, _: RequestId, position: Position) -> Option<u64> {
        match position {
            Position::At(index) => (index <= self.last).then_some(10 * index),
            Position::After(index) => self.reads.then_some(10 * index),
        }
    }
}

fn write(sequence: u64, call: u64, ret: u64) -> WitnessOp {
    WitnessOp {
        client: 1,
        sequence,
        call,
        ret: Some(ret),
        position: Some(Position::At(sequence)),
        reply: 10 * sequence,
    }
}

fn read(sequence: u64, after: u64, call: u64, ret: u64) -> WitnessOp {
    WitnessOp {
        client: 2,
        position: Some(Position::After(after)),
        reply: 10 * after,
        ..write(sequence, call, ret)
    }
}

fn unknown(op: WitnessOp) -> WitnessOp {
    WitnessOp {
        ret: None,
        position: None,
        ..op
    }
}

#[track_caller]
fn inconsistent(ops: &[WitnessOp], words: &str) {
    let Witnessed::Inconsistent {
        reason, requests, ..
    } = witness(ops, &LOG, true)
    else {
        panic!("a wrong history went unnoticed");
    };
    assert!(reason.contains(words), "{reason}");
    assert!(!requests.is_empty(), "{reason}");
    assert!(names_only(&reason, &requests), "{reason}: {requests:?}");
}

#[test]
fn against_real_time_is_an_order_where_nobody_demands_that_it_keeps_it() {
    let ops = [write(2, 0, 1), write(1, 5, 6)];
    assert!(matches!(
        witness(&ops, &LOG, true),
        Witnessed::Inconsistent { .. }
    ));
    assert_eq!(witness(&ops, &LOG, false), Witnessed::Consistent);
    let twice = [write(1, 0, 1), write(1, 5, 6)];
    assert!(
        matches!(witness(&twice, &LOG, false), Witnessed::Inconsistent { .. }),
        "one place"
    );
}

#[test]
fn a_log_in_real_time_with_its_own_results_is_consistent() {
    let ops = [
        write(2, 0, 9),
        write(1, 1, 5),
        read(1, 1, 6, 8),
        read(2, 1, 2, 3),
        write(3, 10, 11),
        read(3, 3, 12, 13),
    ];
    assert_eq!(witness(&ops, &LOG, true), Witnessed::Consistent);
    assert_eq!(witness(&[], &LOG, true), Witnessed::Consistent);
}

#[test]
fn equal_end_and_start_are_concurrent() {
    let ops = [write(2, 0, 5), write(1, 5, 6)];
    assert_eq!(witness(&ops, &LOG, true), Witnessed::Consistent);
    inconsistent(
        &[write(2, 0, 4), write(1, 5, 6)],
        "request 1 of client 1 stands at index 1 and was called after request 2 of client 1",
    );
}

#[test]
fn a_stale_read_is_out_of_order() {
    inconsistent(&[write(2, 0, 4), read(1, 1, 5, 6)], "stands after index 1");
    inconsistent(&[read(1, 2, 0, 4), write(2, 5, 6)], "stands at index 2");
}

#[test]
fn an_early_return_is_not_forgotten_for_a_later_one() {
    inconsistent(
        &[write(3, 0, 1), write(1, 0, 2), write(2, 5, 6)],
        "stands at index 3",
    );
}

#[test]
fn a_wrong_result_or_a_wrong_place_is_inconsistent() {
    let wrong = WitnessOp {
        reply: 11,
        ..write(1, 0, 1)
    };
    inconsistent(&[wrong], "another result than the log gives at index 1");
    let elsewhere = WitnessOp {
        position: Some(Position::At(3)),
        ..write(2, 0, 1)
    };
    inconsistent(&[elsewhere], "from index 3, but was executed at index 2");
    let never = WitnessOp {
        client: 5,
        ..write(2, 0, 1)
    };
    inconsistent(&[never], "was never executed");
}

#[test]
fn an_operation_of_unknown_outcome_counts_only_if_it_was_executed() {
    let never = unknown(write(9, 0, 0));
    assert_eq!(
        witness(&[never, write(1, 5, 6)], &LOG, true),
        Witnessed::Consistent
    );
    let before_its_call = unknown(write(1, 5, 0));
    inconsistent(
        &[write(2, 0, 4), before_its_call],
        "request 1 of client 1 stands at index 1",
    );
}

#[test]
fn what_the_log_cannot_tell_is_not_applicable_unless_something_is_wrong() {
    let no_reads = Log {
        reads: false,
        ..LOG
    };
    let ops = [read(1, 1, 0, 1), write(2, 2, 3)];
    assert!(matches!(
        witness(&ops, &no_reads, true),
        Witnessed::NotApplicable(_)
    ));
    let stale = [write(2, 0, 4), read(1, 1, 5, 6)];
    assert!(
        matches!(
            witness(&stale, &no_reads, true),
            Witnessed::Inconsistent { .. }
        ),
        "where it stands can be judged without its result"
    );
    let silent = WitnessOp {
        position: None,
        ..write(1, 0, 1)
    };
    assert!(matches!(
        witness(&[silent], &LOG, true),
        Witnessed::NotApplicable(_)
    ));
    let twice = Log { twice: true, ..LOG };
    assert!(matches!(
        witness(&[write(1, 0, 1)], &twice, true),
        Witnessed::NotApplicable(_)
    ));
    let ops = [write(2, 0, 4), write(1, 5, 6), silent];
    assert!(matches!(
        witness(&ops, &LOG, true),
        Witnessed::Inconsistent { .. }
    ));
}

#[test]
fn two_operations_at_one_index_are_inconsistent() {
    let mut ops = [write(1, 0, 1), write(1, 0, 1)];
    ops[1].call = 1;
    inconsistent(&ops, "both stand at index 1");
}
