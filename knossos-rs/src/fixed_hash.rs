//! A hash that is the same in every run and on every machine of one word size.
//!
//! Multiply and rotate, as in the hasher of the Rust compiler (FxHash), with a finisher that
//! spreads the high bits. It is for lookups only: no answer depends on its order.

use std::hash::{Hash, Hasher};

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of one value.
pub(crate) fn hash_of<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = FixedHasher(0);
    value.hash(&mut hasher);
    hasher.finish()
}

/// The hash of a text, different for each salt.
#[inline]
pub(crate) fn hash_text(text: &str, salt: u64) -> u64 {
    let mut hasher = FixedHasher(salt.wrapping_mul(FACTOR));
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// A hasher with a fixed start.
struct FixedHasher(u64);

impl FixedHasher {
    #[inline]
    fn fold(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for FixedHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.fold(short_word(rest));
        }
        self.fold(bytes.len() as u64);
    }

    fn write_u8(&mut self, value: u8) {
        self.fold(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.fold(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.fold(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.fold(value as u64);
    }

    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR);
        mixed ^ (mixed >> 29)
    }
}

/// One to seven bytes as a word; together with their number it tells them.
fn short_word(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
    } else {
        let byte = |place: usize| u64::from(bytes[place]);
        byte(0) | byte(bytes.len() / 2) << 8 | byte(bytes.len() - 1) << 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_words_fall_into_different_slots() {
        let mut slots: Vec<u64> = (0..1_000_u64).map(|word| hash_of(&word) % 4_096).collect();
        slots.sort_unstable();
        slots.dedup();
        assert!(
            slots.len() > 800,
            "only {} slots for 1000 words",
            slots.len()
        );
    }

    #[test]
    fn every_byte_of_a_short_text_counts() {
        for length in 1..=9_usize {
            let text = vec![b'a'; length];
            for place in 0..length {
                let mut other = text.clone();
                other[place] = b'b';
                assert_ne!(
                    hash_of(&text[..]),
                    hash_of(&other[..]),
                    "{place} of {length}"
                );
            }
        }
    }

    #[test]
    fn the_length_of_a_text_counts() {
        assert_ne!(hash_of("a\0"), hash_of("a"));
    }
}
