//! The sweep against brute force.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use proptest::prelude::*;

use super::{Deed, Sweep};
use crate::entry::Entry;
use crate::limits::{Limits, Meter};
use crate::models::register::{Input, Output, Register};
use crate::report::Reason;
use crate::search::tests::oracle::is_linearizable;
use crate::search::{Outcome, Search};
use crate::shapes::shapes;
use crate::watch::Watch;
use crate::{Operation, Text};

fn sweep(deeds: &[Deed], starts: impl IntoIterator<Item = u32>) -> Sweep {
    Sweep::new(deeds, starts, &mut Watch::unlimited()).expect("no limits")
}

/// What the sweep says.
fn is_possible(deeds: &[Deed], starts: impl IntoIterator<Item = u32>) -> bool {
    let mut meter = Meter::start(&Limits::none());
    match sweep(deeds, starts).run(&mut meter, u64::MAX, 0) {
        Outcome::Consistent => true,
        Outcome::Violation => false,
        other => panic!("without limits: {other:?}"),
    }
}

/// The same as operations on a register that holds nothing, value 0, in the beginning.
fn history(deeds: &[Deed]) -> Vec<Operation<Input, Output>> {
    let operation = |deed: &Deed| {
        let value = (deed.value > 0).then(|| Text::from(deed.value.to_string()));
        let (input, output) = match value {
            Some(value) if deed.is_write => (Input::Write(value), Output::Done),
            value => (Input::Read, Output::Value(value)),
        };
        Operation {
            client: 0,
            input,
            output: deed.must.then_some(output),
            call: deed.call,
            ret: deed.must.then_some(deed.ret),
        }
    };
    deeds.iter().map(operation).collect()
}

fn compare(deeds: &[Deed]) -> bool {
    let expected = is_linearizable(&Register, &history(deeds));
    assert_eq!(is_possible(deeds, [0]), expected, "{deeds:#?}");
    expected
}

/// Reads of nothing and of two values, and writes of these that must or may have been.
const KINDS: [(u32, bool, bool); 7] = [
    (0, false, true),
    (1, false, true),
    (2, false, true),
    (1, true, true),
    (2, true, true),
    (1, true, false),
    (2, true, false),
];

fn deed((value, is_write, must): (u32, bool, bool), (call, ret): (u64, u64)) -> Deed {
    Deed {
        call,
        ret: if must { ret } else { u64::MAX },
        value,
        is_write,
        must,
    }
}

fn compare_all(count: usize) -> (usize, usize) {
    let (mut possible, mut impossible) = (0, 0);
    for shape in shapes(count) {
        for mut choice in 0..KINDS.len().pow(count as u32) {
            let deeds: Vec<Deed> = shape
                .iter()
                .map(|times| {
                    let kind = KINDS[choice % KINDS.len()];
                    choice /= KINDS.len();
                    deed(kind, *times)
                })
                .collect();
            let is_repeated = deeds
                .iter()
                .zip(&shape)
                .any(|(deed, (call, ret))| !deed.must && *ret != call + 1);
            if !is_repeated {
                let count = if compare(&deeds) {
                    &mut possible
                } else {
                    &mut impossible
                };
                *count += 1;
            }
        }
    }
    (possible, impossible)
}

#[test]
fn every_history_of_up_to_four_reads_and_writes_gets_the_verdict_of_brute_force() {
    for count in 0..=4 {
        let (possible, impossible) = compare_all(count);
        assert!(count == 0 || (possible > 0 && impossible > 0));
    }
}

#[test]
#[ignore = "seconds: 848,232 histories"]
fn every_history_of_five_reads_and_writes_gets_the_verdict_of_brute_force() {
    println!("{:?}", compare_all(5));
}

