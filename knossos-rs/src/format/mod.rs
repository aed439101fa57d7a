//! History files.
//!
//! A format reads lines into operations, a [`Codec`] reads the parts of one operation into the
//! types of a model. So each format works for every model, and each model for every format.
//! [`read`] tells the format of a file by its content:
//!
//! | format | read | written |
//! | --- | --- | --- |
//! | JSON lines: one operation per line, or in any layout | [`json_lines::operations`], one by one | [`json_lines::write`] |
//! | Jepsen histories: events in EDN | [`read`] | [`edn::write`] |
//! | Jepsen histories: events in JSON | [`read`] | |
//! | Jepsen logs: the lines of `jepsen.util` or `jepsen.print`, and `history.txt` | [`read`] | |
//! | operations of etcd's robustness tests, in JSON | [`read`] | |
//! | key-value logs: events in EDN with a `:key` | [`read`] | |
//!
//! From one format to another:
//!
//! ```
//! use knossos::format::{edn, read};
//! use knossos::models::cas_register::CasRegister;
//!
//! let log = "INFO  jepsen.util - 4\t:invoke\t:cas\t[3 0]\n\
//!            INFO  jepsen.util - 4\t:ok\t:cas\t[3 0]\n";
//! let contents = read(&CasRegister, log.as_bytes(), None).unwrap();
//! let mut file = Vec::new();
//! edn::write(&CasRegister, &contents.operations, &mut file).unwrap();
//! let first = String::from_utf8(file).unwrap().lines().next().map(str::to_owned);
//! assert_eq!(
//!     first.unwrap(),
//!     r#"{:index 0, :time 10, :type :invoke, :process 4, :f :cas, :value ["3" "0"]}"#,
//! );
//! ```
//!
//! A reader holds one event or operation at a time, and none longer than 16 MiB: noise is
//! refused early, and a whole history may stand on one line. Of one million operations, the
//! operations themselves are what reading costs; and of a run of etcd, which value each revision
//! stands for.

mod bytes;
mod codec;
mod contents;
mod datum;
mod detect;
pub mod edn;
mod error;
mod etcd;
mod events;
mod jepsen_log;
mod json;
pub mod json_lines;
mod kind;
mod options;
mod pairs;
mod source;
mod texts;
mod whole_file;

pub use codec::{Codec, Line};
pub use contents::{Contents, FailedOperation, LeftOut};
pub use datum::Datum;
pub use error::ReadError;
pub use kind::Format;
pub use options::{FailedCas, NilRead, ReadOptions};
pub use pairs::Pairs;
pub use whole_file::{read, read_with};
