//! Seeds in files: TOML's integers are signed, seeds are not, so large ones are written
//! as text.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A seed that a file may leave out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Seed(#[serde(with = "crate::units::seed_text")] pub(crate) u64);

/// A seed, as a number or as text.
#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "a seed is a number from 0 to 2^64 - 1, large ones as \"0x...\""
)]
pub(crate) enum Written {
    /// Small enough for a number.
    Number(i64),
    /// Decimal or hexadecimal.
    Text(String),
}

pub(crate) fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    match i64::try_from(*seed) {
        Ok(number) => serializer.serialize_i64(number),
        Err(_) => serializer.collect_str(&format_args!("{seed:#x}")),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let wrong = || {
        serde::de::Error::custom("a seed is a number from 0 to 2^64 - 1, large ones as \"0x...\"")
    };
    match Written::deserialize(deserializer)? {
        Written::Number(number) => u64::try_from(number).map_err(|_| wrong()),
        Written::Text(text) => super::parse_seed(&text).map_err(|_| wrong()),
    }
}