/// Up to nine operations on three values; what is read was held at about that time.
fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let operation = (0..4_u32, 0..6_u8, 0..16_u64, 0..12_u64, 0..8_u8);
    prop::collection::vec(operation, 0..=9).prop_map(|mut drawn| {
        drawn.sort_by_key(|(_, _, call, length, _)| call + length / 2);
        let mut held = 0;
        let deed = |(value, kind, call, length, change): (u32, u8, u64, u64, u8)| {
            let is_write = kind < 3 && value > 0;
            let must = !is_write || kind > 0;
            if is_write && (must || change < 4) {
                held = value;
            }
            let value = if is_write || change == 0 { value } else { held };
            self::deed((value, is_write, must), (call, call + length))
        };
        drawn.into_iter().map(deed).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn random_histories_get_the_verdict_of_brute_force(deeds in deeds()) {
        compare(&deeds);
    }

    #[test]
    fn from_any_value_means_from_one_of_them(deeds in deeds()) {
        let each = (0..4).any(|start| is_possible(&deeds, [start]));
        prop_assert_eq!(is_possible(&deeds, 0..4), each);
    }

    /// A write that may have been until it returned is one that never returned, but for that.
    #[test]
    fn what_may_have_been_is_there_or_not(deeds in deeds(), which: prop::sample::Index) {
        let musts: Vec<usize> = (0..deeds.len()).filter(|place| deeds[*place].must).collect();
        if musts.is_empty() {
            return Ok(());
        }
        let which = *which.get(&musts);
        let mut may = deeds.clone();
        may[which].must = false;
        let mut without = deeds.clone();
        without.remove(which);
        let either = is_possible(&deeds, [0]) || is_possible(&without, [0]);
        prop_assert_eq!(is_possible(&may, [0]), either);
    }

    #[test]
    fn it_gets_stuck_at_the_first_return_that_is_impossible(deeds in deeds()) {
        let mut meter = Meter::start(&Limits::none());
        let mut sweep = sweep(&deeds, [0]);
        if sweep.run(&mut meter, u64::MAX, 0) == Outcome::Violation {
            let stuck = deeds[sweep.stuck().unwrap()].ret;
            let by = |moment: u64| -> Vec<Deed> {
                let called = deeds.iter().filter(|deed| deed.call <= moment);
                let as_of = |deed: &Deed| Deed {
                    must: deed.must && deed.ret <= moment,
                    ret: if deed.ret <= moment { deed.ret } else { u64::MAX },
                    ..*deed
                };
                called.map(as_of).collect()
            };
            prop_assert!(!is_possible(&by(stuck), [0]));
            prop_assert!(stuck == 0 || is_possible(&by(stuck - 1), [0]));
        }
    }

    #[test]
    fn pauses_change_nothing(deeds in deeds(), slice in 1..20_u64) {
        prop_assert_eq!(is_possible_in_slices(&deeds, slice), is_possible(&deeds, [0]));
    }
}

fn is_possible_in_slices(deeds: &[Deed], mut slice: u64) -> bool {
    let mut meter = Meter::start(&Limits::none());
    let mut sweep = sweep(deeds, [0]);
    loop {
        match sweep.run(&mut meter, slice, 0) {
            Outcome::Paused => slice += 1,
            outcome => return outcome == Outcome::Consistent,
        }
    }
}

#[test]
fn a_pause_where_a_spent_write_returns_does_not_free_it() {
    let times = [(0, 0), (1, 6), (0, 6), (2, 10), (7, 8), (2, 12), (9, 17)];
    let values = [0, 2, 1, 1, 1, 2, 2];
    let deeds = times.into_iter().zip(values).enumerate();
    let deed = |(place, (time, value))| deed((value, [2, 5].contains(&place), true), time);
    let deeds: Vec<_> = deeds.map(deed).collect();
    for slice in 1..40 {
        assert!(!is_possible_in_slices(&deeds, slice), "{slice}");
    }
}

/// Up to sixty operations by some clients, as of a register on which each takes effect in the
/// middle of its time; then some reads are of another value, and some writes are of unknown
/// outcome.
fn long_deeds() -> impl Strategy<Value = Vec<Deed>> {
    let operation = (0..5_u32, any::<bool>(), 0..4_u64, 1..40_u64, 0..30_u8);
    (2..9_usize, prop::collection::vec(operation, 20..=60)).prop_map(|(clients, drawn)| {
        let mut free = vec![0; clients];
        let mut deeds: Vec<Deed> = Vec::new();
        for (number, (value, is_write, pause, length, luck)) in drawn.into_iter().enumerate() {
            let call = free[number % clients] + pause;
            free[number % clients] = call + length;
            let is_write = is_write && value > 0;
            let kind = (value, is_write, !is_write || luck > 0);
            deeds.push(deed(kind, (call, call + length)));
        }
        let mut order: Vec<usize> = (0..deeds.len()).collect();
        let effect = |deed: &Deed| deed.call + deed.ret.min(deed.call + 40);
        order.sort_by_key(|place| effect(&deeds[*place]));
        let mut held = 0;
        for place in order {
            let deed = &mut deeds[place];
            if deed.is_write {
                held = deed.value;
            } else if !deed.call.is_multiple_of(29) {
                deed.value = held;
            }
        }
        deeds
    })
}

/// What the search says without the sweep; `None` if that takes it too long.
fn is_found(deeds: &[Deed]) -> Option<bool> {
    let history = history(deeds);
    let entries = history.iter().enumerate();
    let entries = entries.map(|(index, operation)| Entry {
        index,
        ret: operation.ret,
    });
    let mut meter = Meter::start(&Limits::none());
    let mut search = Search::new(&Register, &history, entries, None, &meter, 0).unwrap();
    search.turns.end();
    match search.run(&mut meter, 100_000, 0) {
        Outcome::Consistent => Some(true),
        Outcome::Violation => Some(false),
        Outcome::Paused | Outcome::RanOut(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn long_histories_get_the_verdict_of_the_search(deeds in long_deeds()) {
        if let Some(expected) = is_found(&deeds) {
            prop_assert_eq!(is_possible(&deeds, [0]), expected);
        }
    }
}

/// So many writes of distinct values, all at once, and a read of each then and another later.
fn crowd(count: u32) -> Vec<Deed> {
    let now = |value| [(value, true, true), (value, false, true)].map(|kind| deed(kind, (0, 5)));
    let later = |value| deed((value, false, true), (6, 9));
    (1..=count)
        .flat_map(now)
        .chain((1..=count).map(later))
        .collect()
}

#[test]
fn every_limit_ends_it_in_the_middle_of_a_return() {
    let deeds = crowd(30);
    let outcome = |limits: Limits| {
        let mut meter = Meter::start(&limits);
        sweep(&deeds, [0]).run(&mut meter, u64::MAX, 0)
    };
    let (steps, memory_bytes) = (Some(100_000), Some(100_000));
    let none = Limits::none;
    assert_eq!(
        outcome(Limits { steps, ..none() }),
        Outcome::RanOut(Reason::Steps)
    );
    assert_eq!(
        outcome(Limits {
            memory_bytes,
            ..none()
        }),
        Outcome::RanOut(Reason::Memory)
    );
    let looks = Arc::new(AtomicI64::new(3));
    let mut meter = Meter::until_looks(&looks);
    assert_eq!(
        sweep(&deeds, [0]).run(&mut meter, u64::MAX, 0),
        Outcome::RanOut(Reason::Time)
    );
    assert!(meter.steps() < 5_000, "{}", meter.steps());
}

#[test]
fn one_that_has_more_choices_than_time_pauses() {
    let mut meter = Meter::start(&Limits::none());
    let outcome = sweep(&crowd(60), [0]).run(&mut meter, 1_000_000, 0);
    assert_eq!(outcome, Outcome::Paused);
}

/// Five values over and over, sixteen operations at a time, and last a read of what was not there.
#[test]
fn a_stale_read_of_a_value_written_many_times_is_found_in_few_steps() {
    let mut deeds = Vec::new();
    for number in 0..400_u64 {
        let value = (number * 7 % 5) as u32 + 1;
        let call = number * 10;
        deeds.push(deed((value, true, true), (call, call + 75)));
        deeds.push(deed((value, false, true), (call + 1, call + 76)));
    }
    let end = 10_000;
    deeds.push(deed((1, true, true), (end, end + 1)));
    deeds.push(deed((2, false, true), (end + 2, end + 3)));
    let mut meter = Meter::start(&Limits::none());
    let mut sweep = sweep(&deeds, [0]);
    assert_eq!(sweep.run(&mut meter, u64::MAX, 0), Outcome::Violation);
    assert_eq!(sweep.stuck(), Some(deeds.len() - 1));
    assert!(meter.steps() < 100_000, "{}", meter.steps());
}
