//! The gate through which every read and write of a handler goes.
//!
//! A *fuse* is a crash that was decided beforehand: at the k-th write from now,
//! and where around it. It burns across handlers. When it is burnt, the gate
//! unwinds from inside the storage call with a private payload, so that no code
//! under test can swallow the crash as an error. An injected *error* is decided
//! before the store is touched and writes nothing.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

/// Where around a write a crash strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CrashPoint {
    /// Nothing of it is durable.
    Before,
    /// Of an append of several entries that is not atomic, a drawn prefix is
    /// durable; every other write is all or nothing, and is done.
    Torn,
    /// It is durable, and nothing after it happens.
    After,
    /// The handler finishes its writes; no effect after its last one leaves.
    BeforeEffects,
}

/// A crash decided beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fuse {
    /// How many writes from now it strikes; 1 is the next one.
    pub writes: u64,
    /// Where around that write.
    pub point: CrashPoint,
    /// Draws the durable prefix of a torn append.
    pub tear: u64,
}

/// The payload of the unwinding that a burnt fuse starts.
#[derive(Debug)]
pub struct CrashUnwind;

/// An injected error, as the code under test sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskError;

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("injected disk error")
    }
}

impl std::error::Error for DiskError {}

/// Which calls an injected error may strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A write.
    Write,
    /// A read.
    Read,
}

/// The gate; shared by the world, which arms and resets it, and a disk.
#[derive(Debug, Default)]
pub struct Io {
    elapsed: Cell<u64>,
    /// All writes, and those before the handler that runs.
    writes: Cell<u64>,
    writes_before: Cell<u64>,
    latency: Cell<u64>,
    fuse: Cell<Option<Fuse>>,
    doomed: Cell<bool>,
    /// Calls from now until one fails, counted down.
    write_error: Cell<Option<u64>>,
    read_error: Cell<Option<u64>>,
    failed: Cell<bool>,
}

impl Io {
    /// A handler begins: nothing was written, no time has passed.
    #[inline]
    pub fn begin_handler(&self) {
        self.elapsed.set(0);
        self.writes_before.set(self.writes.get());
        self.doomed.set(false);
        self.failed.set(false);
    }

    /// How long the writes of this handler have taken so far.
    #[inline]
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed.get())
    }

    /// How many writes this handler has done so far.
    #[inline]
    pub fn writes(&self) -> u64 {
        self.writes.get() - self.writes_before.get()
    }

    /// How many writes all handlers have done so far.
    pub fn writes_ever(&self) -> u64 {
        self.writes.get()
    }

    /// Whether a crash waits for a write to come.
    pub fn is_armed(&self) -> bool {
        self.fuse.get().is_some()
    }

    /// Whether an error waits for a call to come.
    pub fn is_error_armed(&self, moment: Moment) -> bool {
        self.error(moment).get().is_some()
    }

    /// Whether a fuse burnt down in this handler that lets it finish first.
    #[inline]
    pub fn is_doomed(&self) -> bool {
        self.doomed.get()
    }

    /// Whether an error was injected in this handler.
    #[inline]
    pub fn has_failed(&self) -> bool {
        self.failed.get()
    }

    /// How long each write takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.latency.set(latency.as_nanos());
    }

    /// Adds to the time that this handler takes.
    pub fn spend(&self, time: Duration) {
        self.elapsed.set(self.elapsed.get() + time.as_nanos());
    }

    /// Arms a crash, in place of one that was armed before.
    ///
    /// # Panics
    /// If the fuse has no write to burn on.
    pub fn arm(&self, fuse: Fuse) {
        assert!(fuse.writes > 0, "a fuse burns on a write to come");
        self.fuse.set(Some(fuse));
    }

    /// Lets the `calls`-th write or read from now fail.
    ///
    /// # Panics
    /// If `calls` is zero.
    pub fn arm_error(&self, moment: Moment, calls: u64) {
        assert!(calls > 0, "an error strikes a call to come");
        self.error(moment).set(Some(calls));
    }

    /// Takes back every armed crash and error: the replica went down.
    pub fn disarm(&self) {
        self.fuse.set(None);
        self.write_error.set(None);
        self.read_error.set(None);
    }

    #[inline]
    fn error(&self, moment: Moment) -> &Cell<Option<u64>> {
        match moment {
            Moment::Write => &self.write_error,
            Moment::Read => &self.read_error,
        }
    }

    #[inline]
    fn fails(&self, moment: Moment) -> Result<(), DiskError> {
        let cell = self.error(moment);
        match cell.get() {
            None => Ok(()),
            Some(1) => {
                cell.set(None);
                self.failed.set(true);
                Err(DiskError)
            }
            Some(calls) => {
                cell.set(Some(calls - 1));
                Ok(())
            }
        }
    }

    /// A read passes the gate.
    ///
    /// # Errors
    /// When an error was armed to strike it.
    #[inline]
    pub fn read(&self) -> Result<(), DiskError> {
        self.fails(Moment::Read)
    }

    /// A write passes the gate: `perform(parts)` makes its first `parts` parts
    /// durable. An atomic write has one part, an append one per entry.
    ///
    /// # Errors
    /// When an error was armed to strike it; nothing was performed.
    ///
    /// # Panics
    /// Unwinds with [`CrashUnwind`] when a fuse is burnt here.
    #[inline]
    pub fn write(&self, parts: usize, perform: impl FnOnce(usize)) -> Result<(), DiskError> {
        self.fails(Moment::Write)?;
        let point = self.burn();
        if let Some((CrashPoint::Before, _)) = point {
            Self::crash();
        }
        if let Some((CrashPoint::Torn, tear)) = point
            && parts > 1
        {
            perform((tear % parts as u64) as usize);
            Self::crash();
        }
        perform(parts);
        self.elapsed.set(self.elapsed.get() + self.latency.get());
        self.writes.set(self.writes.get() + 1);
        match point {
            Some((CrashPoint::BeforeEffects, _)) => self.doomed.set(true),
            Some(_) => Self::crash(),
            None => {}
        }
        Ok(())
    }

    /// The point at which the fuse strikes, if this is its write.
    #[inline]
    fn burn(&self) -> Option<(CrashPoint, u64)> {
        let mut fuse = self.fuse.get()?;
        fuse.writes -= 1;
        if fuse.writes > 0 {
            self.fuse.set(Some(fuse));
            return None;
        }
        self.fuse.set(None);
        Some((fuse.point, fuse.tear))
    }

    #[cold]
    fn crash() -> ! {
        // Not a panic of anybody's making: no hook runs, no message is printed.
        std::panic::resume_unwind(Box::new(CrashUnwind))
    }
}
