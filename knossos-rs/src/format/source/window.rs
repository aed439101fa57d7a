//! What was read of a file and is not taken yet.

use std::io::{BufRead, ErrorKind};

use crate::format::ReadError;

/// The longest piece that is read, in bytes: an operation is much shorter, and noise without
/// line breaks must not fill the memory.
pub(super) const PIECE_BYTES_MAX: usize = 1 << 24;

/// A window over a file: it grows at its end, and what is taken leaves at its beginning.
pub(in crate::format) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where in the buffer the window begins.
    taken: usize,
    /// The number of the line on which the window begins, counted from 1.
    line: usize,
    /// Whether the window begins where a line does.
    is_line_start: bool,
    has_begun: bool,
}

impl<R: BufRead> Window<R> {
    pub(in crate::format) fn new(reader: R) -> Self {
        Window {
            reader,
            buffer: Vec::new(),
            taken: 0,
            line: 1,
            is_line_start: true,
            has_begun: false,
        }
    }

    /// The number of the line on which the window begins, counted from 1.
    pub(in crate::format) fn line(&self) -> usize {
        self.line
    }

    /// Whether the window begins where a line does.
    pub(in crate::format) fn is_line_start(&self) -> bool {
        self.is_line_start
    }

    /// What is in the window.
    pub(in crate::format) fn ahead(&self) -> &[u8] {
        &self.buffer[self.taken..]
    }

    /// Reads on; `false` at the end of the file.
    pub(in crate::format) fn more(&mut self) -> Result<bool, ReadError> {
        let has_more = self.extend()?;
        if !self.has_begun {
            self.has_begun = true;
            // A mark of three bytes that some editors put first.
            while self.ahead().len() < 3 && self.extend()? {}
            if self.ahead().starts_with(b"\xef\xbb\xbf") {
                self.taken += 3;
            }
        }
        Ok(has_more)
    }

    fn extend(&mut self) -> Result<bool, ReadError> {
        if self.taken * 2 >= self.buffer.len() {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        let read = loop {
            match self.reader.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let count = read.len();
        self.buffer.extend_from_slice(read);
        self.reader.consume(count);
        Ok(count > 0)
    }

    /// Takes what comes first in the window.
    pub(in crate::format) fn take(&mut self, bytes: usize) {
        let taken = &self.buffer[self.taken..self.taken + bytes];
        if let Some(last) = taken.last() {
            self.is_line_start = *last == b'\n';
        }
        self.line += memchr::memchr_iter(b'\n', taken).count();
        self.taken += bytes;
    }

    /// Takes a line with its end, or the last one.
    pub(in crate::format) fn take_line(&mut self, bytes: usize) {
        self.taken += bytes;
        self.is_line_start = self.buffer[..self.taken].ends_with(b"\n");
        self.line += usize::from(self.is_line_start);
    }

    /// How long the line is with which the window begins, with its end; 0 at the end of the
    /// file, and `None` if the line is longer than `bytes_max`.
    pub(in crate::format) fn line_bytes(
        &mut self,
        bytes_max: usize,
    ) -> Result<Option<usize>, ReadError> {
        let mut searched = 0;
        loop {
            let ahead = self.ahead();
            if let Some(place) = memchr::memchr(b'\n', &ahead[searched..]) {
                let bytes = searched + place + 1;
                return Ok((bytes <= bytes_max).then_some(bytes));
            }
            searched = ahead.len();
            if searched > bytes_max {
                return Ok(None);
            }
            if !self.more()? {
                return Ok(Some(self.ahead().len()));
            }
        }
    }

    /// Takes what is left of a line, if nothing but white space and commas is.
    pub(in crate::format) fn pass_line_end(&mut self) {
        let ahead = self.ahead();
        let is_left = |byte: &u8| !matches!(byte, b' ' | b',' | b'\t' | b'\r');
        if let Some(place) = ahead.iter().position(is_left)
            && ahead[place] == b'\n'
            && !self.is_line_start
        {
            self.take(place + 1);
        }
    }

    /// Takes the next line that is not blank: its number, and its text without white space at
    /// its end.
    pub(in crate::format) fn next_line(&mut self) -> Result<Option<(usize, &str)>, ReadError> {
        loop {
            let Some(bytes) = self.line_bytes(PIECE_BYTES_MAX)? else {
                return Err(too_long(self.line));
            };
            if bytes == 0 {
                return Ok(None);
            }
            let (number, begin) = (self.line, self.taken);
            let is_blank = self.ahead()[..bytes].trim_ascii().is_empty();
            self.take_line(bytes);
            if !is_blank {
                let text = text(&self.buffer[begin..begin + bytes], number)?;
                return Ok(Some((number, text.trim_ascii_end())));
            }
        }
    }

    /// Takes what comes first as text; with the number of its line.
    pub(in crate::format) fn take_text(
        &mut self,
        bytes: usize,
    ) -> Result<(usize, &str), ReadError> {
        let (number, begin) = (self.line, self.taken);
        self.take(bytes);
        let text = text(&self.buffer[begin..begin + bytes], number)?;
        Ok((number, text))
    }
}

/// Bytes that begin on the line of this number, as text.
fn text(bytes: &[u8], number: usize) -> Result<&str, ReadError> {
    str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = number + memchr::memchr_iter(b'\n', good).count();
        let column = good.len() - memchr::memrchr(b'\n', good).map_or(0, |place| place + 1) + 1;
        let byte = bytes[error.valid_up_to()];
        let problem = format!(
            "is not UTF-8 text: byte {column} of the line is {byte:#04x}; a history is a text \
             file (a compressed one is read after unpacking)"
        );
        ReadError::at(line, problem)
    })
}

/// A line, or what begins there, does not end.
pub(super) fn too_long(line: usize) -> ReadError {
    ReadError::at(
        line,
        format!(
            "what begins here is longer than {PIECE_BYTES_MAX} bytes; no operation of a history is"
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor, Read};

    use super::*;

    #[test]
    fn lines_come_with_their_numbers_and_blank_ones_do_not_come() {
        for capacity in [1, 2, 3, 64] {
            let text = "\u{feff}a \r\n\n \t\nb";
            let mut window = Window::new(BufReader::with_capacity(capacity, text.as_bytes()));
            assert_eq!(window.next_line().unwrap(), Some((1, "a")));
            assert_eq!(window.next_line().unwrap(), Some((4, "b")));
            assert_eq!(window.next_line().unwrap(), None);
        }
    }

    #[test]
    fn a_line_without_end_is_read_no_further_than_the_bound() {
        let endless = Cursor::new("a\n").chain(std::io::repeat(b'x'));
        let mut window = Window::new(BufReader::new(endless));
        assert_eq!(window.next_line().unwrap(), Some((1, "a")));
        let error = window.next_line().unwrap_err().to_string();
        assert!(
            error.starts_with("line 2: what begins here is longer than"),
            "{error}"
        );
    }

    #[test]
    fn text_that_is_not_utf_8_is_a_mistake_in_its_line() {
        let mut window = Window::new(&b"a\nbc\xffd\n"[..]);
        while window.more().unwrap() {}
        let error = window.take_text(7).unwrap_err().to_string();
        assert!(
            error.starts_with("line 2: is not UTF-8 text: byte 3 of the line is 0xff;"),
            "{error}"
        );
    }
}
