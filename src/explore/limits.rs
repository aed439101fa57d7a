//! In which order a search goes, how much of a machine it may take, and how much
//! it has taken.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::reduction::Reduction;
use super::state::State;
use crate::decision::hash::mix;

/// In which order a search goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Search {
    /// Short schedules first: on one thread, the first counterexample is a shortest.
    #[default]
    BreadthFirst,
    /// One schedule to its end before the next: less memory, longer counterexamples.
    DepthFirst,
    /// Walks, each step drawn: never complete, but soon deep.
    Random {
        /// Where the walks come from.
        seed: u64,
        /// How many.
        walks: u64,
    },
}

impl Search {
    pub(super) fn walks_max(self) -> Option<u64> {
        match self {
            Self::Random { walks, .. } => Some(walks),
            Self::BreadthFirst | Self::DepthFirst => None,
        }
    }
}

/// Hears keys: the same for the same step of the same search.
#[derive(Clone)]
pub struct Announce(pub Arc<dyn Fn(u64) + Send + Sync>);

impl fmt::Debug for Announce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Announce")
    }
}

/// How a search goes, and how much of a machine it may take.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// How many threads search: at least one; random walks take one.
    pub threads: usize,
    /// Set when the search is to end with what it has.
    pub stop: Arc<AtomicBool>,
    /// In which order.
    pub search: Search,
    /// The reductions to do without.
    pub without: Vec<Reduction>,
    /// Hears the key of everything that code under test is about to do.
    pub announce: Option<Announce>,
    /// The key of what was under way when an earlier search ended: the search ends before it.
    pub suspect: Option<u64>,
    /// How long code under test may go without returning before that is a violation; without
    /// end if nothing is said.
    pub patience: Option<Duration>,
}

/// How often a state is measured.
const SAMPLE: u64 = 1024;
/// A state that was seen: its digest and that of the one before, in tables that
/// double, and are on the average three quarters full.
const SEEN_BYTES: u64 = 32;
/// What a state that is still to be gone on from needs beside itself.
const PENDING_BYTES: u64 = 96;
/// A step of a single replica, with the ways that are kept for the audit.
const STEP_BYTES: u64 = 400;

/// What a search keeps in memory.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// States that it went on from.
    expanded: AtomicU64,
    /// The largest state that was measured, in bytes.
    largest: AtomicU64,
}

impl Kept {
    /// A state is gone on from.
    pub(super) fn expand(&self, state: &State) {
        let before = self.expanded.fetch_add(1, Ordering::Relaxed);
        if before.is_multiple_of(SAMPLE) {
            self.largest
                .fetch_max(state.bytes() as u64, Ordering::Relaxed);
        }
    }

    /// About how much memory it all takes, in bytes: states that were seen, those that
    /// are still to be gone on from with the way to each, and the steps of replicas.
    pub(super) fn bytes(&self, unique: u64, depth: u64, steps: u64) -> u64 {
        let pending = unique.saturating_sub(self.expanded.load(Ordering::Relaxed));
        let way = depth.next_power_of_two() * size_of::<usize>() as u64;
        let each = self.largest.load(Ordering::Relaxed) + way + PENDING_BYTES;
        unique * SEEN_BYTES + pending * each + steps * (STEP_BYTES + 12 * depth)
    }
}

/// Draws the steps of walks: the same for a seed everywhere.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    pub(super) seed: u64,
}

impl Dice {
    /// The first draw of a walk.
    pub(super) fn walk(&self, number: u64) -> u64 {
        mix(self.seed, number)
    }

    /// One of `count`, and the next draw. What is above the last whole multiple of
    /// `count` makes the first ones likelier by less than one in 2^50.
    pub(super) fn draw(draw: &mut u64, count: usize) -> usize {
        *draw = mix(*draw, 1);
        ((u128::from(*draw) * count as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_fall_on_every_side_about_as_often() {
        let dice = Dice { seed: 7 };
        let mut counts = [0u32; 5];
        for walk in 0..100 {
            let mut draw = dice.walk(walk);
            for _ in 0..100 {
                counts[Dice::draw(&mut draw, 5)] += 1;
            }
        }
        assert!(
            counts.iter().all(|count| (1_800..2_200).contains(count)),
            "{counts:?}"
        );
    }
}
