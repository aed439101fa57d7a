//! History files.
//!
//! A format reads lines into operations, a [`Codec`] reads the parts of one operation into the
//! types of a model. So each format works for every model, and each model for every format.

mod codec;
mod contents;
mod datum;
pub mod edn;
mod error;
mod events;
mod jepsen_log;
pub mod json_lines;
mod lines;
mod texts;

pub use codec::{Codec, Line};
pub use contents::{Contents, Format, read};
pub use datum::Datum;
pub use error::ReadError;
