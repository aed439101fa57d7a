//! What one run may spend: counts, so that a run that ends by them always ends at the same step.
//!
//! A run that feeds itself (messages that beget messages, a timer that fires without time
//! passing) would not end. How much a run needs can be told from its scenario: how long it
//! lasts, how often timers fire, how much clients ask. The budgets are many times that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use simulated_clock::Duration;

use super::Scenario;
use crate::client::LoopMode;
use crate::replica::omnipaxos::TakeOutgoing;

/// The `[budget]` table: what is not given is derived from the size of the scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetOptions {
    /// The most events of one run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<u64>,
    /// The most messages under way at the same time, those that wait for a busy replica included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under_way: Option<u64>,
    /// The most memory of what a run holds (messages, history, logs), in MiB; an estimate by
    /// counts, not what the process uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u64>,
}

/// What one run may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// The most events.
    pub events: u64,
    /// The most messages under way at the same time.
    pub under_way: u64,
    /// The most bytes of what it holds, by an estimate.
    pub memory_bytes: u64,
}

/// How many times the events that a scenario's size suggests a run may take.
const EVENTS_FACTOR: u64 = 20;
/// A link may hold back all that is sent in a whole run.
const UNDER_WAY_FACTOR: u64 = 2;
/// A system of one's own may have timers of which nothing is known here.
const EVENTS_MIN: u64 = 10_000_000;
const UNDER_WAY_MIN: u64 = 100_000;
const MIB: u64 = 1 << 20;
const MEMORY_MIN: u64 = 1_024 * MIB;
/// For each event that a run is expected to take.
const BYTES_PER_EVENT: u64 = 512;
/// The shortest time in which a client asks again, however soon it may.
const SHORTEST_THINK_NS: u64 = 100_000;

impl BudgetOptions {
    /// These options where they say something, else those of `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            events: self.events.or(other.events),
            under_way: self.under_way.or(other.under_way),
            memory_mib: self.memory_mib.or(other.memory_mib),
        }
    }

    /// Whether everything is derived.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, if anything: the key, and what would be right.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        let given = [
            ("events", self.events),
            ("under_way", self.under_way),
            ("memory_mib", self.memory_mib),
        ];
        let none = given.into_iter().find(|(_, most)| *most == Some(0))?;
        Some((none.0, "no run can do with none: write at least 1".into()))
    }
}

impl Scenario {
    /// What one run may spend, where settling takes so long.
    pub fn budget(&self, settles: Duration) -> Budget {
        let expected = self.expected_events(settles);
        let given = self.budget;
        let of_size = |factor: u64, least: u64| expected.saturating_mul(factor).max(least);
        let memory = given.memory_mib.map(|mib| mib.saturating_mul(MIB));
        Budget {
            events: given
                .events
                .unwrap_or_else(|| of_size(EVENTS_FACTOR, EVENTS_MIN)),
            under_way: given
                .under_way
                .unwrap_or_else(|| of_size(UNDER_WAY_FACTOR, UNDER_WAY_MIN)),
            memory_bytes: memory.unwrap_or_else(|| of_size(BYTES_PER_EVENT, 0) + MEMORY_MIN),
        }
    }

    /// How many events a run of this size takes, generously: every tick makes each replica say
    /// something to each other, and every operation goes around once.
    fn expected_events(&self, settles: Duration) -> u64 {
        let replicas = self.cluster.replicas;
        let lasts = self.workload.duration().saturating_add(settles);
        let ticks = lasts.as_nanos() / self.cluster.tick.0.as_nanos().max(1);
        let around = 2 + 4 * replicas.saturating_sub(1);
        let of_ticks = ticks.saturating_mul(replicas).saturating_mul(around);
        let of_operations = self.expected_operations().saturating_mul(around + 2);
        let of_outgoing = match self.cluster.take_outgoing {
            TakeOutgoing::Every(time) => lasts.as_nanos() / time.0.as_nanos().max(1) * replicas,
            TakeOutgoing::EachEvent | TakeOutgoing::Batch => 0,
        };
        of_ticks
            .saturating_add(of_operations)
            .saturating_add(of_outgoing)
    }

    fn expected_operations(&self) -> u64 {
        let workload = &self.workload;
        let gap = |requests_per_sec: u32| match workload.mode {
            LoopMode::Open => 1_000_000_000 / u64::from(requests_per_sec).max(1),
            LoopMode::Closed => workload.think.min.as_nanos(),
        };
        let phases = workload.phases.iter();
        let of_one = phases.map(|phase| {
            let gap = gap(phase.requests_per_sec).max(SHORTEST_THINK_NS);
            phase.duration.0.as_nanos().div_ceil(gap)
        });
        of_one
            .fold(0, u64::saturating_add)
            .saturating_mul(workload.clients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(text: &str) -> Scenario {
        Scenario::parse("sized", text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn budget(text: &str) -> Budget {
        scenario(text).budget(Duration::from_secs(1))
    }

    #[test]
    fn a_longer_run_of_more_replicas_and_requests_may_spend_more() {
        let phases = |seconds: u64, rate: u64| {
            format!(
                "workload.phases = [{{ duration = \"{seconds}s\", requests_per_sec = {rate} }}]\n"
            )
        };
        let base = budget(&phases(6_000, 100));
        let more = [
            phases(60_000, 100),
            phases(6_000, 1_000),
            phases(6_000, 100) + "cluster.replicas = 5",
            phases(6_000, 100) + "workload.clients = 9",
            phases(6_000, 100) + "cluster.tick = \"1ms\"",
            phases(6_000, 100) + "cluster.take_outgoing = { every = \"1ms\" }",
        ];
        for text in more {
            let more = budget(&text);
            assert!(more.events > base.events, "{text}: {more:?}");
            assert!(more.under_way > base.under_way, "{text}: {more:?}");
            assert!(more.memory_bytes > base.memory_bytes, "{text}: {more:?}");
        }
    }

    #[test]
    fn what_is_given_holds_and_the_rest_is_derived() {
        let derived = budget("");
        let given = budget("budget.events = 7\nbudget.memory_mib = 3");
        assert_eq!(given.events, 7);
        assert_eq!(given.memory_bytes, 3 * MIB);
        assert_eq!(given.under_way, derived.under_way);
    }

    #[test]
    fn a_budget_of_none_is_refused_with_its_key() {
        let error = Scenario::parse("none", "budget.under_way = 0").expect_err("nothing can run");
        assert!(error.to_string().contains("budget.under_way"), "{error}");
    }
}
