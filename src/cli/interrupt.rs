//! Signals: what was done so far is written, then the program ends.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Exit;
use super::stopwatch::Stopwatch;

/// A signal that follows another this soon is the same wish: who ends a group of
/// processes, as `timeout` does, reaches each of them twice.
const SAME_WISH: Duration = Duration::from_secs(1);

/// Set when there was a signal: every run that is under way stops.
static SIGNALLED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Set when there was a signal that somebody [watches](Interrupt::watch) for.
pub(super) fn signalled() -> Arc<AtomicBool> {
    Arc::clone(&SIGNALLED)
}

/// Notices that somebody wants the program to stop. A later signal ends it at once.
#[derive(Clone, Debug)]
pub(super) struct Interrupt {
    stop: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Watches from now on.
    ///
    /// # Errors
    /// When the system does not let signals be watched.
    #[expect(
        clippy::disallowed_methods,
        reason = "signals come when they come; no run sees them"
    )]
    pub(super) fn watch() -> Result<Self, Exit> {
        let interrupt = Self {
            stop: Arc::new(AtomicBool::new(false)),
            signal: Arc::new(AtomicUsize::new(0)),
        };
        let mut signals = vec![SIGINT, SIGTERM];
        if !outlives_its_terminal() {
            signals.push(SIGHUP);
        }
        let signals = Signals::new(signals)
            .map_err(|error| Exit::io(format!("signals cannot be watched: {error}")))?;
        let watching = interrupt.clone();
        std::thread::spawn(move || watching.receive(signals));
        Ok(interrupt)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "signals come when they come; no run sees them"
    )]
    fn receive(&self, mut signals: Signals) {
        let mut first = None;
        for signal in signals.forever() {
            let asked = first.get_or_insert_with(Stopwatch::start);
            if u128::from(asked.nanos()) > SAME_WISH.as_nanos() {
                std::process::exit(128 + signal);
            }
            if self.signal.swap(signal as usize, Ordering::Relaxed) == 0 {
                std::thread::spawn(say_what_is_waited_for);
            }
            self.stop.store(true, Ordering::Relaxed);
            SIGNALLED.store(true, Ordering::Relaxed);
        }
    }

    /// Set when there was a signal; others may set it to stop as well.
    pub(super) fn stop_flag(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// The same flag, for threads that may outlive whoever started them.
    pub(super) fn shared_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Stops after a time, too.
    #[expect(
        clippy::disallowed_methods,
        reason = "a budget of wall-clock time for a whole command; no run sees it"
    )]
    pub(super) fn after(&self, budget: Duration) {
        let stop = Arc::clone(&self.stop);
        std::thread::spawn(move || {
            std::thread::sleep(budget);
            stop.store(true, Ordering::Relaxed);
        });
    }

    /// Ends the program so long after a signal, if it has not ended by itself: where it may wait
    /// for something that never comes, as a file from a pipe.
    #[expect(
        clippy::disallowed_methods,
        reason = "a person waits for the end of a command; no run sees it"
    )]
    pub(super) fn ends_within(&self, grace: Duration) {
        const STEP: Duration = Duration::from_millis(20);
        let signal = Arc::clone(&self.signal);
        std::thread::spawn(move || {
            while signal.load(Ordering::Relaxed) == 0 {
                std::thread::sleep(STEP);
            }
            std::thread::sleep(grace);
            std::process::exit(128 + signal.load(Ordering::Relaxed) as i32);
        });
    }

    /// A flag that is set after a time, or soon after a signal.
    #[expect(
        clippy::disallowed_methods,
        reason = "a budget of wall-clock time for many runs; none of them sees it"
    )]
    pub(super) fn within(&self, budget: Duration) -> Arc<AtomicBool> {
        const STEP: Duration = Duration::from_millis(20);
        let over = Arc::new(AtomicBool::new(false));
        let (sets, signal) = (Arc::clone(&over), Arc::clone(&self.signal));
        std::thread::spawn(move || {
            let mut left = budget;
            while !left.is_zero() && signal.load(Ordering::Relaxed) == 0 {
                std::thread::sleep(STEP.min(left));
                left = left.saturating_sub(STEP);
            }
            sets.store(true, Ordering::Relaxed);
        });
        over
    }

    /// The end of a program that was stopped by a signal.
    pub(super) fn exit(&self) -> Option<Exit> {
        match self.signal.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(Exit::signal(signal as i32)),
        }
    }
}

/// Whether it was started to go on when its terminal is closed, as `nohup` starts programs: to
/// watch for that signal would end what it is to outlive.
fn outlives_its_terminal() -> bool {
    const HANGUP: u64 = 1 << (SIGHUP - 1);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & HANGUP != 0)
}

#[expect(clippy::disallowed_methods, reason = "a person waits, no run does")]
fn say_what_is_waited_for() {
    std::thread::sleep(SAME_WISH);
    say!("stopping as soon as what is under way is done; another signal stops at once");
}
