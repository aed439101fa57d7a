//! Histories as JSON: one operation on each line, or objects in any other layout.
//!
//! ```text
//! {"client":3,"key":"a","op":"put","in":"7","out":{"ok":true},"call":120,"ret":940}
//! ```
//!
//! `in`, `out` and `key` are read by the model's [`Codec`]. An unknown outcome has `"out":null`
//! and `"ret":null`; an operation known to have failed has `"out":{"failed":true}` and is left
//! out of the history. Times are nanoseconds, whole numbers. Fields nobody knows are ignored,
//! blank lines skipped; an empty file is a history without operations. The objects may as well be
//! the elements of one array, or be laid out over several lines.

mod line;
mod quick;

#[cfg(test)]
mod tests;

use std::io::{self, BufRead, Write};

use super::ReadError;
use super::codec::{Codec, Line, OneKey};
use super::contents::FailedOperation;
use super::options::NilRead;
use super::source::{Forms, Notation};
use super::texts::Texts;
use crate::history::Operation;
use crate::model::OperationOf;
use line::{EXAMPLE, Fields, Written, any_fields};

/// The longest line that is tried the short way, in bytes.
const QUICK_BYTES_MAX: usize = 1 << 16;

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
/// assert!(error.to_string().starts_with("line 1: the file ends in the middle"));
/// ```
pub fn read<C: Codec>(codec: &C, reader: impl BufRead) -> Result<Vec<OperationOf<C>>, ReadError> {
    operations(codec, reader).collect()
}

/// Reads operations one by one; memory holds one line at a time, and each distinct text once.
pub fn operations<C: Codec, R: BufRead>(codec: &C, reader: R) -> Operations<'_, C, R> {
    Operations {
        codec,
        forms: Forms::new(reader, Notation::Json, EXAMPLE),
        texts: Texts::default(),
        one_key: OneKey::default(),
        failed: Vec::new(),
        nil_read: NilRead::default(),
        is_over: false,
    }
}

/// An iterator over the operations of a file; made by [`operations`]. It ends after an error.
pub struct Operations<'c, C: Codec, R> {
    codec: &'c C,
    forms: Forms<R>,
    texts: Texts,
    one_key: OneKey,
    failed: Vec<FailedOperation<C::Input>>,
    nil_read: NilRead,
    is_over: bool,
}

impl<C: Codec, R> Operations<'_, C, R> {
    /// How many operations so far are known to have failed, and were left out.
    pub fn failed(&self) -> usize {
        self.failed.len()
    }

    /// Takes reads that answer nil as `nil_read` says.
    pub(super) fn with_nil_read(self, nil_read: NilRead) -> Self {
        Operations { nil_read, ..self }
    }

    /// The operations that are known to have failed.
    pub(super) fn into_failed(self) -> Vec<FailedOperation<C::Input>> {
        self.failed
    }
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
        while let Some((line, fields)) = self.fields()? {
            let operation = Written::of(fields)
                .and_then(|written| self.operation(written, line))
                .map_err(|problem| ReadError::at(line, problem))?;
            if operation.is_some() {
                return Ok(operation);
            }
        }
        Ok(None)
    }

    /// The fields of the next operation, and the line on which it begins.
    fn fields(&mut self) -> Result<Option<(usize, Fields)>, ReadError> {
        let window = &mut self.forms.window;
        window.pass_line_end();
        if window.is_line_start()
            && let Some(bytes) = window.line_bytes(QUICK_BYTES_MAX)?
            && let Ok(line) = str::from_utf8(&window.ahead()[..bytes])
            && let Some(fields) = quick::fields(without_end(line), &mut self.texts)
        {
            let number = window.line();
            window.take_line(bytes);
            return Ok(Some((number, fields)));
        }
        let Some((line, form)) = self.forms.next()? else {
            return Ok(None);
        };
        any_fields(form, &mut self.texts)
            .map(|fields| Some((line, fields)))
            .map_err(|(lines, problem)| ReadError::at(line + lines, problem))
    }

    /// The operation on a line, if it is not known to have failed.
    fn operation(
        &mut self,
        mut written: Written,
        number: usize,
    ) -> Result<Option<OperationOf<C>>, String> {
        if self.nil_read != NilRead::Nothing {
            let Line { op, output, .. } = &mut written.line;
            let told = output.take();
            *output = told.map(|answer| self.nil_read.understood(self.codec, op, answer));
        }
        let (input, output) = self.codec.parse(&written.line)?;
        let key = written.line.key.as_ref();
        self.one_key.admit(self.codec, key, number)?;
        let Written {
            client,
            call,
            ret,
            has_failed,
            ..
        } = written;
        if has_failed {
            self.failed.push(FailedOperation {
                client,
                input,
                call,
                invoked_line: number,
                failed_line: number,
            });
            return Ok(None);
        }
        Ok(Some(Operation {
            client,
            input,
            output,
            call,
            ret,
        }))
    }
}

/// A line without white space at its end, and without the comma that it has in an array.
fn without_end(line: &str) -> &str {
    let line = line.trim_ascii_end();
    line.strip_suffix(',').unwrap_or(line)
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
