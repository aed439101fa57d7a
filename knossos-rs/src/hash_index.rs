//! Finding numbers by the hash of what they stand for.
//!
//! Open addressing with linear probing. A large table is many small ones, told apart by the first
//! bits of the hash, so that growing never needs more than a little memory at once: who keeps
//! to a budget can look before and after, and is not surprised in between.

const EMPTY: u32 = u32::MAX;

/// From how many numbers on the table is split, and in how many; a power of two.
const SPLIT_AT: usize = 1 << 12;
const SHARDS: usize = 64;

/// Numbers by hash.
#[derive(Default)]
pub(crate) struct HashIndex {
    shards: Vec<Shard>,
    len: usize,
}

#[derive(Clone, Default)]
struct Shard {
    slots: Vec<u32>,
    used: usize,
}

impl HashIndex {
    /// The number with this hash that is the one looked for.
    pub(crate) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let slots = &self.shards.get(self.shard_of(hash))?.slots;
        let mask = slots.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        while slots[slot] != EMPTY {
            if is_it(slots[slot]) {
                return Some(slots[slot]);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// Enters a number that is not in the table; `hash_of` gives the hash of any that is.
    pub(crate) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        assert!(number != EMPTY, "fewer than 2^32 - 1 numbers");
        if self.shards.is_empty() {
            self.shards.push(Shard::default());
        }
        if self.len == SPLIT_AT {
            let whole = std::mem::replace(&mut self.shards, vec![Shard::default(); SHARDS]);
            for number in whole.iter().flat_map(|shard| &shard.slots) {
                if *number != EMPTY {
                    let hash = hash_of(*number);
                    let shard = self.shard_of(hash);
                    self.shards[shard].insert(hash, *number, &hash_of);
                }
            }
        }
        let shard = self.shard_of(hash);
        self.shards[shard].insert(hash, number, &hash_of);
        self.len += 1;
    }

    /// Bytes in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        let slots: usize = self.shards.iter().map(|shard| shard.slots.len()).sum();
        slots * size_of::<u32>() + self.shards.len() * size_of::<Shard>()
    }

    fn shard_of(&self, hash: u64) -> usize {
        if self.shards.len() == SHARDS {
            (hash >> (u64::BITS - SHARDS.ilog2())) as usize
        } else {
            0
        }
    }
}

impl Shard {
    fn insert(&mut self, hash: u64, number: u32, hash_of: &impl Fn(u32) -> u64) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let size = (self.slots.len() * 2).max(16);
            let small = std::mem::replace(&mut self.slots, vec![EMPTY; size]);
            for number in small.into_iter().filter(|number| *number != EMPTY) {
                self.place(hash_of(number), number);
            }
        }
        self.place(hash, number);
        self.used += 1;
    }

    fn place(&mut self, hash: u64, number: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixed_hash::hash_of;

    #[test]
    fn every_number_is_found_while_the_table_grows_and_splits() {
        let hash = |number: u32| hash_of(&(number % 5_000));
        let mut index = HashIndex::default();
        assert_eq!(index.find(hash(0), |_| true), None);
        for number in 0..10_000 {
            index.insert(hash(number), number, hash);
            let found = index.find(hash(number / 2), |other| other == number / 2);
            assert_eq!(found, Some(number / 2));
        }
        for number in 0..10_000 {
            assert_eq!(
                index.find(hash(number), |other| other == number),
                Some(number)
            );
        }
        assert_eq!(index.find(hash(3), |_| false), None);
        assert!((40_000..160_000).contains(&index.memory_bytes()));
    }
}
