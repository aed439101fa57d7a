//! The bound |C(t) - t| <= U(t), in arithmetic and over random clocks; and what
//! faults do to it.

use proptest::prelude::*;

use super::*;
use crate::Quality;

const MICRO: Duration = Duration::from_micros(1);
const MILLI: Duration = Duration::from_millis(1);

fn at(after: Duration) -> Instant {
    Instant::ZERO + after
}

/// eps 10 us, synchronised every 1 ms, from 0 on, no drift; monotone or not.
fn plain(monotone: bool) -> NodeClock {
    let options = ClockOptions {
        monotone,
        ..Quality::High.options()
    };
    NodeClock::new(options, 0, Duration::ZERO)
}

/// Whether the reading is as close to the true time as declared.
fn within_bound(clock: &mut NodeClock, now: Instant) -> bool {
    clock.read(now).abs_difference(now) <= clock.uncertainty(now)
}

#[test]
fn before_the_first_synchronisation_the_base_offset_is_declared() {
    let options = ClockOptions {
        base_offset_ns: -3_000_000,
        ..Quality::High.options()
    };
    let mut clock = NodeClock::new(options, 0, MICRO * 500);
    assert_eq!(clock.read(at(MICRO * 100)), Instant::ZERO);
    // 3 ms, 10 us, and 10 ppm of 100 us.
    let declared = MILLI * 3 + MICRO * 10 + Duration::from_nanos(1);
    assert_eq!(clock.uncertainty(at(MICRO * 100)), declared);

    assert_eq!(clock.next_synchronisation(), at(MICRO * 500));
    clock.synchronise(at(MICRO * 500), -10_000);
    assert_eq!(clock.read(at(MICRO * 500)), at(MICRO * 490));
    assert_eq!(clock.uncertainty(at(MICRO * 500)), MICRO * 10);
    assert_eq!(clock.next_synchronisation(), at(MICRO * 1_500));
}

#[test]
fn only_the_synchronisation_in_force_is_asked_for() {
    let mut clock = plain(false);
    clock.advance_to(at(MILLI * 7), |sync| {
        assert_eq!(sync, 7);
        40
    });
    clock.advance_to(at(MILLI * 8 - MICRO), |_| unreachable!("none is due"));
    assert_eq!(clock.next_synchronisation(), at(MILLI * 8));
    clock.synchronise(at(MILLI * 8), 50);
    assert_eq!(clock.read(at(MILLI * 8)), Instant::from_nanos(8_000_050));
}

#[test]
fn without_the_clamp_a_synchronisation_may_take_readings_back() {
    let mut clock = plain(false);
    clock.advance_to(Instant::ZERO, |_| 10_000);
    let before = clock.read(at(MILLI - MICRO));
    clock.advance_to(at(MILLI), |_| -10_000);
    assert!(clock.read(at(MILLI)) < before);
}

#[test]
fn with_the_clamp_a_held_reading_is_declared_as_what_it_is() {
    let mut clock = plain(true);
    clock.advance_to(Instant::ZERO, |_| 10_000);
    let held = clock.read(at(MILLI - MICRO));
    assert_eq!(held, at(MILLI + MICRO * 9));

    clock.advance_to(at(MILLI), |_| -10_000);
    assert_eq!(clock.read(at(MILLI)), held);
    // 10 us from the synchronisation, and 19 us that the reading is held ahead.
    assert_eq!(clock.uncertainty(at(MILLI)), MICRO * 29);
    // The clock has caught up, and declares the usual again.
    let later = at(MILLI + MICRO * 20);
    assert_eq!(clock.read(later), at(MILLI + MICRO * 10));
    assert!(clock.uncertainty(later) <= MICRO * 11);
}

#[test]
fn the_usual_uncertainty_would_not_cover_a_held_reading() {
    let options = ClockOptions {
        drift_ppb_max: 1_000_000,
        monotone: true,
        ..Quality::High.options()
    };
    // 1,000 ppm fast: 1 us ahead, beside the error, after 1 ms.
    let mut clock = NodeClock::new(options, 1_000_000, Duration::ZERO);
    clock.advance_to(Instant::ZERO, |_| 10_000);
    let just_before = Instant::from_nanos(999_999);
    assert!(clock.read(just_before) - just_before > options.uncertainty);

    clock.advance_to(at(MILLI), |_| 0);
    let off = clock.read(at(MILLI)).abs_difference(at(MILLI));
    assert!(off > options.uncertainty);
    assert!(off <= clock.uncertainty(at(MILLI)));
}

