//! Any bytes, read as the `history.txt` of a Jepsen run.

#![no_main]

use knossos::format::Format;
use libfuzzer_sys::fuzz_target;

#[path = "../../knossos-rs/tests/reading/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| {
    // With a mark it would be a log, which has a target of its own.
    if !bytes.windows(7).any(|word| word == b"jepsen.") {
        property::holds(bytes, Some(Format::JepsenLog));
    }
});
