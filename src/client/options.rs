//! The `[workload]` table of a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use crate::units::{KeyError, OpenTable, Probability, Time, TimeRange};

/// What clients do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WorkloadOptions {
    /// How many clients there are; client i belongs to replica (i - 1) mod N + 1.
    pub clients: u64,
    /// Whether a client waits for its answers.
    pub mode: LoopMode,
    /// What happens when; the nemesis acts during all of it.
    pub phases: Vec<Phase>,
    /// Which keys are touched.
    pub keys: KeyOptions,
    /// What is written, in relative weights.
    pub mix: Mix,
    /// How long a client waits for an answer.
    pub timeout: Time,
    /// What a client does when it waited in vain.
    pub retry: Retry,
    /// How long a closed-loop client waits between an answer and the next command.
    pub think: TimeRange,
    /// What only the workload of the system knows.
    #[serde(skip_serializing_if = "OpenTable::is_empty")]
    pub own: OpenTable,
}

impl Default for WorkloadOptions {
    fn default() -> Self {
        Self {
            clients: 3,
            mode: LoopMode::Open,
            phases: vec![Phase {
                duration: Time::from_millis(10_000),
                requests_per_sec: 20,
                read_ratio: Probability::from_ppm(500_000),
            }],
            keys: KeyOptions::default(),
            mix: Mix::default(),
            timeout: Time::from_millis(1_000),
            retry: Retry::None,
            think: TimeRange::from_millis(1, 20),
            own: OpenTable::default(),
        }
    }
}

/// Whether a client waits for its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LoopMode {
    /// It issues at its rate, whatever is outstanding.
    Open,
    /// It issues the next command after the last one is over.
    Closed,
}

/// A stretch of time with one load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// How long it lasts.
    pub duration: Time,
    /// Commands per second of each open-loop client.
    #[serde(default = "Phase::default_rate")]
    pub requests_per_sec: u32,
    /// How many of them are reads.
    #[serde(default)]
    pub read_ratio: Probability,
}

impl Phase {
    fn default_rate() -> u32 {
        20
    }
}

/// Which keys are touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeyOptions {
    /// How many there are.
    pub count: u64,
    /// How one is chosen.
    pub choice: KeyChoice,
}

impl Default for KeyOptions {
    fn default() -> Self {
        Self {
            count: 5,
            choice: KeyChoice::Uniform,
        }
    }
}

/// How a key is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum KeyChoice {
    /// Each is as likely as any other.
    Uniform,
    /// The k-th is chosen with a weight of 1 / k.
    Zipf,
    /// The first is chosen this often, the others evenly.
    Hot(Probability),
}

/// What writes are, in relative weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mix {
    /// Set a key.
    pub put: u32,
    /// Remove a key.
    pub delete: u32,
    /// Add to the end of a key's value.
    pub append: u32,
    /// Set a key if it has an expected value.
    pub cas: u32,
}

impl Default for Mix {
    fn default() -> Self {
        Self {
            put: 1,
            delete: 0,
            append: 0,
            cas: 0,
        }
    }
}

/// What a client does when it waited in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Retry {
    /// It gives up: the outcome is unknown.
    None,
    /// It asks the same replica again.
    Same,
    /// It asks the next replica.
    Next,
}

const MOST_REQUESTS: u32 = 100_000;
const MOST_KEYS: u64 = 100_000;
const SHORTEST_TIMEOUT: Duration = Duration::from_micros(10);
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

impl WorkloadOptions {
    /// How long all phases take together.
    pub fn duration(&self) -> Duration {
        self.phases.iter().fold(Duration::ZERO, |sum, phase| {
            sum.saturating_add(phase.duration.0)
        })
    }

    /// How many operations open-loop clients issue, more or less.
    pub fn operations(&self) -> u64 {
        let of_one = self.phases.iter().map(|phase| {
            let seconds = phase.duration.0.as_nanos() / 1_000_000_000;
            seconds.saturating_mul(u64::from(phase.requests_per_sec))
        });
        of_one
            .fold(0, u64::saturating_add)
            .saturating_mul(self.clients)
    }

    /// The key that is wrong, if one is, and what would be right.
    pub fn problem(&self) -> Option<KeyError> {
        if self.clients == 0 || self.clients > 1_000 {
            return Some(KeyError::new(
                "clients",
                "must be between 1 and 1000".to_owned(),
            ));
        }
        if self.phases.is_empty() || self.duration() == Duration::ZERO {
            return Some(KeyError::new(
                "phases",
                "need a duration, as [{ duration = \"10s\" }]".to_owned(),
            ));
        }
        if self.mode == LoopMode::Open
            && self.phases.iter().any(|phase| phase.requests_per_sec == 0)
        {
            return Some(KeyError::new(
                "phases",
                "an open loop needs requests_per_sec of at least 1".to_owned(),
            ));
        }
        let too_often = |phase: &Phase| phase.requests_per_sec > MOST_REQUESTS;
        if self.phases.iter().any(too_often) {
            return Some(KeyError::new(
                "phases",
                format!("requests_per_sec is at most {MOST_REQUESTS}"),
            ));
        }
        if self.duration() > LONGEST {
            return Some(KeyError::new(
                "phases",
                format!("last longer than {LONGEST} together: simulate less at a time"),
            ));
        }
        if self.keys.count == 0 || self.keys.count > MOST_KEYS {
            return Some(KeyError::new(
                "keys",
                format!("count must be between 1 and {MOST_KEYS}"),
            ));
        }
        if self.timeout.0 > LONGEST || self.think.max > LONGEST {
            return Some(KeyError::new(
                "timeout",
                format!("timeout and think are at most {LONGEST}"),
            ));
        }
        let Mix {
            put,
            delete,
            append,
            cas,
        } = self.mix;
        if u64::from(put) + u64::from(delete) + u64::from(append) + u64::from(cas) == 0 {
            return Some(KeyError::new(
                "mix",
                "at least one weight must be more than zero".to_owned(),
            ));
        }
        if self.timeout.0 < SHORTEST_TIMEOUT {
            let message = format!("no answer comes that soon: write at least {SHORTEST_TIMEOUT}");
            return Some(KeyError::new("timeout", message));
        }
        None
    }
}
