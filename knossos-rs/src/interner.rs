//! Numbers for values: equal values get the same number, new values the next.
//!
//! An open-addressing table with linear probing over a fixed hash; the numbers depend only on
//! the order of insertion.

use std::hash::Hash;

use crate::fixed_hash::hash_of;

const EMPTY: u32 = u32::MAX;

/// Values and their numbers.
pub(crate) struct Interner<T> {
    values: Vec<T>,
    hashes: Vec<u64>,
    slots: Vec<u32>,
}

impl<T: Eq + Hash> Interner<T> {
    /// An interner without values.
    pub(crate) fn new() -> Interner<T> {
        Interner {
            values: Vec::new(),
            hashes: Vec::new(),
            slots: vec![EMPTY; 16],
        }
    }

    /// The number of `value`, and whether it is new.
    pub(crate) fn intern(&mut self, value: T) -> (u32, bool) {
        let hash = hash_of(&value);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot] != EMPTY {
            let number = self.slots[slot];
            if self.hashes[number as usize] == hash && self.values[number as usize] == value {
                return (number, false);
            }
            slot = (slot + 1) & mask;
        }
        let number = u32::try_from(self.values.len()).expect("fewer than 2^32 distinct values");
        assert!(number != EMPTY, "fewer than 2^32 distinct values");
        self.slots[slot] = number;
        self.values.push(value);
        self.hashes.push(hash);
        if self.values.len() * 2 > self.slots.len() {
            self.grow();
        }
        (number, true)
    }

    /// The value with this number.
    pub(crate) fn get(&self, number: u32) -> &T {
        &self.values[number as usize]
    }

    /// How many distinct values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Bytes in use, not counting what the values own elsewhere.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.values.len() * (size_of::<T>() + 8) + self.slots.len() * 4
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![EMPTY; mask + 1];
        for (number, hash) in self.hashes.iter().enumerate() {
            let mut slot = *hash as usize & mask;
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_number_through_growth() {
        let mut interner = Interner::new();
        for value in 0..1_000_u32 {
            assert_eq!(interner.intern(value * 7), (value, true));
        }
        for value in 0..1_000_u32 {
            assert_eq!(interner.intern(value * 7), (value, false));
            assert_eq!(*interner.get(value), value * 7);
        }
        assert_eq!(interner.len(), 1_000);
    }
}
