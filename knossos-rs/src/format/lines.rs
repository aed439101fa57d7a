//! Lines of text, one at a time, however the file may look.

use std::io::{BufRead, Read};

use super::ReadError;

/// The longest line that is read, in bytes: an operation is much shorter, and noise without
/// line breaks must not fill the memory.
pub(super) const LINE_BYTES_MAX: usize = 1 << 24;

/// Reads lines. Memory holds one at a time.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Lines {
            reader,
            buffer: Vec::new(),
            number: 0,
        }
    }

    /// The number of the line that was read last, counted from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The next line that is not blank, without white space at its end.
    pub(super) fn next(&mut self) -> Result<Option<&str>, ReadError> {
        loop {
            self.buffer.clear();
            let mut limited = self.reader.by_ref().take(LINE_BYTES_MAX as u64 + 1);
            if limited.read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.buffer.len() > LINE_BYTES_MAX {
                return Err(ReadError::at(
                    self.number,
                    format!(
                        "the line is longer than {LINE_BYTES_MAX} bytes; a history has an \
                         operation on each line"
                    ),
                ));
            }
            if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
                self.buffer.drain(..3);
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let number = self.number;
        let not_text = |error: std::str::Utf8Error| {
            let column = error.valid_up_to() + 1;
            let byte = self.buffer[error.valid_up_to()];
            let problem = format!(
                "is not UTF-8 text: byte {column} of the line is {byte:#04x}; a history is a text \
                 file (a compressed one is read after unpacking)"
            );
            ReadError::at(number, problem)
        };
        let line = str::from_utf8(self.buffer.trim_ascii_end()).map_err(not_text)?;
        Ok(Some(line))
    }
}
