//! Numbers for values: equal values get the same number, new values the next.
//!
//! The numbers depend only on the order of insertion.

use std::hash::Hash;

use crate::chunked::Chunked;
use crate::fixed_hash::hash_of;
use crate::hash_index::HashIndex;

/// Values and their numbers.
pub(crate) struct Interner<T> {
    values: Chunked<T>,
    index: HashIndex,
}

impl<T: Eq + Hash> Interner<T> {
    /// An interner without values.
    pub(crate) fn new() -> Interner<T> {
        Interner {
            values: Chunked::new(),
            index: HashIndex::default(),
        }
    }

    /// The number of `value`, and whether it is new.
    pub(crate) fn intern(&mut self, value: T) -> (u32, bool) {
        let values = &self.values;
        let number = u32::try_from(values.len()).expect("fewer than 2^32 distinct values");
        let is_it = |number: u32| *values.get(number as usize) == value;
        if let Some(known) = self.index.find_or_insert(hash_of(&value), number, is_it) {
            return (known, false);
        }
        self.values.push(value);
        (number, true)
    }

    /// Whether the value has a number.
    pub(crate) fn contains(&self, value: &T) -> bool {
        let is_it = |number: u32| self.values.get(number as usize) == value;
        self.index.find(hash_of(value), is_it).is_some()
    }

    /// The value with this number.
    pub(crate) fn get(&self, number: u32) -> &T {
        self.values.get(number as usize)
    }

    /// How many distinct values there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Bytes in use, not counting what the values own elsewhere.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.values.memory_bytes() + self.index.memory_bytes()
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
            assert!(interner.contains(&(value * 7)) && !interner.contains(&(value * 7 + 1)));
        }
        assert_eq!(interner.len(), 1_000);
    }
}
