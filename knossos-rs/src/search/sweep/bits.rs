//! Sets of small numbers, a bit for each.

/// Whether the number is in the set.
#[inline]
pub(super) fn has(bits: &[u64], bit: usize) -> bool {
    bits[bit / 64] >> (bit % 64) & 1 == 1
}

/// Puts the number into the set.
#[inline]
pub(super) fn set(bits: &mut [u64], bit: usize) {
    bits[bit / 64] |= 1 << (bit % 64);
}

/// Takes the number out of the set.
#[inline]
pub(super) fn unset(bits: &mut [u64], bit: usize) {
    bits[bit / 64] &= !(1 << (bit % 64));
}
