//! A whole file: told what it is, read by the right reader.

use std::fmt;
use std::io::{BufRead, Cursor, Read};

use super::codec::Codec;
use super::{ReadError, ReadOptions, edn, jepsen_log, json_lines};
use crate::model::{Model, OperationOf};
use crate::picture::Band;

/// The formats of history files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON lines: see [`json_lines`].
    JsonLines,
    /// A Jepsen history in EDN: see [`edn`].
    Edn,
    /// The log of a Jepsen run, with lines of `jepsen.util`.
    JepsenLog,
    /// A key-value log in EDN: see [`edn`].
    KvLog,
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Format::JsonLines => "JSON lines",
            Format::Edn => "a Jepsen history in EDN",
            Format::JepsenLog => "a Jepsen log",
            Format::KvLog => "a key-value log",
        })
    }
}

impl Format {
    /// The format that the beginning of a file looks like. It says nothing about whether the
    /// file is right; what looks like nothing is `None`.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Format> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with(b";"))?;
        let inside = first.strip_prefix(b"[").or(first.strip_prefix(b"("));
        let event = inside.unwrap_or(first).trim_ascii_start();
        let opening = event.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        let is_edn = match (event.first(), opening) {
            (Some(b'{'), Some([b'"' | b'}', ..])) => return Some(Format::JsonLines),
            (Some(b'{'), Some([])) => head.windows(8).any(|word| word == b":process"),
            (Some(b'{'), Some([next, ..])) => b":#;".contains(next),
            (Some(b'#'), _) => true,
            (None | Some(b';'), _) => inside.is_some(),
            _ => false,
        };
        if is_edn {
            let first_event = event.split(|byte| *byte == b'}').next().unwrap_or(event);
            let has_key = first_event.windows(5).any(|word| word == b":key ");
            return Some(if has_key { Format::KvLog } else { Format::Edn });
        }
        let mark = jepsen_log::MARK.as_bytes();
        let is_log = head.windows(mark.len()).any(|word| word == mark);
        is_log.then_some(Format::JepsenLog)
    }
}

/// An operation that is known not to have happened. It is no part of the history; but a value
/// that it alone would have written, and that was read, tells that it happened after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedOperation<I> {
    /// Who called.
    pub client: u64,
    /// What was asked.
    pub input: I,
    /// When it was called, in nanoseconds on the clock of the history.
    pub call: u64,
    /// The line of its invocation, counted from 1.
    pub invoked_line: usize,
    /// The line that says that it failed, counted from 1.
    pub failed_line: usize,
}

/// What a history file holds.
pub struct Contents<M: Model> {
    /// Its format.
    pub format: Format,
    /// The operations, in the order of the file; those known to have failed are left out.
    pub operations: Vec<OperationOf<M>>,
    /// The operations that are known to have failed, in the order of their ends.
    pub failed: Vec<FailedOperation<M::Input>>,
    /// Whether the file says when things happened. If it does not, an event's time is its
    /// number times ten: the order holds, and nothing can be said of durations.
    pub has_times: bool,
    /// Spans of time in which a fault held, where the file tells of any: an EDN history by the
    /// events of its nemesis, from `:start` to `:stop` and the like.
    pub faults: Vec<Band>,
}

impl<M: Model> Contents<M> {
    /// Whether the file holds no operation at all, not even one that failed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.failed.is_empty()
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
    reader: impl BufRead,
    format: Option<Format>,
) -> Result<Contents<C>, ReadError> {
    read_with(codec, reader, &ReadOptions { format })
}

/// Reads a history file as `options` say.
///
/// # Errors
///
/// The first line that is not an operation, or a failure to read.
pub fn read_with<C: Codec>(
    codec: &C,
    mut reader: impl BufRead,
    options: &ReadOptions,
) -> Result<Contents<C>, ReadError> {
    let mut head = Vec::new();
    if options.format.is_none() {
        reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
    }
    // The reader of JSON lines says best what is wrong with a file that looks like nothing.
    let format = options
        .format
        .or_else(|| Format::of(&head))
        .unwrap_or(Format::JsonLines);
    let reader = Cursor::new(head).chain(reader);
    match format {
        Format::JsonLines => {
            let mut lines = json_lines::operations(codec, reader);
            let operations = lines.by_ref().collect::<Result<_, _>>()?;
            Ok(Contents {
                format,
                operations,
                failed: lines.into_failed(),
                has_times: true,
                faults: Vec::new(),
            })
        }
        Format::Edn | Format::KvLog => edn::read(codec, reader, format),
        Format::JepsenLog => jepsen_log::read(codec, reader),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_how_a_file_begins() {
        for (head, format) in [
            ("{\"client\":1", Some(Format::JsonLines)),
            ("\u{feff}\n { \"op\"", Some(Format::JsonLines)),
            ("[{\"client\":1", Some(Format::JsonLines)),
            ("{}", Some(Format::JsonLines)),
            ("{:type :invoke}", Some(Format::Edn)),
            (
                "; comment\n[ {:type :invoke, :value :key}",
                Some(Format::Edn),
            ),
            ("[\n{:type", Some(Format::Edn)),
            ("{\n:process 0", Some(Format::Edn)),
            ("#jepsen.history.Op{:index 0", Some(Format::Edn)),
            ("({:index 0", Some(Format::Edn)),
            ("{:process 0, :key \"a\"}", Some(Format::KvLog)),
            (
                "INFO started\nINFO jepsen.util - 0 :invoke",
                Some(Format::JepsenLog),
            ),
            ("", None),
            ("hello", None),
            ("[1 2]", None),
            ("\0\0", None),
        ] {
            assert_eq!(Format::of(head.as_bytes()), format, "{head:?}");
        }
    }
}
