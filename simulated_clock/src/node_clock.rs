//! What a node believes the time is.
//!
//! The true time is t. Synchronisation k = 0, 1, 2, ... happens at
//!
//!   s_k = stagger + k * sync_interval,    so that nodes do not all do it at once,
//!
//! and leaves an error e_k in [-eps, +eps]. From then on the node's oscillator,
//! which runs at 1 + rho with |rho| <= rho_max, takes the clock away:
//!
//!   reads      C(t) = t + e_k + rho * (t - s_k),
//!   declares   U(t) = eps + rho_max * (t - s_k),     so |C(t) - t| <= U(t).
//!
//! Before s_0 the base offset stands for e_k, the start for s_k, and its size is
//! added to U. A reading cannot be before the start; being moved there, towards
//! the true time, it only gets better.
//!
//! # The monotone clamp
//!
//! With the clamp a node reads H, the highest of C so far, when C(t) is lower.
//! That alone would break the bound: just before a synchronisation H may be
//! ahead by eps + rho_max * sync_interval, and just after it U is only eps. So
//! while H is held the node declares U(t) + (H - C(t)). It knows all three
//! numbers, and |H - t| <= |H - C(t)| + |C(t) - t|. It is also the least a node
//! can declare from what it sees now: t may be as low as C(t) - U(t). And it
//! does not lean on the past: a clock that was stepped ahead and is corrected
//! keeps the bound again from that moment on, although it still reads high.
//!
//! # Faults
//!
//! A step moves C until the next synchronisation, a lie until it is stopped,
//! and U knows of neither. (With the clamp, a node that a fault takes back holds
//! its reading and declares that it does, for that much it sees: the bound then
//! breaks some time after the fault, not at once.) Timers count the oscillator: only drift moves them.

use crate::clock_options::BILLION;
use crate::{ClockOptions, Duration, Instant};

/// The clock of one node.
///
/// Nothing is drawn here: the owner passes the drift, the stagger, and the
/// error of every synchronisation. It either calls [`synchronise`] at each
/// [`next_synchronisation`], or only [`advance_to`] before it uses the clock;
/// both give the same readings. All times passed in are true times and never
/// go back.
///
/// [`synchronise`]: NodeClock::synchronise
/// [`next_synchronisation`]: NodeClock::next_synchronisation
/// [`advance_to`]: NodeClock::advance_to
///
/// ```
/// use simulated_clock::{Duration, Instant, NodeClock, Quality};
///
/// let mut clock = NodeClock::new(Quality::Low.options(), -1_000, Duration::ZERO);
/// let now = Instant::ZERO + Duration::from_millis(250);
/// // Errors by number: synchronisation 2, at 200 ms, is the one in force.
/// clock.advance_to(now, |synchronisation| [0, 0, 700][synchronisation as usize]);
/// // 700 ns ahead, less 1,000 parts per billion of 50 ms.
/// assert_eq!(clock.read(now), now + Duration::from_nanos(650));
/// assert_eq!(clock.uncertainty(now), Duration::from_micros(1_010));
///
/// clock.step(now, 5_000_000);
/// assert!(clock.read(now) - now > clock.uncertainty(now));
/// ```
#[derive(Clone, Debug)]
pub struct NodeClock {
    options: ClockOptions,
    drift_ppb: i64,
    stagger: Duration,
    /// The number of the next synchronisation.
    sync_next: u64,
    /// When it happens.
    sync_next_at: Instant,
    /// When the one in force happened; the start, if there was none.
    sync_last_at: Instant,
    /// The error it left; the base offset, if there was none.
    error_ns: i64,
    /// What is declared of that error.
    error_max: Duration,
    /// The fault: an undeclared jump that the next synchronisation takes away.
    step_ns: i64,
    /// The fault: an undeclared shift that no synchronisation takes away.
    lie_ns: i64,
    /// The highest reading given; only kept up to date with the clamp.
    reading_max: Instant,
    /// The latest true time passed in.
    now: Instant,
}

