//! The tables that say what is under test: `[cluster]` and `[selftest]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::observation::ReplicaId;
use crate::units::KeyError;

/// The system that is meant where a scenario names none.
const USUAL_SYSTEM: &str = "kv";
/// More would only be slow.
const MOST_REPLICAS: u64 = 32;

/// The `[cluster]` table: which system, and how many replicas of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Cluster {
    /// The name of the system under test.
    pub system: String,
    /// How many replicas there are: 2 to 32.
    pub replicas: u64,
    /// What they are called, from replica 1 on, where the scenario names them; else empty.
    pub names: Vec<String>,
}

/// The table as it is written.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Written {
    /// The name of the system under test; `kv` where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// How many replicas there are: 2 to 32; 3, or as many as have names, where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    replicas: Option<u64>,
    /// What the replicas are called, from replica 1 on: faults and actions strike them by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
}

impl From<Written> for Cluster {
    fn from(written: Written) -> Self {
        let Written {
            system,
            replicas,
            names,
        } = written;
        let usual = Self::default();
        let named = (!names.is_empty()).then_some(names.len() as u64);
        Self {
            system: system.unwrap_or(usual.system),
            replicas: replicas.or(named).unwrap_or(usual.replicas),
            names,
        }
    }
}

impl From<Cluster> for Written {
    fn from(cluster: Cluster) -> Self {
        Self {
            system: Some(cluster.system),
            replicas: Some(cluster.replicas),
            names: cluster.names,
        }
    }
}

impl JsonSchema for Cluster {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cluster".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Written::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "The `[cluster]` table: which system, and how many replicas of it.".into(),
        );
        schema
    }
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            system: USUAL_SYSTEM.to_owned(),
            replicas: 3,
            names: Vec::new(),
        }
    }
}

impl Cluster {
    /// The replica of this name.
    pub fn named(&self, name: &str) -> Option<ReplicaId> {
        let mut names = (1..).zip(&self.names);
        let found = names.find(|(_, other)| *other == name)?;
        Some(found.0)
    }

    /// What a replica is called, if it has a name.
    pub fn name_of(&self, replica: ReplicaId) -> Option<&str> {
        let name = self.names.get(replica as usize - 1);
        name.map(String::as_str)
    }

    /// There are so many replicas, the first ones that there were if there are fewer now. New ones
    /// have no names, and then nobody has.
    pub fn set_replicas(&mut self, replicas: u64) {
        self.replicas = replicas;
        if replicas as usize > self.names.len() {
            self.names.clear();
        }
        self.names.truncate(replicas as usize);
    }

    /// The key that is wrong, if one is, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        let (replicas, named) = (self.replicas, self.names.len());
        if !(2..=MOST_REPLICAS).contains(&replicas) {
            let key = if named == 0 { "replicas" } else { "names" };
            let message = format!("{replicas} is not between 2 and {MOST_REPLICAS}");
            return Some(KeyError::new(key, message));
        }
        let message = if named > 0 && named as u64 != replicas {
            format!("{named} names for {replicas} replicas: name each, or leave replicas out")
        } else {
            let name = self.misnamed()?;
            format!("{name:?} names no replica, or more than one: give each a name of its own")
        };
        Some(KeyError::new("names", message))
    }

    /// A name that is empty, or given twice.
    fn misnamed(&self) -> Option<&str> {
        let mut names = (1..).zip(&self.names);
        let wrong = names.find(|(place, name)| name.is_empty() || self.named(name) != Some(*place));
        wrong.map(|(_, name)| name.as_str())
    }
}

/// The `[selftest]` table: what proves that the checks can fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SelfTest {
    /// A bug that is planted in the system to prove that it is found. Such a run must fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planted: Option<String>,
}

impl SelfTest {
    /// Whether nothing is planted.
    pub fn is_empty(&self) -> bool {
        self.planted.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(text: &str) -> Cluster {
        toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn replicas_are_counted_or_named_and_written_as_they_were() {
        for (text, replicas, second) in [
            ("replicas = 5", 5, None),
            (
                "names = [\"head\", \"middle\", \"tail\"]",
                3,
                Some("middle"),
            ),
            ("system = \"kv\"", 3, None),
        ] {
            let cluster = cluster(text);
            assert_eq!((cluster.replicas, cluster.name_of(2)), (replicas, second));
            let written = toml::to_string(&cluster).unwrap();
            assert_eq!(self::cluster(&written), cluster, "{written}");
            assert_eq!(cluster.problem(), None);
        }
        let mut chain = cluster("names = [\"head\", \"middle\", \"tail\"]");
        assert_eq!(chain.named("tail"), Some(3));
        chain.set_replicas(2);
        assert_eq!(
            (chain.named("tail"), chain.name_of(2)),
            (None, Some("middle"))
        );
    }

    #[test]
    fn a_name_of_two_replicas_or_of_none_is_refused() {
        for text in [
            "names = [\"a\", \"b\", \"a\"]",
            "names = [\"\", \"b\"]",
            "replicas = 3\nnames = [\"a\", \"b\"]",
        ] {
            let problem = cluster(text).problem().expect("it is wrong");
            assert_eq!(problem.key, "names");
        }
    }
}
