//! Any bytes, read with one model: the first byte says with which.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "the other targets read with every model")]
#[path = "../../knossos-rs/tests/reading/property.rs"]
mod property;

fuzz_target!(|bytes: &[u8]| {
    if let Some((model, file)) = bytes.split_first() {
        property::holds_with(usize::from(*model), file, None);
    }
});
