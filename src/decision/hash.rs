//! The portable hash under streams and digests.
//!
//! A folded multiply: the 128-bit product of the mixed state and an odd
//! constant, its halves joined by exclusive or (the construction of wyhash).
//! It reads numbers, never memory, so it gives the same value on every machine.

use std::fmt;
use std::hash::Hasher;

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
const SALT: u64 = 0xd1b5_4a32_d192_ed03;

/// The product of two halves of a hash, twice as wide, folded into one.
#[inline]
const fn folded_product(a: u64, b: u64) -> u64 {
    let product = (a as u128).wrapping_mul(b as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Mixes `value` into `state`.
///
/// ```
/// use omnisim::decision::hash::mix;
/// assert_ne!(mix(0, 1), mix(1, 0));
/// ```
#[inline]
pub const fn mix(state: u64, value: u64) -> u64 {
    let folded = folded_product(state ^ SALT, value ^ ODD);
    // The rotated state keeps the fold injective where the product is degenerate.
    folded.wrapping_add(state.rotate_left(23)).wrapping_mul(ODD)
}

/// Mixes bytes, with their length, into `state`.
#[inline]
pub fn mix_bytes(state: u64, bytes: &[u8]) -> u64 {
    let mut state = mix(state, bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = u64::from_le_bytes(chunk.try_into().expect("a chunk of eight"));
        state = mix(state, word);
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        // Little-endian, by hand: a copy of so few bytes costs more to call than to do.
        let word = |word, byte: &u8| word << 8 | u64::from(*byte);
        state = mix(state, rest.iter().rev().fold(0, word));
    }
    state
}

/// A hash of many words that come one by one.
///
/// Words go to two lanes in turn, each a chain of folded products (the step of
/// foldhash): a word waits for the last but one alone, and in a lane only for one
/// multiplication. A digest of content is a chain of a dozen words or more, and
/// what it takes is the wait from each to the next, not the work.
///
/// ```
/// use omnisim::decision::hash::Lanes;
/// let hash = |words: &[u64]| {
///     let mut lanes = Lanes::new(0);
///     words.iter().for_each(|word| lanes.fold(*word));
///     lanes.finish()
/// };
/// assert_ne!(hash(&[1, 2, 3]), hash(&[3, 2, 1]));
/// assert_ne!(hash(&[0]), hash(&[0, 0]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    /// The lane whose turn it is.
    waiting: u64,
    /// The lane that took the last word.
    moved: u64,
}

impl Lanes {
    /// A hash that goes on from `state`.
    #[inline]
    pub const fn new(state: u64) -> Self {
        Self {
            waiting: state ^ SALT,
            moved: ODD,
        }
    }

    /// Folds one word.
    #[inline]
    pub const fn fold(&mut self, word: u64) {
        let taken = folded_product(self.waiting ^ word, ODD);
        self.waiting = self.moved;
        self.moved = taken;
    }

    /// Folds bytes, and how many they are.
    #[inline]
    pub fn fold_bytes(&mut self, bytes: &[u8]) {
        self.fold(bytes.len() as u64);
        if let Some(last) = bytes.last_chunk::<8>() {
            // What is left over is read with bytes before it: no two texts of the
            // same length read the same for that.
            for word in bytes[..bytes.len() - 1].chunks_exact(8) {
                self.fold(u64::from_le_bytes(word.try_into().expect("eight bytes")));
            }
            self.fold(u64::from_le_bytes(*last));
        } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            self.fold(u64::from(first) << 32 | u64::from(last));
        } else if let (Some(first), Some(last)) = (bytes.first(), bytes.last()) {
            let middle = bytes[bytes.len() / 2];
            self.fold(u64::from_le_bytes([*first, middle, *last, 0, 0, 0, 0, 0]));
        }
    }

    /// The hash of all that was folded.
    #[inline]
    pub const fn finish(self) -> u64 {
        mix(self.waiting, self.moved)
    }
}