impl NodeClock {
    /// A clock at the start of the run, not yet synchronised.
    ///
    /// `drift_ppb` is how much its oscillator is too fast (or, negative, too
    /// slow), in nanoseconds per second, within ± `drift_ppb_max`. `stagger` is
    /// the time of the first synchronisation, less than `sync_interval`.
    ///
    /// # Panics
    ///
    /// If one of these, or of the options, is out of its range.
    #[must_use]
    pub fn new(options: ClockOptions, drift_ppb: i64, stagger: Duration) -> Self {
        assert!(
            options.drift_ppb_max < BILLION,
            "drift_ppb_max is {}; it must be below {BILLION}, or a clock could stand still",
            options.drift_ppb_max,
        );
        assert!(
            drift_ppb.unsigned_abs() <= u64::from(options.drift_ppb_max),
            "drift_ppb is {drift_ppb}; it must be within ±{}",
            options.drift_ppb_max,
        );
        assert!(
            stagger < options.sync_interval,
            "stagger is {stagger}; it must be less than sync_interval, {}",
            options.sync_interval,
        );
        let base_offset = Duration::from_nanos(options.base_offset_ns.unsigned_abs());
        Self {
            options,
            drift_ppb,
            stagger,
            sync_next: 0,
            sync_next_at: Instant::ZERO.saturating_add(stagger),
            sync_last_at: Instant::ZERO,
            error_ns: options.base_offset_ns,
            error_max: base_offset.saturating_add(options.uncertainty),
            step_ns: 0,
            lie_ns: 0,
            reading_max: Instant::ZERO,
            now: Instant::ZERO,
        }
    }

    /// The options of this clock.
    #[must_use]
    pub fn options(&self) -> &ClockOptions {
        &self.options
    }

    /// When the next synchronisation happens. [`Instant::MAX`] stands for never.
    #[must_use]
    pub fn next_synchronisation(&self) -> Instant {
        self.sync_next_at
    }

    /// The next synchronisation happens now and leaves the clock `error_ns`
    /// nanoseconds ahead (or, negative, behind).
    ///
    /// # Panics
    ///
    /// If `now` is not [`next_synchronisation`](Self::next_synchronisation), or
    /// if the error is not within ± `uncertainty`.
    pub fn synchronise(&mut self, now: Instant, error_ns: i64) {
        assert!(
            now == self.sync_next_at && now < Instant::MAX,
            "synchronised at {now}; the next synchronisation is at {}",
            self.sync_next_at,
        );
        self.correct(self.sync_next, error_ns);
        self.pass(now);
    }

    /// Makes up for every synchronisation until `now`. Only the last of them
    /// matters, so `error_of` is called for that one alone, with its number
    /// (from 0), and not at all if there is none; it gives the error in
    /// nanoseconds, as in [`synchronise`](Self::synchronise).
    ///
    /// # Panics
    ///
    /// If `now` is before a time passed in earlier, or if the error is not
    /// within ± `uncertainty`.
    pub fn advance_to(&mut self, now: Instant, error_of: impl FnOnce(u64) -> i64) {
        if self.is_due(now) {
            let since_first = now - (Instant::ZERO + self.stagger);
            let sync = since_first.as_nanos() / self.options.sync_interval.as_nanos();
            assert!(sync >= self.sync_next, "synchronisations go forward");
            self.correct(sync, error_of(sync));
        }
        self.pass(now);
    }

    /// What the node reads.
    ///
    /// # Panics
    ///
    /// If a synchronisation until `now` has not been made, or if `now` is before
    /// a time passed in earlier.
    pub fn read(&mut self, now: Instant) -> Instant {
        self.pass(now);
        let reading = self.unclamped(now);
        if !self.options.monotone {
            return reading;
        }
        self.reading_max = self.reading_max.max(reading);
        debug_assert!(self.reading_max >= reading);
        self.reading_max
    }

    /// How far from the true time, to either side, the node declares its reading
    /// to be at most.
    ///
    /// # Panics
    ///
    /// If a synchronisation until `now` has not been made, or if `now` is before
    /// a time passed in earlier.
    #[must_use]
    pub fn uncertainty(&self, now: Instant) -> Duration {
        self.check(now);
        let elapsed = now - self.sync_last_at;
        let drift = u128::from(elapsed.as_nanos()) * u128::from(self.options.drift_ppb_max);
        // Rounded up, where the drift of a reading is rounded down.
        let drift =
            u64::try_from(drift.div_ceil(u128::from(BILLION))).expect("drift is slower than time");
        let declared = self.error_max.saturating_add(Duration::from_nanos(drift));
        if !self.options.monotone {
            return declared;
        }
        declared.saturating_add(self.reading_max.saturating_since(self.unclamped(now)))
    }