#[test]
fn a_step_breaks_the_bound_until_the_next_synchronisation() {
    for by_ns in [500_000, -500_000] {
        let mut clock = plain(false);
        clock.advance_to(at(MILLI), |_| 0);
        clock.step(at(MILLI), by_ns);
        assert!(!clock.is_truthful());
        assert!(!within_bound(&mut clock, at(MILLI)));
        assert!(!within_bound(&mut clock, at(MILLI * 2 - MICRO)));
        clock.advance_to(at(MILLI * 2), |_| 0);
        assert!(clock.is_truthful());
        assert!(within_bound(&mut clock, at(MILLI * 2)));
    }
}

#[test]
fn a_lie_breaks_the_bound_until_it_is_stopped() {
    for shift_ns in [500_000, -500_000] {
        let mut clock = plain(false);
        clock.lie(shift_ns);
        clock.advance_to(at(MILLI * 5), |_| 0);
        assert!(!clock.is_truthful());
        assert!(!within_bound(&mut clock, at(MILLI * 5)));
        assert_eq!(clock.uncertainty(at(MILLI * 5)), MICRO * 10);
        clock.stop_lying();
        assert!(clock.is_truthful());
        assert!(within_bound(&mut clock, at(MILLI * 5)));
    }
}

#[test]
fn a_corrected_step_ahead_is_held_but_within_the_bound() {
    let mut clock = plain(true);
    clock.advance_to(Instant::ZERO, |_| 0);
    clock.step(Instant::ZERO, 3_000_000);
    let held = clock.read(Instant::ZERO);
    assert!(!within_bound(&mut clock, Instant::ZERO));
    clock.advance_to(at(MILLI), |_| 0);
    assert_eq!(clock.read(at(MILLI)), held);
    assert!(within_bound(&mut clock, at(MILLI)));
}

#[test]
fn a_clock_can_do_without_synchronisation() {
    let options = ClockOptions {
        sync_interval: Duration::MAX,
        ..Quality::Low.options()
    };
    let mut clock = NodeClock::new(options, 200_000, Duration::ZERO);
    clock.advance_to(Instant::ZERO, |_| 0);
    assert_eq!(clock.next_synchronisation(), Instant::MAX);
    clock.advance_to(Instant::MAX, |_| unreachable!("there is none"));
    assert!(within_bound(&mut clock, Instant::MAX));
}

#[test]
#[should_panic(expected = "without its synchronisation at 1ms")]
fn reading_without_a_due_synchronisation_panics() {
    let mut clock = plain(false);
    clock.synchronise(Instant::ZERO, 0);
    clock.read(at(MILLI));
}

#[test]
#[should_panic(expected = "the next synchronisation is at 1ms")]
fn synchronising_at_another_time_panics() {
    let mut clock = plain(false);
    clock.synchronise(Instant::ZERO, 0);
    clock.synchronise(at(MICRO), 0);
}

#[test]
#[should_panic(expected = "within ±10us")]
fn a_synchronisation_error_beyond_the_bound_panics() {
    plain(false).synchronise(Instant::ZERO, 10_001);
}

#[test]
#[should_panic(expected = "the true time goes back, from 2us to 1us")]
fn going_back_in_true_time_panics() {
    let mut clock = plain(false);
    clock.advance_to(at(MICRO * 2), |_| 0);
    clock.read(at(MICRO));
}

#[test]
#[should_panic(expected = "within ±10000")]
fn a_drift_beyond_the_bound_panics() {
    let _ = NodeClock::new(Quality::High.options(), -10_001, Duration::ZERO);
}

#[test]
#[should_panic(expected = "less than sync_interval, 1ms")]
fn a_stagger_of_a_whole_interval_panics() {
    let _ = NodeClock::new(Quality::High.options(), 0, MILLI);
}

/// Some value in ± `max`, the ends as likely as all between.
fn signed(max: i64) -> impl Strategy<Value = i64> {
    prop_oneof![Just(-max), Just(0), Just(max), -max..=max]
}

/// Any clock, wild ones too, with the errors of its synchronisations: number k
/// is at index k modulo their number.
fn clock_and_errors() -> impl Strategy<Value = (NodeClock, Vec<i64>)> {
    let options = (
        0..3_000_i64,
        0..500_000_000_u32,
        1..20_000_u64,
        signed(50_000),
        any::<bool>(),
    );
    let clock =
        options.prop_flat_map(|(eps, drift_ppb_max, interval, base_offset_ns, monotone)| {
            let options = ClockOptions {
                uncertainty: Duration::from_nanos(eps.unsigned_abs()),
                drift_ppb_max,
                sync_interval: Duration::from_nanos(interval),
                base_offset_ns,
                monotone,
            };
            (Just(options), signed(i64::from(drift_ppb_max)), 0..interval)
        });
    clock.prop_flat_map(|(options, drift_ppb, stagger)| {
        let eps = i64::try_from(options.uncertainty.as_nanos()).expect("small");
        let clock = NodeClock::new(options, drift_ppb, Duration::from_nanos(stagger));
        (Just(clock), prop::collection::vec(signed(eps), 1..8))
    })
}

