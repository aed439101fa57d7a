//! A heap of small keys: the order in which events come up.
//!
//! A [`Key`] packs all that orders an event, and where its payload is, into 16
//! bytes: the time, a sequence number, the payload's slot. Sequence numbers are
//! unique, so no two keys are equal and the order is total.
//!
//! The heap is implicit, with four children to a parent: half as deep as a
//! binary one, and the four keys compared at each level are side by side, 64
//! bytes in all. Measured against `std::collections::BinaryHeap`: see
//! `event_queue`.

use crate::Instant;

/// The number of children of a parent.
const ARITY: usize = 4;

const SLOT_BITS: u32 = 24;
const SEQUENCE_BITS: u32 = 64 - SLOT_BITS;

/// When an event is due, and where its payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// From the top bit down: 64 bits of time, 40 of sequence, 24 of slot.
    bits: u128,
}

impl Key {
    /// Slots go up to this number, exclusively: 16,777,216 pending events.
    pub(crate) const SLOTS_MAX: u64 = 1 << SLOT_BITS;

    /// Sequence numbers go up to this one, exclusively: 10^12 events in a run.
    pub(crate) const SEQUENCES_MAX: u64 = 1 << SEQUENCE_BITS;

    pub(crate) fn new(at: Instant, sequence: u64, slot: u32) -> Self {
        debug_assert!(sequence < Self::SEQUENCES_MAX);
        debug_assert!(u64::from(slot) < Self::SLOTS_MAX);
        let order = sequence << SLOT_BITS | u64::from(slot);
        Self {
            bits: u128::from(at.as_nanos()) << 64 | u128::from(order),
        }
    }

    pub(crate) fn at(self) -> Instant {
        Instant::from_nanos((self.bits >> 64) as u64)
    }

    pub(crate) fn sequence(self) -> u64 {
        self.bits as u64 >> SLOT_BITS
    }

    pub(crate) fn slot(self) -> u32 {
        self.bits as u32 & (Self::SLOTS_MAX - 1) as u32
    }
}

/// A heap with the least key on top.
#[derive(Clone, Debug)]
pub(crate) struct KeyHeap {
    keys: Vec<Key>,
}

impl KeyHeap {
    pub(crate) const fn new() -> Self {
        Self { keys: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The least key.
    pub(crate) fn peek(&self) -> Option<Key> {
        self.keys.first().copied()
    }

    pub(crate) fn push(&mut self, key: Key) {
        self.keys.push(key);
        self.sift_up(self.keys.len() - 1);
    }

    /// Takes out the least key.
    pub(crate) fn pop(&mut self) -> Option<Key> {
        let last = self.keys.pop()?;
        let Some(top) = self.keys.first_mut() else {
            return Some(last);
        };
        let least = std::mem::replace(top, last);
        debug_assert!(least < last);
        self.sift_down(0);
        Some(least)
    }

    /// Takes out every key that `keep` refuses.
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Key) -> bool) {
        let mut keep = keep;
        self.keys.retain(|key| keep(key));
        // A parent comes before its children, so going from the last parent to
        // the first leaves every subtree in order.
        for parent in (0..self.keys.len().div_ceil(ARITY)).rev() {
            self.sift_down(parent);
        }
    }

    /// Moves the key at `index` towards the top until its parent is less.
    fn sift_up(&mut self, index: usize) {
        let mut index = index;
        let key = self.keys[index];
        while index > 0 {
            let parent = (index - 1) / ARITY;
            if self.keys[parent] < key {
                break;
            }
            self.keys[index] = self.keys[parent];
            index = parent;
        }
        self.keys[index] = key;
    }

    /// Moves the key at `index` away from the top until its children are greater.
    fn sift_down(&mut self, index: usize) {
        let mut index = index;
        let Some(&key) = self.keys.get(index) else {
            return;
        };
        loop {
            let first = index * ARITY + 1;
            let (child, least) = match self.keys.get(first..first + ARITY) {
                // A tournament of two rounds, without branches to mispredict.
                Some(&[a, b, c, d]) => {
                    let left = if b < a { (first + 1, b) } else { (first, a) };
                    let right = if d < c {
                        (first + 3, d)
                    } else {
                        (first + 2, c)
                    };
                    if right.1 < left.1 { right } else { left }
                }
                _ => {
                    let children = self.keys.iter().enumerate().skip(first).take(ARITY);
                    match children.min_by_key(|&(_, key)| key) {
                        Some((child, &least)) => (child, least),
                        None => break,
                    }
                }
            };
            if key < least {
                break;
            }
            self.keys[index] = least;
            index = child;
        }
        self.keys[index] = key;
    }
}
