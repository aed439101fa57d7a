//! Any bytes, read as a file whose content tells its format.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../knossos-rs/tests/reading/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| {
    property::holds(bytes, None);
});
