//! A heap of small keys.
//!
//! A [`Key`] packs all that orders an event, and where its payload is, into 16
//! bytes: the time, a sequence number, the payload's slot. Sequence numbers are
//! unique, so no two keys are equal and the order is total.
//!
//! The heap is implicit, with four children to a parent: half as deep as a
//! binary one, and the four keys compared at each level are side by side, 64
//! bytes in all.

use crate::Instant;

/// The number of children of a parent.
const ARITY: usize = 4;

const SLOT_BITS: u32 = 24;
const SEQUENCE_BITS: u32 = 64 - SLOT_BITS;

/// When an event is due, and where its payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// From the top bit down: 64 bits of time, 40 of sequence, 24 of slot.
    bits: u128,
}

impl Key {
    /// Slots go up to this number, exclusively: 16,777,216 pending events.
    pub(crate) const SLOTS_MAX: u64 = 1 << SLOT_BITS;

    /// Sequence numbers go up to this one, exclusively: 10^12 events in a run.
    pub(crate) const SEQUENCES_MAX: u64 = 1 << SEQUENCE_BITS;

    #[inline]
    pub(crate) fn new(at: Instant, sequence: u64, slot: u32) -> Self {
        debug_assert!(sequence < Self::SEQUENCES_MAX);
        debug_assert!(u64::from(slot) < Self::SLOTS_MAX);
        let order = sequence << SLOT_BITS | u64::from(slot);
        Self {
            bits: u128::from(at.as_nanos()) << 64 | u128::from(order),
        }
    }

    /// Plain integer comparison: the derived one goes by way of an `Ordering`,
    /// which costs the heap a branch per level.
    #[inline]
    pub(crate) fn precedes(self, other: Self) -> bool {
        self.bits < other.bits
    }

    #[inline]
    pub(crate) fn at(self) -> Instant {
        Instant::from_nanos((self.bits >> 64) as u64)
    }

    #[inline]
    pub(crate) fn sequence(self) -> u64 {
        self.bits as u64 >> SLOT_BITS
    }

    #[inline]
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

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The least key.
    #[inline]
    pub(crate) fn peek(&self) -> Option<Key> {
        self.keys.first().copied()
    }

    #[inline]
    pub(crate) fn push(&mut self, key: Key) {
        self.keys.push(key);
        self.sift_up(self.keys.len() - 1);
    }

    /// Takes out the least key.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Key> {
        let last = self.keys.pop()?;
        let Some(top) = self.keys.first_mut() else {
            return Some(last);
        };
        let least = std::mem::replace(top, last);
        debug_assert!(least.precedes(last));
        self.sift_down(0);
        Some(least)
    }

    /// Takes out every key that `keep` refuses.
    #[inline]
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
    #[inline]
    fn sift_up(&mut self, index: usize) {
        let mut index = index;
        let key = self.keys[index];
        while index > 0 {
            let parent = (index - 1) / ARITY;
            if self.keys[parent].precedes(key) {
                break;
            }
            self.keys[index] = self.keys[parent];
            index = parent;
        }
        self.keys[index] = key;
    }

    /// Moves the key at `index` away from the top until its children are greater.
    #[inline]
    fn sift_down(&mut self, index: usize) {
        let keys = &mut self.keys[..];
        let key = keys[index];
        let mut index = index;
        loop {
            let first = index * ARITY + 1;
            let child = match keys.get(first..first + ARITY) {
                Some(children) => first + least_of_four(children),
                None if first < keys.len() => first + least_of_few(&keys[first..]),
                None => break,
            };
            let least = keys[child];
            if key.precedes(least) {
                break;
            }
            keys[index] = least;
            index = child;
        }
        keys[index] = key;
    }
}

/// A tournament of two rounds. Which key wins is a toss-up, so it is told in
/// arithmetic rather than in branches, which would be mispredicted.
#[inline]
fn least_of_four(keys: &[Key]) -> usize {
    let keys: &[Key; ARITY] = keys.try_into().expect("four keys");
    let left = usize::from(keys[1].precedes(keys[0]));
    let right = 2 + usize::from(keys[3].precedes(keys[2]));
    if keys[right].precedes(keys[left]) {
        right
    } else {
        left
    }
}

/// The last parent may have fewer than four children.
fn least_of_few(keys: &[Key]) -> usize {
    let mut least = 0;
    for index in 1..keys.len() {
        if keys[index].precedes(keys[least]) {
            least = index;
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drained(mut heap: KeyHeap) -> Vec<Key> {
        std::iter::from_fn(|| heap.pop()).collect()
    }

    proptest! {
        #[test]
        fn a_key_gives_back_what_was_packed_into_it(
            at: u64,
            sequence in 0..Key::SEQUENCES_MAX,
            slot in 0..Key::SLOTS_MAX as u32,
        ) {
            let key = Key::new(Instant::from_nanos(at), sequence, slot);
            prop_assert_eq!(key.at().as_nanos(), at);
            prop_assert_eq!(key.sequence(), sequence);
            prop_assert_eq!(key.slot(), slot);
        }

        #[test]
        fn time_comes_before_sequence_and_sequence_before_slot(
            a in (0..3_u64, 0..3_u64, 0..3_u32),
            b in (0..3_u64, 0..3_u64, 0..3_u32),
        ) {
            let key = |(at, sequence, slot)| Key::new(Instant::from_nanos(at), sequence, slot);
            prop_assert_eq!(key(a).precedes(key(b)), a < b);
        }

        #[test]
        fn keys_come_out_sorted_also_after_some_were_taken_out(
            times in prop::collection::vec(0..50_u64, 0..200),
            modulus in 1..5_u64,
        ) {
            let mut heap = KeyHeap::new();
            let mut expected = Vec::new();
            for (sequence, &time) in times.iter().enumerate() {
                let key = Key::new(Instant::from_nanos(time), sequence as u64, 0);
                heap.push(key);
                expected.push(key);
            }
            expected.sort_by_key(|key| key.bits);
            prop_assert_eq!(heap.len(), expected.len());
            prop_assert_eq!(heap.peek(), expected.first().copied());
            prop_assert_eq!(drained(heap.clone()), expected.clone());

            let keep = |key: &Key| key.sequence().is_multiple_of(modulus);
            heap.retain(keep);
            expected.retain(keep);
            prop_assert_eq!(drained(heap), expected);
        }
    }
}
