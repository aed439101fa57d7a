//! What a check costs, in steps, and that it keeps to its limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::super::check_level;
use super::*;
use crate::consistency::order::Order;
use crate::consistency::order::rules::clauses;
use crate::limits::Meter;
use crate::watch::Watch;
use crate::{Reason, Report};

/// A log of writes by many clients; every client reads it in order, some way behind.
fn lagging(length: u64, clients: u64) -> Vec<KvOperation> {
    let mut history = Vec::new();
    for place in 0..length {
        let client = place % clients;
        history.push(put(client, "x", &place.to_string(), place * 10));
        let seen = place.saturating_sub(clients + client).to_string();
        history.push(get(client + clients, "x", &seen, place * 10 + 5));
    }
    history
}

fn report(history: &[KvOperation], level: Consistency, limits: &Limits) -> Report {
    check_consistency(&KeyValue, history, level, limits)
}

#[test]
fn a_long_stale_history_keeps_the_guarantees_of_its_sessions_without_a_search() {
    let history = lagging(20_000, 16);
    for level in sessions().chain([staleness(400)]) {
        let report = report(&history, level, &Limits::none());
        assert_eq!(report.verdict, Verdict::Consistent, "{level:?}");
        assert_eq!(report.steps, 0);
    }
    let Verdict::Violation(violation) = verdict(&history, staleness(200)) else {
        panic!("some lag by 310 ns");
    };
    assert!(violation.excerpt_suffices);
}

#[test]
fn a_long_stale_history_is_sequential_at_about_one_step_for_each_operation() {
    let history = lagging(2_000, 16);
    let report = report(&history, Consistency::Sequential, &Limits::none());
    assert_eq!(report.verdict, Verdict::Consistent);
    assert!(report.steps < 40_000, "{} steps", report.steps);
}

#[test]
fn steps_and_memory_run_out_into_unknown() {
    let history = lagging(2_000, 16);
    let steps = Limits {
        steps: Some(100),
        ..Limits::none()
    };
    let memory = Limits {
        memory_bytes: Some(10_000),
        ..Limits::none()
    };
    for (limits, expected) in [(steps, Reason::Steps), (memory, Reason::Memory)] {
        match report(&history, Consistency::Sequential, &limits).verdict {
            Verdict::Unknown { reason, .. } => assert_eq!(reason, expected),
            other => panic!("{other:?}"),
        }
    }
}

/// More looks than any of these checks takes.
const PLENTY: i64 = 1 << 40;

/// The verdict when time is over after so many looks at the clock, and how many looks there were
/// after that.
fn after_looks(history: &[KvOperation], level: Consistency, looks: i64) -> (Verdict, i64) {
    let left = Arc::new(AtomicI64::new(looks));
    let report = check_level(&KeyValue, history, level, Meter::until_looks(&left));
    (report.verdict, -left.load(Ordering::Relaxed))
}

/// Whenever time is over, of all the looks that it takes, at so many of them.
fn assert_ends_when_time_is_over(history: &[KvOperation], level: Consistency, all: i64, at: usize) {
    for looks in (0..all).step_by((all as usize / at).max(1)) {
        let (verdict, late) = after_looks(history, level, looks);
        assert!(late <= 3, "{late} looks when time was over after {looks}");
        let Verdict::Unknown { reason, .. } = verdict else {
            panic!("{level:?}: {verdict:?} when time was over after {looks} looks");
        };
        assert_eq!(reason, Reason::Time);
    }
}

#[test]
fn every_guarantee_ends_when_time_is_over() {
    let history = lagging(10_000, 16);
    for level in sessions().chain([staleness(400)]) {
        let (verdict, late) = after_looks(&history, level, PLENTY);
        assert_eq!(verdict, Verdict::Consistent, "{level:?}");
        let looks = PLENTY + late;
        // Every operation is seen some times, and 4096 turns pass between two looks.
        assert!(looks >= history.len() as i64 * 4 / 4_096, "{looks} looks");
        assert_ends_when_time_is_over(&history, level, looks, 20);
    }
}

#[test]
fn the_constraints_of_a_guarantee_keep_to_the_memory() {
    let history = lagging(10_000, 16);
    let limits = Limits {
        memory_bytes: Some(1_000_000),
        ..Limits::none()
    };
    for level in sessions() {
        match report(&history, level, &limits).verdict {
            Verdict::Unknown { reason, .. } => assert_eq!(reason, Reason::Memory),
            other => panic!("{level:?}: {other:?}"),
        }
    }
}

#[test]
fn a_search_for_one_order_ends_when_time_is_over() {
    let history = lagging(4_000, 16);
    let level = Consistency::Sequential;
    let (verdict, late) = after_looks(&history, level, PLENTY);
    assert_eq!(verdict, Verdict::Consistent);
    assert_ends_when_time_is_over(&history, level, PLENTY + late, 100);
}

/// Between two looks pass no more than so many operations, from the first to the last: all the
/// work before a search begins is looked after, too.
#[test]
fn a_search_for_one_order_looks_at_the_clock_before_it_begins() {
    let history = lagging(40_000, 16);
    let operations: Vec<(usize, u32)> = (0..history.len()).map(|index| (index, 0)).collect();
    let left = Arc::new(AtomicI64::new(PLENTY));
    let meter = Meter::until_looks(&left);
    let clauses = clauses(Consistency::Sequential);
    let mut watch = Watch::new(&meter, 0);
    let order = Order::new(&KeyValue, &history, &operations, &clauses, &mut watch);
    assert!(order.is_ok());
    let looks = PLENTY - left.load(Ordering::Relaxed);
    // Four passes over all operations.
    assert!(
        looks >= operations.len() as i64 * 4 / 4_096,
        "{looks} looks"
    );
    for looks in 0..looks {
        left.store(looks, Ordering::Relaxed);
        let mut watch = Watch::new(&meter, 0);
        let order = Order::new(&KeyValue, &history, &operations, &clauses, &mut watch);
        assert_eq!(order.err(), Some(Reason::Time));
    }
}
