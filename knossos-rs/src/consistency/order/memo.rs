//! The configurations that have been entered: none needs to be entered twice.
//!
//! As in the linearizability search, unknown operations need never be used, so what has used
//! more of them than a configuration already entered, and is equal to it otherwise, offers
//! nothing new.

use crate::interner::Interner;

/// The configurations entered so far.
pub(super) struct Memo {
    keys: Interner<Box<[u64]>>,
    /// Of each key: the sets of unknown operations used, as bits.
    used: Vec<Vec<Box<[u64]>>>,
    bytes: usize,
}

impl Memo {
    /// A memo that knows nothing.
    pub(super) fn new() -> Memo {
        Memo {
            keys: Interner::new(),
            used: Vec::new(),
            bytes: 0,
        }
    }

    /// Enters a configuration. False if it, or one with fewer unknown operations used, has been
    /// entered before.
    pub(super) fn enter(&mut self, key: &[u64], used: &[u64]) -> bool {
        let (number, is_new) = self.keys.intern(key.into());
        if is_new {
            self.used.push(Vec::new());
            self.bytes += key.len() * 8 + size_of::<Vec<Box<[u64]>>>();
        }
        let sets = &mut self.used[number as usize];
        if sets.iter().any(|known| is_subset(known, used)) {
            return false;
        }
        let length = used
            .iter()
            .rposition(|word| *word != 0)
            .map_or(0, |last| last + 1);
        sets.push(used[..length].into());
        self.bytes += length * 8 + size_of::<Box<[u64]>>();
        true
    }

    /// Bytes in use.
    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes + self.keys.memory_bytes()
    }
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
    fn a_configuration_is_entered_once_and_not_again_with_more_unknown_operations() {
        let mut memo = Memo::new();
        assert!(memo.enter(&[1, 2], &[0b10, 0]));
        assert!(!memo.enter(&[1, 2], &[0b10, 0]));
        assert!(!memo.enter(&[1, 2], &[0b11, 1]));
        assert!(memo.enter(&[1, 2], &[0b01, 1]), "another one is used");
        assert!(memo.enter(&[1, 3], &[0b10, 0]), "another key");
        assert!(memo.memory_bytes() > 0);
    }
}
