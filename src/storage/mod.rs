//! The simulated disk.
//!
//! What is durable lives here, outside the replica, and survives it: a replica
//! gets a handle when it starts, and loses it when it crashes. [`Io`] is the
//! narrow gate through which every write of a handler goes: it counts them,
//! adds up their latency, and is where a crash strikes (before a write, in the
//! middle of an append, after it) or an error is injected. What a crash
//! may take away is the [`Durability`] that the scenario promises.

mod io;
mod options;
mod unsynced;

pub use io::{CrashPoint, CrashUnwind, DiskError, Fuse, Io, Moment};
pub use options::{DiskOptions, Durability};
pub use unsynced::Journal;

use std::rc::Rc;

use crate::observation::Tape;

/// A disk as the world sees it: made once per replica, crashed with it.
pub trait Disk: Clone {
    /// The log entries whose observations it leaves on the tape.
    type Entry;

    /// A fresh, empty disk.
    fn create(options: &DiskOptions, io: Rc<Io>, tape: Rc<Tape<Self::Entry>>) -> Self;

    /// The replica went down: whatever the contract does not promise is lost.
    /// `choose(bound)` draws a number below `bound`; boring is zero, losing nothing.
    fn crash(&self, choose: &mut dyn FnMut(u64) -> u64);

    /// How many of the last writes a crash could take away now.
    fn unsynced(&self) -> u64 {
        0
    }
}

/// The disk of a replica that stores nothing.
#[derive(Debug)]
pub struct NoDisk<E>(std::marker::PhantomData<E>);

impl<E> Clone for NoDisk<E> {
    fn clone(&self) -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<E> Disk for NoDisk<E> {
    type Entry = E;

    fn create(_: &DiskOptions, _: Rc<Io>, _: Rc<Tape<E>>) -> Self {
        Self(std::marker::PhantomData)
    }

    fn crash(&self, _: &mut dyn FnMut(u64) -> u64) {}
}
