//! History files.
//!
//! A format reads lines into operations, a [`Codec`] reads the parts of one operation into the
//! types of a model. So each format works for every model, and each model for every format.

mod codec;
pub mod json_lines;

pub use codec::{Codec, Line};
