//! Finding numbers by the hash of what they stand for.
//!
//! Open addressing with linear probing. A slot holds a number and half of its hash, so that a
//! number that is not meant is told apart without looking at what it stands for, and growing
//! asks nobody for hashes. A large table is many small ones, told apart by the first bits of the
//! hash, so that growing never needs more than a little memory at once: who keeps to a budget can
//! look before and after, and is not surprised in between.

/// The half of a hash that a slot holds; the other half of the slot is the number.
const HALF: u64 = !0 << u32::BITS;

/// A slot without a number: no number is `u32::MAX`.
const EMPTY: u64 = u64::MAX;

/// From how many numbers on the table is split, and in how many; a power of two.
const SPLIT_AT: usize = 1 << 12;
const SHARDS: usize = 64;

/// Numbers by hash.
#[derive(Default)]
pub(crate) struct HashIndex {
    shards: Vec<Shard>,
    len: usize,
    /// Slots of all shards.
    slots: usize,
}

#[derive(Clone, Default)]
struct Shard {
    slots: Vec<u64>,
    used: usize,
}

impl HashIndex {
    /// An index with room for so many numbers, so that growing is rare up to there.
    pub(crate) fn with_room(numbers: usize) -> HashIndex {
        let count = if numbers < SPLIT_AT { 1 } else { SHARDS };
        let size = (numbers / count * 4 / 3 + 1).next_power_of_two().max(16);
        let shard = Shard {
            slots: vec![EMPTY; size],
            used: 0,
        };
        HashIndex {
            shards: vec![shard; count],
            len: 0,
            slots: count * size,
        }
    }

    /// The number with this hash that is the one looked for.
    pub(crate) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let shard = self.shards.get(self.shard_of(hash))?;
        if shard.slots.is_empty() {
            return None;
        }
        shard.probe(hash, is_it).ok()
    }

    /// The number with this hash that is the one looked for; if there is none, `number` is
    /// entered.
    #[inline]
    pub(crate) fn find_or_insert(
        &mut self,
        hash: u64,
        number: u32,
        is_it: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        assert!(number != u32::MAX, "fewer than 2^32 - 1 numbers");
        if self.shards.is_empty() {
            self.shards.push(Shard::default());
        }
        if self.len == SPLIT_AT && self.shards.len() == 1 {
            self.split();
        }
        let shard = self.shard_of(hash);
        let shard = &mut self.shards[shard];
        let mut slot = 0;
        if !shard.slots.is_empty() {
            match shard.probe(hash, is_it) {
                Ok(found) => return Some(found),
                Err(free) => slot = free,
            }
        }
        let new = shard.make_room();
        if new == 0 {
            shard.slots[slot] = (hash & HALF) | u64::from(number);
        } else {
            shard.place((hash & HALF) | u64::from(number));
            self.slots += new;
        }
        shard.used += 1;
        self.len += 1;
        None
    }

    /// Bytes in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.slots * size_of::<u64>() + self.shards.len() * size_of::<Shard>()
    }

    fn split(&mut self) {
        let whole = std::mem::replace(&mut self.shards, vec![Shard::default(); SHARDS]);
        self.slots = 0;
        for slot in whole.into_iter().flat_map(|shard| shard.slots) {
            if slot != EMPTY {
                let shard = self.shard_of(slot);
                self.slots += self.shards[shard].make_room();
                self.shards[shard].place(slot);
                self.shards[shard].used += 1;
            }
        }
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
    /// The number looked for, or the slot where it would be.
    #[inline]
    fn probe(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = home(hash) & mask;
        loop {
            let known = self.slots[slot];
            if known == EMPTY {
                return Err(slot);
            }
            if (known ^ hash) & HALF == 0 && is_it(known as u32) {
                return Ok(known as u32);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Makes sure that one more number leaves slots empty; gives how many slots are new.
    fn make_room(&mut self) -> usize {
        if (self.used + 1) * 4 <= self.slots.len() * 3 {
            return 0;
        }
        let size = (self.slots.len() * 2).max(16);
        let small = std::mem::replace(&mut self.slots, vec![EMPTY; size]);
        let new = size - small.len();
        for slot in small.into_iter().filter(|slot| *slot != EMPTY) {
            self.place(slot);
        }
        new
    }

    fn place(&mut self, known: u64) {
        let mask = self.slots.len() - 1;
        let mut slot = home(known) & mask;
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = known;
    }
}

/// Where a number begins to look for a slot: the part of the hash that slots hold, so that it is
/// known of every slot.
fn home(hash: u64) -> usize {
    (hash >> u32::BITS) as usize
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
            let found = index.find_or_insert(hash(number), number, |other| other == number);
            assert_eq!(found, None);
            let found = index.find_or_insert(hash(number), u32::MAX - 1, |other| other == number);
            assert_eq!(found, Some(number));
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
        assert!((80_000..320_000).contains(&index.memory_bytes()));
    }
}
