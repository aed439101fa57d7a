//! What a scenario says of the network: the `[network]` table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decision::{Distribution, Shape};
use simulated_clock::Duration;

use crate::units::{KeyError, Probability, Time, TimeRange};

/// What a link promises; see the [room](super).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkContract {
    /// Numbered sessions, FIFO; both ends are told of a new one.
    #[default]
    Session,
    /// FIFO; messages may be lost and nobody is told.
    Lossy,
    /// Messages may be lost, duplicated and reordered.
    Datagram,
}

/// The `[network]` table of a scenario.
///
/// ```
/// use omnisim::network::{LinkContract, NetworkOptions};
/// let options: NetworkOptions = toml::from_str(r#"
///     contract = "lossy"
///     loss = 0.01
///     latency = { shape = { uniform = { min = "1ms", max = "3ms" } } }
/// "#).unwrap();
/// assert_eq!(options.contract, LinkContract::Lossy);
/// assert_eq!(options.problem(3), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkOptions {
    /// What links promise.
    pub contract: LinkContract,
    /// How long a message takes, one way.
    pub latency: Distribution,
    /// How long one between a client and a replica takes, if not `latency`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_latency: Option<Distribution>,
    /// Where replicas are, if not in one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Regions>,
    /// How likely a message is lost (lossy, datagram).
    pub loss: Probability,
    /// How likely a message arrives twice (datagram).
    pub duplicate: Probability,
    /// How likely a message is held back by up to `reorder_by` (datagram).
    pub reorder: Probability,
    /// The longest that a reordered message is held back.
    pub reorder_by: Time,
    /// How long it takes to make a session again (session).
    pub handshake: TimeRange,
}

/// Where replicas are, and how far apart the places. Within a place the
/// network's latency holds. A client is where its home replica is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    /// The place of each replica, by name: the first is that of replica 1.
    pub locations: Vec<String>,
    /// The latency between each two places.
    pub between: Vec<RegionLatency>,
}

/// The latency between two places, the same in both directions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionLatency {
    /// One place.
    pub a: String,
    /// The other.
    pub b: String,
    /// How long a message takes, one way.
    pub latency: Distribution,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            contract: LinkContract::Session,
            latency: Distribution::new(Shape::Uniform {
                min: Time::from_micros(500),
                max: Time::from_millis(2),
            }),
            client_latency: None,
            regions: None,
            loss: Probability::NEVER,
            duplicate: Probability::NEVER,
            reorder: Probability::NEVER,
            reorder_by: Time::from_millis(10),
            handshake: TimeRange::from_millis(5, 50),
        }
    }
}

/// Anything longer is an outage, which is a fault of its own.
const LONGEST: Duration = Duration::from_secs(600);

impl NetworkOptions {
    /// What is wrong with it for a cluster of this many replicas, if anything:
    /// the key, and what would be right.
    pub fn problem(&self, replicas: u64) -> Option<KeyError> {
        if self.handshake.max > LONGEST || self.reorder_by.0 > LONGEST {
            let key = if self.handshake.max > LONGEST {
                "handshake"
            } else {
                "reorder_by"
            };
            return Some(KeyError::new(
                key,
                format!("is an outage: write at most {LONGEST}"),
            ));
        }
        self.contract_problem()
            .or_else(|| Some(KeyError::new("latency", self.latency.problem()?)))
            .or_else(|| {
                Some(KeyError::new(
                    "client_latency",
                    self.client_latency.as_ref()?.problem()?,
                ))
            })
            .or_else(|| {
                Some(KeyError::new(
                    "regions",
                    self.regions.as_ref()?.problem(replicas)?,
                ))
            })
    }

    /// The fault that the contract does not allow.
    fn contract_problem(&self) -> Option<KeyError> {
        let faults = [
            ("loss", self.loss),
            ("duplicate", self.duplicate),
            ("reorder", self.reorder),
        ];
        let mut possible = faults.into_iter().filter(|(_, fault)| fault.is_possible());
        match self.contract {
            LinkContract::Session => possible.next().map(|(key, _)| {
                let right = "a session loses, repeats and reorders nothing while it stands: use \
                    the random fault `session_breaks` under [nemesis]";
                let other = if key == "loss" {
                    "contract = \"lossy\" or \"datagram\""
                } else {
                    "contract = \"datagram\""
                };
                KeyError::new(key, format!("{right}, or {other} for {key}"))
            }),
            LinkContract::Lossy => possible.find(|(key, _)| *key != "loss").map(|(key, _)| {
                let right = "a lossy link is in order and repeats nothing";
                let message = format!("{right}: use contract = \"datagram\" for {key}");
                KeyError::new(key, message)
            }),
            LinkContract::Datagram => {
                (self.reorder.is_possible() && self.reorder_by == Time::default()).then(|| {
                    let right = "a reordered message is held back by no time at all";
                    KeyError::new("reorder_by", format!("{right}: write for example \"10ms\""))
                })
            }
        }
    }
}

