//! Who hears how far the reading and the check of a history have come.

use std::io::Read;

/// Hears how far it has come.
pub(crate) trait Reading: Sync {
    /// So many bytes of a file are read.
    fn has_read(&self, file: &str, bytes: u64);

    /// So many operations of a file are checked from now on.
    fn checks(&self, file: &str, operations: usize);
}

/// A reader that tells how far it has come.
pub(super) struct Counted<'a, R> {
    reader: R,
    bytes: u64,
    file: String,
    hears: &'a dyn Reading,
}

impl<'a, R: Read> Counted<'a, R> {
    pub(super) fn new(file: String, reader: R, hears: &'a dyn Reading) -> Self {
        Self {
            reader,
            bytes: 0,
            file,
            hears,
        }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.bytes += count as u64;
        self.hears.has_read(&self.file, self.bytes);
        Ok(count)
    }
}
