//! The timers of one replica, and when each is due.

use std::collections::BTreeMap;

use simulated_clock::Instant;

use crate::decision::hash::mix;
use crate::replica::{Effect, Replica, TimerId};

/// Timers that are set, by their numbers, and when they are due.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers(BTreeMap<u8, Instant>);

impl Timers {
    /// Those that a run left, due at once: when they were is not known.
    pub(super) fn left(set: u32, now: Instant) -> Self {
        let numbers = (0..u32::BITS as u8).filter(|timer| set & (1 << timer) != 0);
        Self(numbers.map(|timer| (timer, now)).collect())
    }

    /// What a handler at `now` set and cancelled.
    pub(super) fn take<R: Replica>(&mut self, effects: &[Effect<R>], now: Instant) {
        for effect in effects {
            match effect {
                Effect::SetTimer { timer, after } => self.set(*timer, now + *after),
                Effect::CancelTimer(timer) => self.remove(*timer),
                Effect::Send { .. } | Effect::Reply(_) => {}
            }
        }
    }

    fn set(&mut self, TimerId(timer): TimerId, due: Instant) {
        self.0.insert(timer, due);
    }

    /// It fires, or is cancelled.
    pub(super) fn remove(&mut self, TimerId(timer): TimerId) {
        self.0.remove(&timer);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// All that are set, one bit each.
    pub(super) fn set_ones(&self) -> u32 {
        self.0.keys().fold(0, |all, timer| all | 1 << timer)
    }

    /// Those that are due by `now`, one bit each.
    pub(super) fn due_ones(&self, now: Instant) -> u32 {
        let due = self.0.iter().filter(|(_, due)| **due <= now);
        due.fold(0, |all, (timer, _)| all | 1 << timer)
    }

    /// When this one is due, if it is set.
    pub(super) fn due(&self, timer: u8) -> Option<Instant> {
        self.0.get(&timer).copied()
    }

    /// When the next is due after `now`.
    pub(super) fn next_after(&self, now: Instant) -> Option<Instant> {
        self.0.values().copied().filter(|due| *due > now).min()
    }

    /// When which are due, in one number; what is due waits, however long it has been.
    pub(super) fn digest(&self, now: Instant) -> u64 {
        self.0.iter().fold(0, |digest, (timer, due)| {
            let left = due.saturating_since(now);
            mix(digest, mix(u64::from(*timer), left.as_nanos()))
        })
    }
}
