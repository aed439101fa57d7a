//! A whole file: told what it is, read by the right reader.

use std::collections::BTreeMap;
use std::io::{BufRead, Cursor, Read};

use super::codec::Codec;
use super::contents::{Contents, LeftOut};
use super::error::ReadError;
use super::kind::Format;
use super::options::ReadOptions;
use super::source::{Forms, Notation, Window, beginning};
use super::{edn, etcd, jepsen_log, json, json_lines};

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
    let options = ReadOptions {
        format,
        ..ReadOptions::default()
    };
    read_with(codec, reader, &options)
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
        let mut beginning = reader.by_ref().take(Format::HEAD_BYTES as u64);
        beginning.read_to_end(&mut head)?;
    }
    let format = match options.format.or_else(|| Format::of(&head)) {
        Some(format) => format,
        None => no_format(&head)?,
    };
    let reader = Cursor::new(head).chain(reader);
    match format {
        Format::JsonLines => json_lines(codec, reader, options),
        Format::JsonEvents => json::read_events(codec, reader, options),
        Format::Edn | Format::KvLog => edn::read(codec, reader, options, format),
        Format::JepsenLog => jepsen_log::read(codec, reader, options),
        Format::EtcdOperations => etcd::read(codec, reader),
    }
}

fn json_lines<C: Codec>(
    codec: &C,
    reader: impl BufRead,
    options: &ReadOptions,
) -> Result<Contents<C>, ReadError> {
    let mut lines = json_lines::operations(codec, reader).with_nil_read(options.nil_read);
    let operations = lines.by_ref().collect::<Result<_, _>>()?;
    Ok(Contents {
        format: Format::JsonLines,
        operations,
        failed: lines.into_failed(),
        left_out: LeftOut::default(),
        client_names: BTreeMap::new(),
        has_times: true,
        late_by: 0,
        faults: Vec::new(),
        begins_with: None,
    })
}

/// A file that looks like no history: what is wrong with it, unless it is empty.
fn no_format(head: &[u8]) -> Result<Format, ReadError> {
    let mut forms = Forms::new(head, Notation::Edn, "");
    if let Ok(None) = forms.next() {
        return Ok(Format::Edn);
    }
    let mut window = Window::new(head);
    let Some((line, text)) = window.next_line()? else {
        return Ok(Format::Edn);
    };
    let found = beginning(text.as_bytes());
    Err(ReadError::at(
        line,
        format!(
            "{found:?} does not begin a history; one is operations or Jepsen events in JSON, \
             Jepsen events in EDN, or a Jepsen log"
        ),
    ))
}
