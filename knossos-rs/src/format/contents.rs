//! A whole file: told what it is, read by the right reader.

use std::fmt;
use std::io::{BufRead, Cursor, Read};

use super::codec::Codec;
use super::{ReadError, json_lines};
use crate::model::{Model, OperationOf};

/// The formats of history files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON lines: see [`json_lines`].
    JsonLines,
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Format::JsonLines => "JSON lines",
        })
    }
}

/// What a history file holds.
pub struct Contents<M: Model> {
    /// Its format.
    pub format: Format,
    /// The operations, in the order of the file; those known to have failed are left out.
    pub operations: Vec<OperationOf<M>>,
    /// How many operations are known to have failed.
    pub failed: usize,
}

impl<M: Model> Contents<M> {
    /// Whether the file holds no operation at all, not even one that failed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.failed == 0
    }
}

/// How much of a file is looked at to tell its format, in bytes.
const HEAD_BYTES: u64 = 1 << 16;

/// Reads a history file; without a `format`, of the format that its content looks like.
///
/// # Errors
///
/// The first line that is not an operation, or a failure to read.
///
/// ```
/// use knossos::format::{self, Format};
/// use knossos::models::register::Register;
///
/// let file = r#"{"client":1,"op":"put","in":"7","out":{"ok":true},"call":0,"ret":9}"#;
/// let contents = format::read(&Register, file.as_bytes(), None).unwrap();
/// assert_eq!((contents.format, contents.operations.len()), (Format::JsonLines, 1));
/// ```
pub fn read<C: Codec>(
    codec: &C,
    mut reader: impl BufRead,
    format: Option<Format>,
) -> Result<Contents<C>, ReadError> {
    let mut head = Vec::new();
    if format.is_none() {
        reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    }
    let format = format.unwrap_or(Format::JsonLines);
    let reader = Cursor::new(head).chain(reader);
    match format {
        Format::JsonLines => {
            let mut lines = json_lines::operations(codec, reader);
            let operations = lines.by_ref().collect::<Result<_, _>>()?;
            Ok(Contents {
                format,
                operations,
                failed: lines.failed(),
            })
        }
    }
}
