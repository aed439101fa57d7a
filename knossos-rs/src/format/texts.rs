//! One text for equal strings that follow each other closely.
//!
//! What is read was usually written not long before, and keys come again and again. So a small
//! table of the texts seen last, one per slot, saves most of the copies of long ones, and never
//! grows.

use crate::fixed_hash::hash_of;
use crate::text::Text;

/// How many texts are remembered at most; with their short contents they fit a cache.
const SLOTS: usize = 1 << 14;

/// How many bytes a text has at most that lies where it is named.
const SHORT_BYTES: usize = 15;

/// The texts seen last.
#[derive(Debug)]
pub(super) struct Texts(Vec<Option<Text>>);

impl Default for Texts {
    fn default() -> Self {
        Texts(vec![None; SLOTS])
    }
}

impl Texts {
    /// A text equal to `text`, shared with an earlier one where that is remembered.
    pub(super) fn share(&mut self, text: &str) -> Text {
        // A short one is copied as fast as it is found.
        if text.len() <= SHORT_BYTES {
            return text.into();
        }
        let slot = &mut self.0[hash_of(text) as usize % SLOTS];
        match slot {
            Some(known) if **known == *text => known.clone(),
            _ => slot.insert(text.into()).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_comes_again_is_shared_and_every_text_is_itself() {
        let mut texts = Texts::default();
        // Short ones are copied, whoever has them.
        let long = "a".repeat(100);
        let first = texts.share(&long);
        assert!(std::ptr::eq::<str>(&*first, &*texts.share(&long)));
        for number in 0..3 * SLOTS {
            let text = number.to_string();
            assert_eq!(*texts.share(&text), *text);
        }
    }
}
