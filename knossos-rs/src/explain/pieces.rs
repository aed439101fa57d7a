//! Sets of a few pieces, as bits.

/// How many pieces there are at most.
pub(super) const PIECES_MAX: usize = 256;

const WORDS: usize = PIECES_MAX / 64;

/// A set of pieces, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pieces([u64; WORDS]);

impl Pieces {
    /// The pieces of which this is true.
    pub(super) fn of(mut is_in: impl FnMut(usize) -> bool, count: usize) -> Pieces {
        let mut pieces = Pieces::default();
        for piece in (0..count).filter(|piece| is_in(*piece)) {
            pieces.insert(piece);
        }
        pieces
    }

    /// Adds a piece.
    pub(super) fn insert(&mut self, piece: usize) {
        self.0[piece / 64] |= 1 << (piece % 64);
    }

    /// Whether the piece is in it.
    pub(super) fn contains(&self, piece: usize) -> bool {
        self.0[piece / 64] >> (piece % 64) & 1 == 1
    }

    /// What is in both.
    pub(super) fn and(&self, other: &Pieces) -> Pieces {
        Pieces(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    /// What is in this and not in the other.
    pub(super) fn without(&self, other: &Pieces) -> Pieces {
        Pieces(std::array::from_fn(|word| self.0[word] & !other.0[word]))
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    /// Whether the other has all that this has.
    pub(super) fn is_within(&self, other: &Pieces) -> bool {
        self.without(other).is_empty()
    }

    /// The pieces, ascending.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        (0..).zip(self.0).flat_map(|(word, mut bits)| {
            std::iter::from_fn(move || {
                (bits != 0).then(|| {
                    let bit = bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    word * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_sets(left: BTreeSet<u8>, right: BTreeSet<u8>) {
            let pieces = |set: &BTreeSet<u8>| Pieces::of(|piece| set.contains(&(piece as u8)), 256);
            let numbers = |pieces: Pieces| pieces.iter().map(|piece| piece as u8).collect();
            let (one, other) = (pieces(&left), pieces(&right));
            let both: BTreeSet<u8> = numbers(one.and(&other));
            let only: BTreeSet<u8> = numbers(one.without(&other));
            prop_assert_eq!(both, &left & &right);
            prop_assert_eq!(only, &left - &right);
            prop_assert_eq!(one.is_within(&other), left.is_subset(&right));
            prop_assert_eq!(one.is_empty(), left.is_empty());
            prop_assert!(left.iter().all(|piece| one.contains(usize::from(*piece))));
        }
    }
}