/// The times, in order, at which the clock is read: some close together, some
/// many synchronisations apart.
fn moments() -> impl Strategy<Value = Vec<Instant>> {
    let gap = prop_oneof![0..3_u64, 0..1_000_u64, 0..60_000_u64];
    prop::collection::vec(gap, 1..60).prop_map(|gaps| {
        let mut now = Instant::ZERO;
        gaps.into_iter()
            .map(|gap| {
                now += Duration::from_nanos(gap);
                now
            })
            .collect()
    })
}

fn error_of(errors: &[i64], sync: u64) -> i64 {
    errors[sync as usize % errors.len()]
}

proptest! {
    #[test]
    fn a_reading_is_never_further_off_than_declared(
        (mut clock, errors) in clock_and_errors(),
        moments in moments(),
    ) {
        for now in moments {
            clock.advance_to(now, |sync| error_of(&errors, sync));
            let declared_first = clock.uncertainty(now);
            let off = clock.read(now).abs_difference(now);
            let declared = clock.uncertainty(now);
            prop_assert!(off <= declared, "off by {off} at {now}, declared {declared}");
            prop_assert_eq!(declared, declared_first, "reading changed what is declared");
        }
    }

    #[test]
    fn with_the_clamp_readings_never_go_back(
        (mut clock, errors) in clock_and_errors(),
        moments in moments(),
        faults in prop::collection::vec(signed(1_000_000), 60),
    ) {
        clock.options.monotone = true;
        let mut last = Instant::ZERO;
        for (now, fault) in moments.into_iter().zip(faults) {
            clock.advance_to(now, |sync| error_of(&errors, sync));
            // Whatever else happens to the clock.
            match fault % 3 {
                0 => clock.lie(fault),
                1 => clock.step(now, fault),
                _ => clock.stop_lying(),
            }
            let reading = clock.read(now);
            prop_assert!(reading >= last, "{reading} after {last}");
            last = reading;
        }
    }

    #[test]
    fn once_faults_are_over_the_bound_holds_again(
        (mut clock, errors) in clock_and_errors(),
        fault in signed(1_000_000),
        moments in moments(),
    ) {
        clock.advance_to(Instant::ZERO, |sync| error_of(&errors, sync));
        clock.step(Instant::ZERO, fault);
        clock.lie(-fault / 2);
        clock.read(Instant::ZERO);
        clock.stop_lying();
        for now in moments {
            clock.advance_to(now, |sync| error_of(&errors, sync));
            let bound_holds = within_bound(&mut clock, now);
            prop_assert!(bound_holds || !clock.is_truthful());
        }
    }

    #[test]
    fn making_up_for_synchronisations_equals_making_each(
        (mut lazy, errors) in clock_and_errors(),
        moments in moments(),
    ) {
        let mut eager = lazy.clone();
        let mut sync = 0;
        for now in moments {
            while eager.next_synchronisation() <= now {
                eager.synchronise(eager.next_synchronisation(), error_of(&errors, sync));
                sync += 1;
                if sync > 5_000 {
                    // A clock synchronised every few nanoseconds takes too long.
                    return Ok(());
                }
            }
            lazy.advance_to(now, |sync| error_of(&errors, sync));
            prop_assert_eq!(lazy.next_synchronisation(), eager.next_synchronisation());
            prop_assert_eq!(lazy.uncertainty(now), eager.uncertainty(now));
            prop_assert_eq!(lazy.read(now), eager.read(now));
        }
    }

    #[test]
    fn a_timer_takes_the_least_time_in_which_the_oscillator_counts_that_far(
        (clock, _) in clock_and_errors(),
        local in prop_oneof![0..10_u64, any::<u64>().prop_map(|local| local >> 2)],
    ) {
        let waited = i128::from(clock.local_to_true(Duration::from_nanos(local)).as_nanos());
        let billion = i128::from(BILLION);
        let rate = billion + i128::from(clock.drift_ppb);
        prop_assert!(waited * rate >= i128::from(local) * billion);
        prop_assert!(waited == 0 || (waited - 1) * rate < i128::from(local) * billion);
        prop_assert_eq!(waited == 0, local == 0);
    }
}
