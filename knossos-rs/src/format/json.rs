//! JSON: what its objects are, and the fields of one.

mod events;
mod object;

pub(super) use events::read as read_events;
pub(super) use object::{format_of, known_fields, mistake};
