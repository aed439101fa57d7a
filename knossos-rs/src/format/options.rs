//! How a history file is read, where its content alone does not tell.

use super::codec::{Codec, is_read};
use super::datum::Datum;
use super::kind::Format;

/// How a history file is read. The default takes every file for what it looks like.
///
/// ```
/// use knossos::format::{Format, ReadOptions, read_with};
/// use knossos::models::register::Register;
///
/// let options = ReadOptions { format: Some(Format::JsonLines), ..ReadOptions::default() };
/// let file = r#"{"client":1,"op":"put","in":"7","out":{"ok":true},"call":0,"ret":9}"#;
/// assert_eq!(read_with(&Register, file.as_bytes(), &options).unwrap().operations.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format; `None`: what the beginning of the file looks like.
    pub format: Option<Format>,
    /// What a compare-and-set means that failed, in a history of events.
    pub failed_cas: FailedCas,
    /// What a read saw that answers nil.
    pub nil_read: NilRead,
}

/// What a compare-and-set means that failed and says no more than what was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailedCas {
    /// It did not happen, whatever the reason, as everything else that failed.
    #[default]
    DidNotHappen,
    /// It was evaluated, and did not match: so porcupine reads the old logs of etcd's Jepsen test.
    DidNotMatch,
}

/// What a `get` or `read` saw that answers nil, of an object of any model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NilRead {
    /// Nothing was there.
    #[default]
    Nothing,
    /// Nobody knows: so Knossos takes it.
    Unknown,
}

impl NilRead {
    /// The answer of the operation `op`, as it is to be understood.
    #[inline]
    pub(super) fn understood<C: Codec>(self, codec: &C, op: &str, mut answer: Datum) -> Datum {
        let is_unknown = self == NilRead::Unknown
            && is_read(op)
            && answer.get("value").is_some_and(|seen| codec.is_nil(seen));
        if let (true, Datum::Map(entries)) = (is_unknown, &mut answer) {
            entries.push(("unseen".into(), true.into()));
        }
        answer
    }
}