    /// The true time that passes while the node's oscillator counts `local`,
    /// rounded up to a whole nanosecond; at most [`Duration::MAX`]. Timers follow
    /// the oscillator, so neither synchronisations nor faults change it.
    ///
    /// ```
    /// use simulated_clock::{Duration, NodeClock, Quality};
    ///
    /// let slow = NodeClock::new(Quality::Low.options(), -100_000, Duration::ZERO);
    /// let second = Duration::from_secs(1);
    /// assert_eq!(slow.local_to_true(second), Duration::from_nanos(1_000_100_011));
    /// ```
    #[must_use]
    #[inline]
    pub fn local_to_true(&self, local: Duration) -> Duration {
        let rate = i64::from(BILLION) + self.drift_ppb;
        let rate = u64::try_from(rate).expect("drift is slower than time");
        // Short times, as all timers are, fit into a division by the processor.
        if let Some(scaled) = local.as_nanos().checked_mul(u64::from(BILLION)) {
            return Duration::from_nanos(scaled.div_ceil(rate));
        }
        let nanos = (u128::from(local.as_nanos()) * u128::from(BILLION)).div_ceil(u128::from(rate));
        debug_assert_eq!(nanos == 0, local.is_zero());
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// Injects a fault: the clock jumps ahead by `by_ns` nanoseconds (or,
    /// negative, back) until the next synchronisation; jumps add up. What is
    /// declared does not change, so readings may be further off than declared.
    ///
    /// # Panics
    ///
    /// If a synchronisation until `now` has not been made, or if `now` is before
    /// a time passed in earlier.
    pub fn step(&mut self, now: Instant, by_ns: i64) {
        self.pass(now);
        self.step_ns = self.step_ns.saturating_add(by_ns);
    }

    /// Injects a fault: every reading is shifted ahead by `shift_ns` nanoseconds
    /// (or, negative, back) until [`stop_lying`](Self::stop_lying), whatever
    /// synchronisations do. What is declared is the usual.
    pub fn lie(&mut self, shift_ns: i64) {
        self.lie_ns = shift_ns;
    }

    /// Ends the fault of [`lie`](Self::lie).
    pub fn stop_lying(&mut self) {
        self.lie_ns = 0;
    }

    /// Whether no injected fault is in force, so that readings are as close to
    /// the true time as declared.
    #[must_use]
    pub fn is_truthful(&self) -> bool {
        self.step_ns == 0 && self.lie_ns == 0
    }

    /// C(t), faults included.
    fn unclamped(&self, now: Instant) -> Instant {
        let elapsed = now - self.sync_last_at;
        // Rounded towards zero, so never faster than the drift.
        let drift =
            i128::from(elapsed.as_nanos()) * i128::from(self.drift_ppb) / i128::from(BILLION);
        let reading = i128::from(now.as_nanos())
            + i128::from(self.error_ns)
            + drift
            + i128::from(self.step_ns)
            + i128::from(self.lie_ns);
        let nanos = reading.clamp(0, i128::from(u64::MAX));
        Instant::from_nanos(u64::try_from(nanos).expect("clamped to the range"))
    }

    /// Puts synchronisation number `sync` in force.
    fn correct(&mut self, sync: u64, error_ns: i64) {
        assert!(
            error_ns.unsigned_abs() <= self.options.uncertainty.as_nanos(),
            "synchronisation error is {error_ns} ns; it must be within ±{}",
            self.options.uncertainty,
        );
        self.sync_last_at = self.sync_at(sync);
        self.sync_next = sync + 1;
        self.sync_next_at = self.sync_at(self.sync_next);
        self.error_ns = error_ns;
        self.error_max = self.options.uncertainty;
        self.step_ns = 0;
        debug_assert!(self.sync_last_at < self.sync_next_at);
    }

    fn sync_at(&self, sync: u64) -> Instant {
        Instant::ZERO
            .saturating_add(self.options.sync_interval.saturating_mul(sync))
            .saturating_add(self.stagger)
    }

    /// Whether a synchronisation until `now` has not been made.
    fn is_due(&self, now: Instant) -> bool {
        now >= self.sync_next_at && self.sync_next_at < Instant::MAX
    }

    /// Time has come to `now`.
    fn pass(&mut self, now: Instant) {
        self.check(now);
        self.now = now;
    }

    /// Asserts that the clock is fit to be used at `now`.
    fn check(&self, now: Instant) {
        assert!(
            now >= self.now,
            "the true time goes back, from {} to {now}",
            self.now,
        );
        assert!(
            !self.is_due(now),
            "the clock is used at {now} without its synchronisation at {}; \
             call `advance_to` or `synchronise` first",
            self.sync_next_at,
        );
    }
}

#[cfg(test)]
mod tests;