impl Regions {
    /// The latency between two places, if it is told.
    pub(super) fn between(&self, a: &str, b: &str) -> Option<&Distribution> {
        self.between
            .iter()
            .find(|pair| pair.joins(a, b))
            .map(|pair| &pair.latency)
    }

    fn problem(&self, replicas: u64) -> Option<String> {
        let told = self.locations.len();
        if told as u64 != replicas {
            return Some(format!(
                "locations names {told} places for {replicas} replicas: write one for each replica"
            ));
        }
        self.between_problem().or_else(|| self.missing_pair())
    }

    fn between_problem(&self) -> Option<String> {
        for (index, pair) in self.between.iter().enumerate() {
            let RegionLatency { a, b, latency } = pair;
            for place in [a, b] {
                if !self.locations.contains(place) {
                    let known = self.locations.join(", ");
                    return Some(format!(
                        "{place:?} is no place of a replica: locations has {known}"
                    ));
                }
            }
            if self.between[..index].iter().any(|other| other.joins(a, b)) {
                return Some(format!(
                    "the latency between {a:?} and {b:?} is told twice: it is the same in both directions"
                ));
            }
            if let Some(problem) = latency.problem() {
                return Some(format!("between {a:?} and {b:?}: {problem}"));
            }
        }
        None
    }

    fn missing_pair(&self) -> Option<String> {
        for (index, a) in self.locations.iter().enumerate() {
            for b in &self.locations[..index] {
                if a != b && self.between(a, b).is_none() {
                    return Some(format!(
                        "the latency between {b:?} and {a:?} is missing: add {{ a = {b:?}, b = {a:?}, latency = ... }} to between"
                    ));
                }
            }
        }
        None
    }
}

impl RegionLatency {
    fn joins(&self, a: &str, b: &str) -> bool {
        (self.a == a && self.b == b) || (self.a == b && self.b == a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> NetworkOptions {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_fault_that_the_contract_excludes_is_refused_with_what_to_use_instead() {
        for key in ["loss", "duplicate", "reorder"] {
            let KeyError { key: at, message } = read(&format!("{key} = 0.1")).problem(3).unwrap();
            assert_eq!(at, key);
            assert!(message.contains("session_breaks"), "{message}");
        }
        for key in ["duplicate", "reorder"] {
            let text = format!("contract = \"lossy\"\n{key} = 0.1");
            let KeyError { key: at, message } = read(&text).problem(3).unwrap();
            assert_eq!(at, key);
            assert!(message.contains("datagram"), "{message}");
        }
        let all = "contract = \"datagram\"\nloss = 0.1\nduplicate = 0.1\nreorder = 0.1";
        assert_eq!(read(all).problem(3), None);
        let idle = read(&format!("{all}\nreorder_by = \"0s\""));
        assert_eq!(idle.problem(3).unwrap().key, "reorder_by");
    }

    #[test]
    fn the_default_has_no_problem_and_survives_a_round_trip() {
        let options = NetworkOptions::default();
        assert_eq!(options.problem(5), None);
        assert_eq!(read(&toml::to_string(&options).unwrap()), options);
        assert!(toml::from_str::<NetworkOptions>("latancy = 1").is_err());
    }

    #[test]
    fn regions_that_are_unknown_missing_or_told_twice_are_refused_by_name() {
        let regions = |locations: &str, between: &[(&str, &str)]| {
            let between: Vec<String> = between
                .iter()
                .map(|(a, b)| {
                    format!("{{ a = {a:?}, b = {b:?}, latency = {{ shape = {{ constant = \"40ms\" }} }} }}")
                })
                .collect();
            let text = format!(
                "regions = {{ locations = {locations}, between = [{}] }}",
                between.join(", ")
            );
            read(&text).problem(3).map(|KeyError { key, message }| {
                assert_eq!(key, "regions");
                message
            })
        };
        let two = "[\"eu\", \"us\", \"us\"]";
        assert_eq!(regions(two, &[("us", "eu")]), None);
        assert!(
            regions(two, &[])
                .unwrap()
                .contains("\"eu\" and \"us\" is missing")
        );
        assert!(
            regions("[\"eu\"]", &[])
                .unwrap()
                .contains("1 places for 3 replicas")
        );
        let unknown = regions(two, &[("us", "moon")]).unwrap();
        assert!(unknown.contains("\"moon\" is no place"), "{unknown}");
        let twice = regions(two, &[("us", "eu"), ("eu", "us")]).unwrap();
        assert!(twice.contains("told twice"), "{twice}");
    }

    #[test]
    fn a_distribution_that_runs_backwards_is_refused_where_it_stands() {
        let backwards = "{ shape = { uniform = { min = \"3ms\", max = \"1ms\" } } }";
        for key in ["latency", "client_latency"] {
            let KeyError { key: at, message } =
                read(&format!("{key} = {backwards}")).problem(3).unwrap();
            assert_eq!(at, key);
            assert!(message.contains("above max"), "{message}");
        }
    }
}