/// So that anything that derives [`Hash`](std::hash::Hash) has a hash that is the same on
/// every machine with the same byte order.
impl Hasher for Lanes {
    fn write(&mut self, bytes: &[u8]) {
        self.fold_bytes(bytes);
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.fold(u64::from(value));
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.fold(u64::from(value));
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.fold(u64::from(value));
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.fold(value);
    }

    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.fold(value as u64);
    }

    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.fold(value as u64);
    }

    fn finish(&self) -> u64 {
        Self::finish(*self)
    }
}

/// The hash of a text, without building it.
pub fn text_hash(text: impl fmt::Display) -> u64 {
    let mut writer = TextHash::default();
    writer.write(text);
    writer.finish()
}

/// The hash of the text `kind/scope`.
pub fn path_hash(kind: &str, scope: &str) -> u64 {
    let mut writer = TextHash::default();
    writer.bytes(kind);
    writer.bytes("/");
    writer.bytes(scope);
    writer.finish()
}

/// FNV-1a: what it gives does not depend on how the text arrives in pieces.
struct TextHash(u64);

impl Default for TextHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl TextHash {
    #[inline]
    fn bytes(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn write(&mut self, text: impl fmt::Display) {
        fmt::write(self, format_args!("{text}")).expect("a hash takes any text");
    }

    fn finish(self) -> u64 {
        mix(self.0, 0)
    }
}

impl fmt::Write for TextHash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_hashes_the_same_whole_or_in_pieces() {
        assert_eq!(
            text_hash("loss/r1>r2"),
            text_hash(format_args!("loss/{}", "r1>r2"))
        );
        assert_ne!(text_hash("loss/r1>r2"), text_hash("loss/r2>r1"));
    }

    #[test]
    fn the_hash_is_the_same_on_every_machine_and_in_every_version() {
        assert_eq!(mix(0, 0), 12_357_399_668_769_314_431);
        assert_eq!(text_hash(""), 15_037_015_593_767_867_073);
    }

    #[test]
    fn bytes_of_other_length_or_order_hash_differently() {
        assert_ne!(mix_bytes(0, b"a"), mix_bytes(0, b"a\0"));
        assert_ne!(mix_bytes(0, b"abcdefgh"), mix_bytes(0, b"hgfedcba"));
    }

    fn of_words(words: &[u64]) -> u64 {
        let mut lanes = Lanes::new(0);
        words.iter().for_each(|word| lanes.fold(*word));
        lanes.finish()
    }

    fn of_bytes(bytes: &[u8]) -> u64 {
        let mut lanes = Lanes::new(0);
        lanes.fold_bytes(bytes);
        lanes.finish()
    }

    #[test]
    fn the_hash_of_many_words_is_the_same_on_every_machine_and_in_every_version() {
        assert_eq!(of_words(&[]), 11_381_438_112_769_235_849);
        assert_eq!(of_words(&[1, 2, 3]), 14_377_538_675_718_245_035);
        assert_eq!(of_bytes(b"portable"), 11_963_661_297_845_786_317);
    }

    #[test]
    fn every_bit_of_every_byte_counts_at_every_length() {
        for length in 0..40_usize {
            let bytes: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
            let mut seen = std::collections::BTreeSet::from([of_bytes(&bytes)]);
            for bit in 0..length * 8 {
                let mut changed = bytes.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(
                    seen.insert(of_bytes(&changed)),
                    "bit {bit} of {length} bytes"
                );
            }
            let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
            assert!(seen.insert(of_bytes(&longer)), "{length} bytes and a zero");
        }
    }

    proptest::proptest! {
        #[test]
        fn words_that_differ_in_value_order_or_number_hash_differently(
            words in proptest::collection::vec(0..4_u64, 0..12),
            other in proptest::collection::vec(0..4_u64, 0..12),
        ) {
            proptest::prop_assert_eq!(of_words(&words) == of_words(&other), words == other);
        }
    }
}
