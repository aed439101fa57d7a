//! The levels of consistency that a scenario demands of its clients' history.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::check::Level;

/// The word for no level at all.
const NONE: &str = "none";

/// Levels of consistency, each with a check of its own; in a file one name, a list of names, or
/// `"none"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Names", into = "Names")]
pub struct Demanded(Vec<Level>);

#[derive(Clone, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a level of consistency, as \"linearizable\", a list of them, or \"none\""
)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Demanded {
    /// The levels, in the order of the file.
    pub fn levels(&self) -> &[Level] {
        &self.0
    }
}

impl Default for Demanded {
    fn default() -> Self {
        Self(vec![Level::default()])
    }
}

impl TryFrom<Names> for Demanded {
    type Error = String;

    fn try_from(names: Names) -> Result<Self, String> {
        let names = match names {
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        };
        let names = match &names[..] {
            [] => return Err("an empty list demands nothing: write \"none\"".to_owned()),
            [name] if name == NONE => Vec::new(),
            _ => names,
        };
        let mut levels: Vec<Level> = Vec::new();
        for name in &names {
            let level: Level = name.parse().map_err(|known| {
                format!("{name:?} is no level of consistency: {known}; \"none\" demands nothing")
            })?;
            if levels.iter().any(|other| other.check() == level.check()) {
                return Err(format!(
                    "{name:?}: the same level is demanded before it; each can be named once, with one bound"
                ));
            }
            levels.push(level);
        }
        Ok(Self(levels))
    }
}

impl From<Demanded> for Names {
    fn from(demanded: Demanded) -> Self {
        match &demanded.0[..] {
            [] => Self::One(NONE.to_owned()),
            [level] => Self::One(level.to_string()),
            levels => Self::Several(levels.iter().map(ToString::to_string).collect()),
        }
    }
}

impl JsonSchema for Demanded {
    fn schema_name() -> Cow<'static, str> {
        "Consistency".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "What the clients' history must be: \"linearizable\", \"sequential\", \"monotonic-reads\", \"monotonic-writes\", \"read-your-writes\", \"writes-follow-reads\" or \"bounded-staleness=DURATION\"; a list of these; or \"none\".",
            "anyOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string" } },
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn levels_are_read_as_they_are_written() {
        for value in [
            json!("none"),
            json!("linearizable"),
            json!("bounded-staleness=50ms"),
            json!(["linearizable", "monotonic-reads"]),
        ] {
            let demanded: Demanded = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(json!(demanded), value);
        }
        let none: Demanded = serde_json::from_value(json!(["none"])).unwrap();
        assert_eq!(json!(none), json!("none"));
    }

    #[test]
    fn what_is_no_level_is_refused_with_those_that_are() {
        let error = |value| {
            serde_json::from_value::<Demanded>(value)
                .unwrap_err()
                .to_string()
        };
        let unknown = error(json!(["eventual"]));
        assert!(
            unknown.contains("\"eventual\"") && unknown.contains("sequential"),
            "{unknown}"
        );
        assert!(error(json!(["sequential", "sequential"])).contains("named once"));
        assert!(error(json!([])).contains("\"none\""));
        assert!(error(json!(7)).contains("a level of consistency"));
    }
}
