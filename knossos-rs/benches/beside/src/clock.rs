//! The clock of the benchmark.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock"
)]

use std::time::{Duration, Instant};

/// What the call gives, and the nanoseconds that it took.
pub(crate) fn timed<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let start = Instant::now();
    let result = std::hint::black_box(call());
    (result, start.elapsed().as_nanos() as u64)
}

/// A moment after which a run is given up.
pub(crate) struct Deadline(Instant);

impl Deadline {
    pub(crate) fn after(time: Duration) -> Deadline {
        Deadline(Instant::now() + time)
    }

    pub(crate) fn has_passed(&self) -> bool {
        Instant::now() >= self.0
    }
}

/// Lets a child run on before it is looked at again.
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(2));
}
