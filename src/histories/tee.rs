//! A file that is looked at first, and then read from its beginning.

use std::io::{Cursor, Read, Result};

/// Remembers what is read, so that it can be read again: standard input has no way back.
pub(super) struct Tee<'r> {
    reader: Box<dyn Read + 'r>,
    seen: Vec<u8>,
}

impl<'r> Tee<'r> {
    /// Nothing is read yet.
    pub(super) fn new(reader: impl Read + 'r) -> Self {
        Self {
            reader: Box::new(reader),
            seen: Vec::new(),
        }
    }

    /// What was read, and then the rest.
    pub(super) fn again(self) -> impl Read + 'r {
        Cursor::new(self.seen).chain(self.reader)
    }
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = self.reader.read(buffer)?;
        self.seen.extend_from_slice(&buffer[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_read_again_with_all_that_follows() {
        let mut tee = Tee::new(&b"a history"[..]);
        tee.read_exact(&mut [0; 3]).expect("there is enough");
        let mut all = String::new();
        tee.again().read_to_string(&mut all).expect("a text");
        assert_eq!(all, "a history");
    }
}
