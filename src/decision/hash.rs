//! The portable hash under streams and digests.
//!
//! A folded multiply: the 128-bit product of the mixed state and an odd
//! constant, its halves joined by exclusive or (the construction of wyhash).
//! It reads numbers, never memory, so it gives the same value on every machine.

use std::fmt;

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
const SALT: u64 = 0xd1b5_4a32_d192_ed03;

/// Mixes `value` into `state`.
///
/// ```
/// use omnisim::decision::hash::mix;
/// assert_ne!(mix(0, 1), mix(1, 0));
/// ```
#[inline]
pub const fn mix(state: u64, value: u64) -> u64 {
    let product = ((state ^ SALT) as u128).wrapping_mul((value ^ ODD) as u128);
    let folded = (product as u64) ^ ((product >> 64) as u64);
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
}
