//! Crashes around a write and errors in its place.

use omnipaxos::storage::{Storage, StorageOp};

use super::bench::{Bench, Held, Letter, ballot, held, letters};
use crate::replica::Outcome;
use crate::storage::{CrashPoint, DiskError, Fuse, Moment};
use crate::units::Time;

#[test]
fn a_crash_before_a_write_leaves_nothing_of_it() {
    let mut bench = Bench::durable();
    bench.arm(CrashPoint::Before, 0);
    let outcome = bench.handler(|disk| disk.append_entries(letters(&[1, 2])).unwrap());
    assert!(matches!(outcome, Outcome::Crashed));
    assert_eq!((bench.letters(), bench.io.writes()), (vec![], 0));
}

#[test]
fn a_crash_after_a_write_leaves_all_of_it_and_nothing_later() {
    let mut bench = Bench::durable();
    bench.arm(CrashPoint::After, 0);
    let outcome = bench.handler(|disk| {
        disk.append_entries(letters(&[1, 2])).unwrap();
        unreachable!("nothing happens after the crash");
    });
    assert!(matches!(outcome, Outcome::Crashed));
    assert_eq!((bench.letters(), bench.io.writes()), (letters(&[1, 2]), 1));
}

#[test]
fn a_crash_before_effects_lets_the_handler_finish_its_writes() {
    let mut bench = Bench::durable();
    bench.arm(CrashPoint::BeforeEffects, 0);
    let outcome = bench.handler(|disk| {
        disk.append_entry(Letter(1)).unwrap();
        disk.set_decided_idx(1).unwrap();
    });
    assert!(matches!(outcome, Outcome::Returned(())) && bench.io.is_doomed());
    assert_eq!((bench.letters(), bench.ledger.decided), (letters(&[1]), 1));
    bench.handler(|_| ());
    assert!(!bench.io.is_doomed(), "the next handler is another one");
}

#[test]
fn a_fuse_burns_across_handlers_and_strikes_once() {
    let mut bench = Bench::durable();
    bench.io.arm(Fuse {
        writes: 3,
        point: CrashPoint::Before,
        tear: 0,
    });
    let mut append = |letter| bench.handler(|disk| disk.append_entry(Letter(letter)).unwrap());
    let outcomes = [append(1), append(2), append(3), append(4)];
    let crashed = outcomes.map(|outcome| matches!(outcome, Outcome::Crashed));
    assert_eq!(crashed, [false, false, true, false]);
    assert_eq!(bench.letters(), letters(&[1, 2, 4]));
}

#[test]
fn a_torn_append_leaves_exactly_the_drawn_prefix() {
    for tear in 0..10 {
        let mut bench = Bench::durable();
        bench.arm(CrashPoint::Torn, tear);
        let outcome = bench.handler(|disk| disk.append_entries(letters(&[1, 2, 3, 4])).unwrap());
        assert!(matches!(outcome, Outcome::Crashed));
        assert_eq!(bench.letters(), letters(&[1, 2, 3, 4][..tear as usize % 4]));
        assert_eq!(bench.ledger.last(), tear % 4);
    }
}

#[test]
fn a_torn_overwrite_has_cut_the_log_before_it_appends() {
    let mut bench = Bench::durable();
    bench.handler(|disk| disk.append_entries(letters(&[1, 2, 3])).unwrap());
    bench.arm(CrashPoint::Torn, 1);
    bench.handler(|disk| disk.append_on_prefix(1, letters(&[8, 9])).unwrap());
    assert_eq!(
        (bench.letters(), bench.ledger.last()),
        (letters(&[1, 8]), 2)
    );
}

#[test]
fn an_atomic_write_is_all_or_nothing_at_every_crash_point() {
    for (point, all) in [
        (CrashPoint::Before, false),
        (CrashPoint::Torn, true),
        (CrashPoint::After, true),
        (CrashPoint::BeforeEffects, true),
    ] {
        for tear in 0..4 {
            let mut bench = Bench::durable();
            bench.arm(point, tear);
            bench.handler(|disk| {
                let ops = vec![
                    StorageOp::SetAcceptedRound(ballot(3)),
                    StorageOp::AppendEntries(letters(&[1, 2, 3])),
                    StorageOp::SetDecidedIndex(2),
                ];
                disk.write_atomically(ops).unwrap();
            });
            let Held {
                round,
                decided,
                entries,
                ..
            } = held(&bench.disk);
            let expected = if all {
                (Some(ballot(3)), 2, 3)
            } else {
                (None, 0, 0)
            };
            assert_eq!((round, decided, entries.len()), expected, "{point:?}");
            assert_eq!(
                (bench.ledger.decided, bench.ledger.last()),
                (expected.1 as u64, expected.2 as u64)
            );
        }
    }
}

#[test]
fn an_injected_error_strikes_its_call_and_writes_nothing() {
    let mut bench = Bench::durable();
    bench.io.arm_error(Moment::Write, 2);
    let mut results = Vec::new();
    bench.handler(|disk| {
        results.extend((1..=3).map(|letter| disk.append_entry(Letter(letter)).is_ok()));
    });
    assert!(bench.io.has_failed());
    assert_eq!(
        (results, bench.letters()),
        (vec![true, false, true], letters(&[1, 3]))
    );
    assert_eq!((bench.io.writes(), bench.ledger.last()), (2, 2));
}

#[test]
fn a_read_error_strikes_reads_alone() {
    let mut bench = Bench::durable();
    bench.io.arm_error(Moment::Read, 1);
    bench.handler(|disk| disk.append_entry(Letter(1)).unwrap());
    let error = bench.disk.get_log_len().unwrap_err();
    assert!(error.is::<DiskError>(), "{error}");
    assert_eq!(bench.letters(), letters(&[1]));
}

#[test]
fn what_was_armed_is_taken_back_when_the_replica_is_down() {
    let mut bench = Bench::durable();
    bench.arm(CrashPoint::Before, 0);
    bench.io.arm_error(Moment::Write, 1);
    bench.io.disarm();
    let outcome = bench.handler(|disk| disk.append_entry(Letter(1)).unwrap());
    assert!(matches!(outcome, Outcome::Returned(())));
}

#[test]
fn each_write_takes_its_time_and_each_handler_begins_anew() {
    let mut bench = Bench::durable();
    bench.io.set_latency(Time::from_micros(20).0);
    bench.handler(|disk| {
        disk.set_promise(ballot(1)).unwrap();
        disk.append_entries(letters(&[1, 2, 3])).unwrap();
    });
    assert_eq!(
        (bench.io.elapsed(), bench.io.writes()),
        (Time::from_micros(40).0, 2)
    );
    bench.handler(|_| ());
    assert_eq!(
        (bench.io.elapsed(), bench.io.writes()),
        (Time::default().0, 0)
    );
}
