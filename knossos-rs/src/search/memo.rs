//! What the search knows to fail.
//!
//! A *configuration* is what the future depends on: the known operations left, the state, and
//! the unknown operations used. It is entered here once everything from it has failed, so a
//! search that never turns back remembers nothing (the cache of Lowe, "Testing for
//! linearizability", 2017, filled on the way back instead of on the way in).
//!
//! Unknown operations need never be used, so from a configuration that has used more of them
//! nothing is possible that is not possible from one that has used fewer: a configuration
//! fails if one is known to fail with the same known operations, the same state, and a subset
//! of its used unknown ones.
//!
//! A history needs no cutting at its quiescent points, where nothing is under way: a configuration
//! there is a state and nothing else, so that what comes after is searched once for each state.
//!
//! A key is a few words, those of the operations that may come next, and its hash is computed
//! when it is asked for. To keep a hash up to date with every operation taken and put back
//! (Zobrist 1970) would spare that: in a search that spends the most on it (repeated cas, 16
//! clients) writing keys takes 6 % of the time, hashing them 3 %, and missing the caches 7 %. It
//! would cost a look into a table for every operation, reads taken greedily among them.

use crate::chunked::Chunked;
use crate::fixed_hash::hash_of;
use crate::hash_index::HashIndex;

const NONE: u32 = u32::MAX;

/// The configurations known to fail.
pub(super) struct Memo {
    words: Chunked<u64>,
    groups: Chunked<Group>,
    used_sets: Chunked<UsedSet>,
    index: HashIndex,
}

/// Configurations that differ in the used unknown operations only.
struct Group {
    start: usize,
    length: u32,
    first_set: u32,
}

/// One set of used unknown operations, as bits in words, and the next set of the group.
struct UsedSet {
    start: usize,
    length: u32,
    next: u32,
}

impl Memo {
    /// A memo that knows nothing.
    pub(super) fn new() -> Memo {
        Memo {
            words: Chunked::new(),
            groups: Chunked::new(),
            used_sets: Chunked::new(),
            index: HashIndex::default(),
        }
    }

    /// Whether anything is known.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.len() == 0
    }

    /// Whether the configuration is known to fail. `key` tells known operations and state,
    /// `used` has a bit for each used unknown operation.
    pub(super) fn fails(&self, key: &[u64], used: &[u64]) -> bool {
        let Some(group) = self.find(key) else {
            return false;
        };
        let mut set = self.groups.get(group as usize).first_set;
        while set != NONE {
            let UsedSet {
                start,
                length,
                next,
            } = *self.used_sets.get(set as usize);
            let known = self.words.slice(start, length as usize);
            if is_subset(known, used) {
                return true;
            }
            set = next;
        }
        false
    }

    /// Enters a configuration from which everything failed.
    pub(super) fn insert(&mut self, key: &[u64], used: &[u64]) {
        let group = self.find_or_add(key);
        // Trailing empty words say nothing.
        let length = used
            .iter()
            .rposition(|word| *word != 0)
            .map_or(0, |last| last + 1);
        let start = self.words.push_slice(&used[..length]);
        let first_set = &mut self.groups.get_mut(group as usize).first_set;
        let set = UsedSet {
            start,
            length: number(length),
            next: *first_set,
        };
        *first_set = number(self.used_sets.len());
        self.used_sets.push(set);
    }

    /// Bytes in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.words.memory_bytes()
            + self.groups.memory_bytes()
            + self.used_sets.memory_bytes()
            + self.index.memory_bytes()
    }

    fn find(&self, key: &[u64]) -> Option<u32> {
        let (words, groups) = (&self.words, &self.groups);
        let is_it = |group: u32| groups.get(group as usize).is(key, words);
        self.index.find(hash_of(key), is_it)
    }

    fn find_or_add(&mut self, key: &[u64]) -> u32 {
        let number_if_new = number(self.groups.len());
        let (words, groups) = (&self.words, &self.groups);
        let is_it = |group: u32| groups.get(group as usize).is(key, words);
        if let Some(known) = self
            .index
            .find_or_insert(hash_of(key), number_if_new, is_it)
        {
            return known;
        }
        let start = self.words.push_slice(key);
        self.groups.push(Group {
            start,
            length: number(key.len()),
            first_set: NONE,
        });
        number_if_new
    }
}

impl Group {
    fn is(&self, key: &[u64], words: &Chunked<u64>) -> bool {
        self.length as usize == key.len() && words.slice(self.start, key.len()) == key
    }
}

/// A count that fits: memory runs out long before.
fn number(count: usize) -> u32 {
    let number = u32::try_from(count).expect("fewer than 2^32 entries");
    assert!(number != NONE, "fewer than 2^32 - 1 entries");
    number
}

/// Whether every bit of `small` is in `large`.
fn is_subset(small: &[u64], large: &[u64]) -> bool {
    small
        .iter()
        .enumerate()
        .all(|(index, word)| word & !large.get(index).copied().unwrap_or(0) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_with_fewer_unknown_operations_covers_one_with_more() {
        let mut memo = Memo::new();
        memo.insert(&[1, 2], &[0b010, 0]);
        assert!(memo.fails(&[1, 2], &[0b010, 0]));
        assert!(memo.fails(&[1, 2], &[0b110, 1]));
        assert!(!memo.fails(&[1, 2], &[0b100, 1]), "another one is used");
        assert!(!memo.fails(&[1, 2], &[0, 0]), "fewer are used");
        assert!(!memo.fails(&[1, 3], &[0b010, 0]), "another state");
    }

    #[test]
    fn nothing_is_lost_when_the_table_grows() {
        let mut memo = Memo::new();
        for key in 0..1_000 {
            assert!(!memo.fails(&[key, key * 3], &[]));
            memo.insert(&[key, key * 3], &[]);
        }
        assert!((0..1_000).all(|key| memo.fails(&[key, key * 3], &[])));
        assert!(memo.memory_bytes() >= 16_000);
    }
}
