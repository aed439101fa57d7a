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
        while self.fill()? {
            if !self.buffer.trim_ascii().is_empty() {
                return self.text().map(|line| Some(line.trim_ascii_end()));
            }
        }
        Ok(None)
    }

    /// The next line, blank or not, with its end.
    pub(super) fn next_whole(&mut self) -> Result<Option<&str>, ReadError> {
        if self.fill()? {
            self.text().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Reads a line, if there is one.
    fn fill(&mut self) -> Result<bool, ReadError> {
        self.buffer.clear();
        let mut limited = self.reader.by_ref().take(LINE_BYTES_MAX as u64 + 1);
        if limited.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(false);
        }
        self.number += 1;
        if self.buffer.len() > LINE_BYTES_MAX {
            return Err(too_long(self.number));
        }
        if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
        Ok(true)
    }

    /// The line as text.
    fn text(&self) -> Result<&str, ReadError> {
        str::from_utf8(&self.buffer).map_err(|error| {
            let column = error.valid_up_to() + 1;
            let byte = self.buffer[error.valid_up_to()];
            let problem = format!(
                "is not UTF-8 text: byte {column} of the line is {byte:#04x}; a history is a text \
                 file (a compressed one is read after unpacking)"
            );
            ReadError::at(self.number, problem)
        })
    }
}

/// A line, or what begins there, does not end.
pub(super) fn too_long(line: usize) -> ReadError {
    ReadError::at(
        line,
        format!("is longer than {LINE_BYTES_MAX} bytes; no operation of a history is"),
    )
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    #[test]
    fn lines_come_with_their_numbers_and_blank_ones_only_on_request() {
        let text = "\u{feff}a \r\n\n \t\nb";
        let mut lines = Lines::new(text.as_bytes());
        assert_eq!(lines.next().unwrap(), Some("a"));
        assert_eq!(lines.next().unwrap(), Some("b"));
        assert_eq!(lines.number(), 4);
        assert_eq!(lines.next().unwrap(), None);
        let mut lines = Lines::new(text.as_bytes());
        let mut whole = Vec::new();
        while let Some(line) = lines.next_whole().unwrap() {
            whole.push(line.to_owned());
        }
        assert_eq!(whole, ["a \r\n", "\n", " \t\n", "b"]);
    }

    #[test]
    fn a_line_without_end_is_read_no_further_than_the_bound() {
        let endless = Cursor::new("a\n").chain(std::io::repeat(b'x'));
        let mut lines = Lines::new(BufReader::new(endless));
        assert_eq!(lines.next().unwrap(), Some("a"));
        let error = lines.next().unwrap_err();
        assert!(
            error.to_string().starts_with("line 2: is longer than"),
            "{error}"
        );
    }
}
