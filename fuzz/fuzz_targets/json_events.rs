//! Any bytes, read as Jepsen events in JSON.

#![no_main]

use knossos::format::Format;
use libfuzzer_sys::fuzz_target;

#[path = "../../knossos-rs/tests/reading/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| {
    property::holds(bytes, Some(Format::JsonEvents));
});
