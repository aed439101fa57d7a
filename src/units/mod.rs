//! The units that people write in scenario files, and what they mean inside.
//!
//! A file says `"150ms"`, `"500ms..2s"` or `0.01`; the simulator works in whole
//! nanoseconds and parts per million. Every room that owns options reads them
//! through these types, so a wrong unit is refused in one place, in one voice. Here is also
//! what tells where in a file a key stands.

mod key_error;
mod locate;
mod open_table;
mod probability;
mod reading;
mod seed;
pub(crate) mod seed_text;
mod time;
mod writing;

pub use key_error::KeyError;
pub use locate::{Place, key_at, key_of, line_of, places_of};
pub use open_table::OpenTable;
pub use probability::Probability;
pub use reading::{Mistake, read_json, read_toml};
pub use seed::{parse_seed, parse_seed_range};
pub use time::{Time, TimeRange};
#[cfg(feature = "explore")]
pub(crate) use writing::as_readable_json;
pub(crate) use writing::{as_json, as_toml, as_toml_table};
