//! One object has one key.

use super::Codec;
use crate::text::Text;

/// Refuses a second key in the history of one object.
#[derive(Debug, Default)]
pub(in crate::format) struct OneKey {
    /// The key of the first operation, and its line.
    first: Option<(Option<Text>, usize)>,
    /// Whether that one had a key.
    has_key: bool,
}

impl OneKey {
    /// Takes note of the key of an operation of `codec`.
    pub(in crate::format) fn admit<C: Codec>(
        &mut self,
        codec: &C,
        key: Option<&Text>,
        line: usize,
    ) -> Result<(), String> {
        if codec.is_keyed() && self.has_key == key.is_some() && self.first.is_some() {
            return Ok(());
        }
        let (first, first_line) = self.first.get_or_insert_with(|| (key.cloned(), line));
        self.has_key = first.is_some();
        let words = |key: Option<&Text>| key.map_or("missing".to_owned(), |key| format!("{key:?}"));
        if codec.is_keyed() && self.has_key != key.is_some() {
            return Err(format!(
                "`key` is {}, and on line {first_line} it was {}; give one to all operations, or \
                 to none",
                words(key),
                words(first.as_ref())
            ));
        }
        if codec.is_keyed() || first.as_ref() == key {
            return Ok(());
        }
        Err(format!(
            "`key` is {}, and on line {first_line} it was {}; a register is one object (a history \
             of many keys is read with the model `kv`)",
            words(key),
            words(first.as_ref())
        ))
    }
}
