//! Histories as JSON lines: one operation on each line.
//!
//! ```text
//! {"client":3,"key":"a","op":"put","in":"7","out":{"ok":true},"call":120,"ret":940}
//! ```
//!
//! `in`, `out` and `key` are read by the model's [`Codec`]. An unknown outcome has `"out":null`
//! and `"ret":null`; an operation known to have failed has `"out":{"failed":true}` and is left
//! out of the history. Times are nanoseconds, whole numbers. Fields nobody knows are ignored,
//! blank lines skipped; an empty file is a history without operations.

mod line;

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Write};

use super::codec::Codec;
use crate::history::Operation;
use crate::model::OperationOf;
use line::Written;

/// Why a file is not a history.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error("cannot read: {0}")]
    Io(#[from] io::Error),
    /// A line is not an operation.
    #[error("line {line}: {problem}")]
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
}

/// Reads a whole history. See [`operations`] to read it one operation at a time.
///
/// # Errors
///
/// The first line that is not an operation, or a failure to read.
///
/// ```
/// use knossos::format::json_lines::read;
/// use knossos::models::register::Register;
///
/// let file = r#"{"client":1,"op":"put","in":"7","out":{"ok":true},"call":0,"ret":9}"#;
/// assert_eq!(read(&Register, file.as_bytes()).unwrap().len(), 1);
///
/// let error = read(&Register, &file.as_bytes()[..40]).unwrap_err();
/// assert!(error.to_string().starts_with("line 1: the line ends in the middle"));
/// ```
pub fn read<C: Codec>(codec: &C, reader: impl BufRead) -> Result<Vec<OperationOf<C>>, ReadError> {
    operations(codec, reader).collect()
}

/// Reads operations one by one; memory holds one line at a time.
pub fn operations<C: Codec, R: BufRead>(codec: &C, reader: R) -> Operations<'_, C, R> {
    Operations {
        codec,
        reader,
        buffer: Vec::new(),
        line: 0,
        first_key: None,
        is_over: false,
    }
}

/// An iterator over the operations of a file; made by [`operations`]. It ends after an error.
pub struct Operations<'c, C, R> {
    codec: &'c C,
    reader: R,
    buffer: Vec<u8>,
    line: usize,
    /// The key of the first operation, and its line.
    first_key: Option<(Option<String>, usize)>,
    is_over: bool,
}

impl<C: Codec, R: BufRead> Iterator for Operations<'_, C, R> {
    type Item = Result<OperationOf<C>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let item = self.read_next().transpose();
        self.is_over = !matches!(item, Some(Ok(_)));
        item
    }
}

impl<C: Codec, R: BufRead> Operations<'_, C, R> {
    fn read_next(&mut self) -> Result<Option<OperationOf<C>>, ReadError> {
        loop {
            self.buffer.clear();
            if self.reader.read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if self.buffer.trim_ascii().is_empty() {
                continue;
            }
            let operation = self.parse_line().map_err(|problem| ReadError::Line {
                line: self.line,
                problem,
            })?;
            if operation.is_some() {
                return Ok(operation);
            }
        }
    }

    /// The operation on the present line, if it is not known to have failed.
    fn parse_line(&mut self) -> Result<Option<OperationOf<C>>, String> {
        let written = Written::parse(self.buffer.trim_ascii_end())?;
        let (input, output) = self.codec.parse(&written.line)?;
        if !self.codec.is_keyed() {
            let (first_key, line) = self
                .first_key
                .get_or_insert_with(|| (written.line.key.clone(), self.line));
            if *first_key != written.line.key {
                return Err(format!(
                    "`key` is {:?}, and on line {line} it was {first_key:?}; a register is one \
                     object (a history of many keys is read with the model `kv`)",
                    written.line.key
                ));
            }
        }
        if written.has_failed {
            return Ok(None);
        }
        let Written {
            client, call, ret, ..
        } = written;
        Ok(Some(Operation {
            client,
            input,
            output,
            call,
            ret,
        }))
    }
}

/// Writes a history, one operation on each line.
///
/// # Errors
///
/// A failure to write.
///
/// ```
/// use knossos::Operation;
/// use knossos::format::json_lines::write;
/// use knossos::models::register::{Input, Register};
///
/// let history = [Operation::unknown(3, Input::Write("7".into()), 120)];
/// let mut file = Vec::new();
/// write(&Register, &history, &mut file).unwrap();
/// assert_eq!(
///     String::from_utf8(file).unwrap(),
///     "{\"client\":3,\"op\":\"put\",\"in\":\"7\",\"out\":null,\"call\":120,\"ret\":null}\n",
/// );
/// ```
pub fn write<C: Codec>(
    codec: &C,
    history: &[OperationOf<C>],
    mut writer: impl Write,
) -> io::Result<()> {
    for operation in history {
        let written = Written {
            client: operation.client,
            line: codec.render(&operation.input, operation.output.as_ref()),
            call: operation.call,
            ret: operation.ret,
            has_failed: false,
        };
        serde_json::to_writer(&mut writer, &written)?;
        writer.write_all(b"\n")?;
    }
    writer.flush()
}
